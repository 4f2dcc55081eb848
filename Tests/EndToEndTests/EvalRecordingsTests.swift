import Foundation
import Testing

/// `snnc eval` on recordings of event cameras.
@Suite struct EvalRecordingsTests {
  private static let stored = Snnc.root.appending(path: "Tests/EventsTests/Stored")

  /// A folder with the module `m.snn` and the stored gestures in `data`.
  private func prepared() throws -> Folder {
    let folder = Folder()
    try Fixture.named("spikingformer-dvs128-tiny").makeModule(in: folder)
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "data"), withIntermediateDirectories: false)
    for name in ["gestures.aedat", "gestures_labels.csv"] {
      try copy(name, to: "data/\(name)", in: folder)
    }
    return folder
  }

  private func copy(_ name: String, to path: String, in folder: Folder) throws {
    try FileManager.default.copyItem(
      at: Self.stored.appending(path: name), to: folder.url.appending(path: path))
  }

  @Test("gestures are scored by their tables, as run scores them")
  func gestures() throws {
    let folder = try prepared()
    let run = try Snnc.run("run", "m.snn", "--input", "data/gestures.aedat", in: folder)
    let score = try #require(run.output.split(separator: "\n").last)
    var hashes: Set<Substring> = []
    for data in ["data", "data/gestures.aedat"] {
      let ended = try Snnc.run("eval", "m.snn", "--data", data, in: folder)
      #expect(ended.status == 0, "\(ended.errors)")
      #expect(ended.output.contains("as the tables of gestures say"))
      #expect(ended.output.contains(score), "\(ended.output)")
      hashes.insert(
        try #require(ended.output.split(separator: "\n").first { $0.hasPrefix("data") }))
    }
    // The same data, however they are named.
    #expect(hashes.count == 1)
  }

  @Test("recordings in class folders have the folders' classes")
  func classFolders() throws {
    let folder = try prepared()
    for name in (10..<21).map({ "classes/\($0)" }) {
      try FileManager.default.createDirectory(
        at: folder.url.appending(path: name), withIntermediateDirectories: true)
      try copy("gestures.aedat", to: "\(name)/a.aedat", in: folder)
    }
    let ended = try Snnc.run("eval", "m.snn", "--data", "classes", in: folder)
    #expect(ended.output.contains("11 folders, in the order of their names"), "\(ended.errors)")
    // One recording eleven times: its one answer is right once.
    #expect(ended.output.contains("1 of 11 right"))
  }

  @Test("a recording that is cut short is named and counted, and the others are evaluated")
  func cutShort() throws {
    let folder = try prepared()
    let whole = try Data(contentsOf: Self.stored.appending(path: "gestures.aedat"))
    try whole.prefix(whole.count / 2 + 1).write(to: folder.url.appending(path: "data/cut.aedat"))
    try copy("gestures_labels.csv", to: "data/cut_labels.csv", in: folder)
    let ended = try Snnc.run("eval", "m.snn", "--data", "data", in: folder)
    #expect(ended.status == 65)
    #expect(ended.errors.contains("data/cut.aedat: byte "), "\(ended.errors)")
    #expect(ended.output.contains("of 4 right"), "\(ended.output)")
  }

  @Test("no output replaces a recording or its table")
  func outputs() throws {
    let folder = try prepared()
    for (input, output) in [
      ("data", "data/gestures.aedat"), ("data/gestures.aedat", "data/gestures_labels.csv"),
    ] {
      let before = try folder.bytes(output)
      let ended = try Snnc.run("run", "m.snn", "--input", input, "--logits", output, in: folder)
      #expect(ended.status == 64, "\(ended.errors)")
      #expect(ended.errors.contains("[output-is-input]"))
      #expect(try folder.bytes(output) == before)
    }
  }

  @Test("recordings without labels are refused")
  func unlabelled() throws {
    let folder = try prepared()
    try copy("gestures.aedat", to: "data/more.aedat", in: folder)
    let ended = try Snnc.run("eval", "m.snn", "--data", "data", in: folder)
    #expect(ended.status == 64)
    #expect(ended.errors.contains("[no-labels]"))
  }
}
