import Foundation
import Testing

/// A copy of the repository in which the commands of a page are run, one after another, by one
/// shell: so a `cd` or a variable holds for what follows, as for a reader.
struct Clone {
  let folder = Folder()

  /// Makes the copy, with the program built.
  ///
  /// What no page changes is a link.
  init() throws {
    let manager = FileManager.default
    let top = folder.url.appending(path: "snnc")
    try manager.createDirectory(
      at: top.appending(path: ".build"), withIntermediateDirectories: true)
    try manager.createSymbolicLink(
      at: top.appending(path: ".build/release"),
      withDestinationURL: Snnc.program.deletingLastPathComponent())
    for name in try manager.contentsOfDirectory(atPath: Snnc.root.path)
    where !name.hasPrefix(".") {
      let (from, to) = (Snnc.root.appending(path: name), top.appending(path: name))
      if name == "examples" || name == "docs" {
        try manager.copyItem(at: from, to: to)
      } else {
        try manager.createSymbolicLink(at: to, withDestinationURL: from)
      }
    }
  }

  /// Runs commands, `snnc` being on the path, and says what each printed and how it ended.
  func run(_ commands: [String]) throws -> [Ended] {
    var script = "cd snnc\n"
    for (index, command) in commands.enumerated() {
      // A file, since a pipe would make the command a part of it, and a `cd` would be lost.
      script += "{ \(command)\n} > '\(folder.path("\(index)"))' 2>&1 < /dev/null\n"
      script += "echo $? > '\(folder.path("\(index).status"))'\n"
    }
    try Data(script.utf8).write(to: folder.url.appending(path: "script"))
    let shell = try Snnc.shell(folder.path("script"), in: folder)
    #expect(shell.errors.isEmpty, "\(shell.errors)")
    return try commands.indices.map { index in
      let status = try String(
        contentsOf: folder.url.appending(path: "\(index).status"), encoding: .utf8)
      return Ended(
        status: try #require(Int32(status.dropLast())),
        output: String(decoding: try folder.bytes("\(index)"), as: UTF8.self), errors: "")
    }
  }
}
