import Glibc

/// libFuzzer's loop, which this program calls from a main of its own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// Runs one target under libFuzzer; `scripts/fuzz` calls it.
///
///     Fuzz TARGET [libFuzzer's arguments]    run a target
///     Fuzz --list                            list all
///     Fuzz --seeds DIR                       write inputs that are right, to start from
@main
enum Fuzz {
  /// The target that runs.
  nonisolated(unsafe) private static var target = FuzzTarget.all[0]

  static func main() {
    let words = CommandLine.arguments.dropFirst()
    switch words.first {
    case "--list": for target in FuzzTarget.all { print(target.name) }
    case "--seeds" where words.count == 2: Seeds.write(to: words[words.endIndex - 1])
    case let name?:
      guard let found = FuzzTarget.all.first(where: { $0.name == name }) else { usage() }
      target = found
      run()
    case nil: usage()
    }
  }

  /// Hands what is left of the command line to libFuzzer, which never sees the target's name.
  private static func run() -> Never {
    var count = CommandLine.argc - 1
    var arguments = CommandLine.unsafeArgv + 1
    exit(
      runDriver(&count, &arguments) { bytes, count in
        Fuzz.target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
        return 0
      })
  }

  private static func usage() -> Never {
    print("usage: Fuzz TARGET [libFuzzer's arguments] | --list | --seeds DIR")
    exit(64)
  }
}
