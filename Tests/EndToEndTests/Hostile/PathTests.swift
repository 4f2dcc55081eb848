import CheckpointTestSupport
import Foundation
import Testing

/// Class 52: names of files that are no plain words.
@Suite struct PathTests {
  static let names = [
    "a */ b.pth", "new\nline.pth", "\u{1B}[31mred.pth", "-x.pth", "--help.pth", "%s%n.pth",
    "\"quoted\".pth", "$(touch x).pth", "\u{202E}htp.pth", "a\tb.pth", "\u{2066}x.pth",
  ]

  @Test("are read, escaped in messages, and come to no output's text", arguments: names)
  func areEscaped(_ name: String) throws {
    let folder = Folder()
    let arguments = ["import", "--arch", "one.snnir"]
    try Data(Good.architecture.utf8).write(to: folder.url.appending(path: "one.snnir"))
    let file = folder.url.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(TinyCheckpoint.plain.zip.bytes).write(to: file)
    let ended = try Snnc.launch(
      Snnc.program.path, arguments + ["-o", "m.snn", "--", name], in: folder)
    #expect(ended.status == 0, "\(ended.errors)")
    try expectPlain(ended)
    // Where nothing else is said, the output is called as the input is.
    let named = try Snnc.launch(Snnc.program.path, arguments + ["--", name], in: folder)
    #expect(named.status == 0, "\(named.errors)")
    try expectPlain(named)
    let module = file.lastPathComponent.replacing(".pth", with: ".snn")
    #expect(try folder.bytes(module) == folder.bytes("m.snn"))
    let emitted = try Snnc.launch(
      Snnc.program.path, ["emit", "--target", "c", "-o", "c", "--", module], in: folder)
    #expect(emitted.status == 0, "\(emitted.errors)")
    try expectPlain(emitted)
    let again = try Snnc.run("emit", "m.snn", "--target", "c", "-o", "d", in: folder)
    #expect(again.status == 0)
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path("d")) {
      #expect(try folder.bytes("c/\(file)") == folder.bytes("d/\(file)"), "\(file)")
    }

    try Data("broken".utf8).write(to: file)
    let refused = try Snnc.launch(
      Snnc.program.path, ["import", "-o", "n.snn", "--", name], in: folder)
    #expect(refused.status == 65, "\(refused.errors)")
    try expectPlain(refused)
  }

  @Test("arguments that are wrong are escaped, too")
  func argumentsAreEscaped() throws {
    let folder = Folder()
    for arguments in [["run", "m.snn", "--input", "x.npy", "\u{1B}[31m"], ["\u{1B}[2J"]] {
      let ended = try Snnc.launch(Snnc.program.path, arguments, in: folder)
      #expect(ended.status == 64)
      #expect(!ended.errors.isEmpty)
      try expectPlain(ended)
    }
  }

  @Test("what is written is called after the file, and not by the name within it")
  func outputsAreCalledAfterTheFile() throws {
    let folder = Folder()
    try Good.module.write(to: folder.url.appending(path: "mine.snn"))
    for target in ["c", "onnx", "sim"] {
      let ended = try Snnc.run("emit", "mine.snn", "--target", target, in: folder)
      #expect(ended.status == 0, "\(ended.errors)")
    }
    #expect(folder.names == ["mine-c", "mine-sim", "mine.onnx", "mine.snn"])
  }

  /// Expects printable ASCII in all that was written.
  private func expectPlain(_ ended: Ended) throws {
    for text in [ended.output, ended.errors] {
      #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) }, "\(text)")
    }
  }
}
