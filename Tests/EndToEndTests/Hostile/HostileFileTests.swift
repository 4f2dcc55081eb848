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
    case .denied(let id):
      #expect(seen.ended.status == 1, "\(seen.ended.errors)")
      #expect(seen.ended.errors.contains("[\(id)]"), "\(seen.ended.errors)")
    }
    #expect(seen.ended.errors.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
    let outputs = file.outcome == .read ? file.reader.outputs : []
    let inputs = file.reader.beside.map(\.name) + [file.reader.fileName]
    #expect(seen.left == (inputs + outputs).sorted())
  }

  /// Of these classes, what is read holds the same tensor in another shape of file.
  static let sameTensor = HostileFile.all.filter {
    [6, 12, 17, 19, 20, 31].contains($0.number) && $0.outcome == .read && $0.reader == .importing
  }

  @Test(arguments: sameTensor)
  func whatIsNotReadCannotChangeTheOutput(_ file: HostileFile) throws {
    #expect(try Seen(file).module == Good.module)
  }

  @Test func everyClassOfFilesIsThere() {
    #expect(Set(HostileFile.all.map(\.number)) == Set(HostileClass.all.map(\.number)))
    #expect(HostileClass.all.allSatisfy { !$0.files.isEmpty })
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
  /// The module that was written; `nil` if none was.
  let module: Data?

  /// Reads `file` in the address space that its reader may take, and in a minute of processor time.
  ///
  /// - Parameter measuring: a command that stands before it.
  init(_ file: HostileFile, measuring: [String] = []) throws {
    let folder = Folder()
    let bytes = file.bytes()
    for file in file.reader.beside {
      try file.bytes.write(to: folder.url.appending(path: file.name))
    }
    try Data(bytes).write(to: folder.url.appending(path: file.reader.fileName))
    let kibibytes = file.reader.kibibytes + 3 * bytes.count >> 10
    ended = try Snnc.launch(
      "/bin/sh",
      ["-c", "ulimit -v \(kibibytes); ulimit -t 60; exec \"$@\"", "sh"] + measuring + [
        Snnc.program.path
      ] + file.reader.arguments, in: folder)
    left = folder.names
    module = try? folder.bytes("m.snn")
  }
}
