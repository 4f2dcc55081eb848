import Foundation
import Testing

/// Whatever a file holds, reading it ends soon, in bounded memory, with success or one clear error,
/// and leaves nothing behind that is not whole.
@Suite struct HostileFileTests {
  @Test(arguments: HostileFile.all)
  func endsAsItMust(_ file: HostileFile) throws {
    let seen = try Seen(file)
    switch file.outcome {
    case .read:
      #expect(seen.ended.status == 0, "\(seen.ended.errors)")
    case .refused(let id):
      #expect(seen.ended.status == 65, "\(seen.ended.errors)")
      #expect(seen.ended.errors.contains("[\(id)]"), "\(seen.ended.errors)")
    case .anyRefusal:
      #expect(seen.ended.status == 65, "\(seen.ended.errors)")
    }
    #expect(seen.ended.errors.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
    let isModule = file.outcome == .read && file.reader == .importing
    #expect(seen.left == (isModule ? ["m.snn", "one.snnir", "x.pth"] : ["one.snnir", "x.pth"]))
  }

  @Test func everyClassOfFilesIsThere() {
    #expect(Set(HostileFile.all.map(\.number)) == Set(1...50))
  }

  /// `SNNC_BLESS=1` measures the columns of memory and time anew, with GNU time.
  @Test func theTableOfSecurityIsUpToDate() throws {
    let page = Snnc.root.appending(path: "SECURITY.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let start = try #require(lines.firstIndex { $0.hasPrefix("| class |") }) + 2
    let end = lines[start...].firstIndex { !$0.hasPrefix("|") } ?? lines.count
    let table = HostileClass.all.map(\.row)
    let stated = lines[start..<end].map {
      $0.split(separator: "|").prefix(4).joined(separator: "|")
    }
    if ProcessInfo.processInfo.environment["SNNC_BLESS"] != nil {
      let measured = try HostileClass.all.map { "|\($0.row)| \(try $0.worst()) |" }
      let whole = lines[..<start] + measured + lines[end...]
      try whole.joined(separator: "\n").write(to: page, atomically: true, encoding: .utf8)
      Issue.record("the table was written anew")
    } else {
      #expect(stated == table)
    }
  }
}

/// What came of reading a hostile file.
struct Seen {
  /// The command, ended.
  let ended: Ended
  /// The files that are there afterwards.
  let left: [String]

  /// The text by which the tensor `w` is imported.
  static let architecture = """
    snnir 1
    module @"one" {
      time_steps = 1
      weight @"w" : f32 [3, 2]
      input %x : spike [3]
      %y = linear %x, @"w"
      output %y
    }
    """

  /// Reads `file` in an address space of 256 MiB and three times the file, 64 MiB aside for what the
  /// program's own libraries and stacks reserve, and in a minute of processor time.
  ///
  /// - Parameter measuring: a command that stands before it.
  init(_ file: HostileFile, measuring: [String] = []) throws {
    let folder = Folder()
    let bytes = file.bytes()
    try Data(bytes).write(to: folder.url.appending(path: "x.pth"))
    try Data(Self.architecture.utf8).write(to: folder.url.appending(path: "one.snnir"))
    let kibibytes = (320 << 10) + 3 * bytes.count >> 10
    let command =
      file.reader == .inspect
      ? ["inspect", "x.pth"] : ["import", "x.pth", "--arch", "one.snnir", "-o", "m.snn"]
    ended = try Snnc.launch(
      "/bin/sh",
      ["-c", "ulimit -v \(kibibytes); ulimit -t 60; exec \"$@\"", "sh"] + measuring + [
        Snnc.program.path
      ]
        + command, in: folder)
    left = folder.names
  }
}
