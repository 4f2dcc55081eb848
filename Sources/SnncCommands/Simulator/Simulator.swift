import Diagnostics
import Files
import Glibc
import SpikeIR
import SpikeIRProto

/// A copy of this program with a module behind it, which runs that module and nothing else.
///
/// `Payload` has the layout. The module is mapped from where it lies, so its weights are not copied.
enum Simulator {
  /// This program's own file.
  static let program = "/proc/self/exe"

  /// What this program is called on its command line.
  static var name: String {
    CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "simulator"
  }

  /// Where this program's module lies; `nil` where it is `snnc` itself.
  ///
  /// - Throws: `damaged-simulator`.
  static func payload() throws(Diagnostic) -> Payload? {
    // Without /proc nothing can be known of the own file, and `snnc` needs nothing of it.
    guard access(program, R_OK) == 0 else { return nil }
    return try Payload.find(in: MappedFile(path: program, called: name))
  }

  /// Reads the module that this program carries, and checks its weights.
  static func module() throws(Diagnostic) -> Module {
    guard let payload = try payload() else { preconditionFailure("snnc carries no module") }
    let file = try ModuleFile(
      mapping: MappedFile(path: program, range: payload.range, called: name))
    try file.verifyWeights()
    return file.module
  }

  /// Writes a simulator of `module` to a file that appears whole or not at all.
  ///
  /// - Returns: the number of bytes of the program and of all.
  static func write(
    _ module: Module, to path: String
  ) throws(Diagnostic) -> (program: Int, all: Int) {
    let program = try MappedFile(path: program)
    let output = try AtomicFile(path, isExecutable: true)
    let start = try Payload.write(program) { (bytes) throws(Diagnostic) in try output.write(bytes) }
    var end = start
    try ModuleFile.write(module) { (bytes) throws(Diagnostic) in
      end += bytes.count
      try output.write(bytes)
    }
    let trailer = Payload.trailer(of: start..<end)
    try output.write(trailer)
    try output.commit()
    return (program.count, end + trailer.count)
  }

  /// The shared libraries that this program has loaded, and that a simulator needs.
  static func libraries() -> [String] {
    guard let maps = fopen("/proc/self/maps", "r") else { return [] }
    defer { fclose(maps) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    var names: [String] = []
    while getline(&line, &capacity, maps) > 0, let text = line.map({ String(cString: $0) }) {
      guard let file = text.dropLast().split(separator: "/").last else { continue }
      // `libzip.so.4.0` is the file of `libzip.so.4`.
      let parts = file.split(separator: ".")
      guard let end = parts.firstIndex(of: "so") else { continue }
      let name = parts.prefix(end + 2).joined(separator: ".")
      if !names.contains(name) { names.append(name) }
    }
    return names.sorted()
  }
}
