import Foundation
import Testing

/// `snnc eval` on folders of pictures.
@Suite struct EvalPicturesTests {
  /// A folder with a module of [3, 32, 32] and ten outputs, those of CIFAR-10.
  let folder: Folder

  init() throws {
    folder = Folder()
    try Fixture.named("spikingformer-cifar10-tiny").makeModule(in: folder)
  }

  /// Copies a picture of `ImagesTests`, or as many bytes of it.
  private func copy(_ name: String, to path: String, bytes: Int = .max) throws {
    let target = folder.url.appending(path: path)
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    let whole = try Data(
      contentsOf: Snnc.root.appending(path: "Tests/ImagesTests/Pictures/\(name)"))
    try whole.prefix(bytes).write(to: target)
  }

  /// The names and labels of a results' file.
  private func labels(_ file: String) throws -> [String] {
    try String(decoding: folder.bytes(file), as: UTF8.self)
      .matches(of: #/"name": "([^"]*)", "label": (\d+)/#).map { "\($0.1) \($0.2)" }
  }

  @Test("folders that are named like classes have their outputs, and a broken picture is skipped")
  func named() throws {
    try copy("colors-420.jpg", to: "val/cat/b.jpg")
    try copy("colors-8.png", to: "val/cat/a.png")
    try copy("grey.jpg", to: "val/truck/x.JPEG")
    try copy("grey.jpg", to: "val/airplane/cut.jpg", bytes: 400)
    try Data("text".utf8).write(to: folder.url.appending(path: "val/truck/text.png"))
    try Data("text".utf8).write(to: folder.url.appending(path: "val/truck/notes"))
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "val/dog"), withIntermediateDirectories: true)
    let ended = try Snnc.run(
      "eval", "m.snn", "--data", "val", "--results", "r.jsonl", in: folder)
    #expect(ended.status == 65)
    #expect(ended.output.contains("classes      4 of 10 folders, named like the classes\n"))
    #expect(ended.output.contains("input        pictures of 32 by 32: mean [0.4914,"))
    #expect(ended.output.contains("\nsamples      5\n"))
    #expect(ended.output.contains("\nbroken       2, left out of the scores\n"))
    #expect(ended.errors.contains("val/airplane/cut.jpg: error: the picture cannot be decoded"))
    #expect(ended.errors.contains("val/truck/text.png: error: a picture is a PNG or JPEG file"))
    #expect(ended.errors.contains("val: warning: the class folder 'dog' has no picture"))
    #expect(ended.errors.contains("left out, no picture: val/truck/notes"))
    #expect(
      try labels("r.jsonl") == [
        "airplane/cut.jpg 0", "cat/a.png 3", "cat/b.jpg 3", "truck/text.png 9", "truck/x.JPEG 9",
      ])

    // The same folder elsewhere, and as shards.
    try FileManager.default.moveItem(
      at: folder.url.appending(path: "val"), to: folder.url.appending(path: "moved"))
    for shard in 1...2 {
      _ = try Snnc.run(
        "eval", "m.snn", "--data", "moved/", "--shard", "\(shard)/2", "--results",
        "\(shard).jsonl", in: folder)
    }
    let merged = try Snnc.run(
      "merge-results", "1.jsonl", "2.jsonl", "-o", "all.jsonl", in: folder)
    #expect((merged.status, merged.output) == (65, ended.output))
    #expect(try folder.bytes("all.jsonl") == folder.bytes("r.jsonl"))
  }

  @Test("other folders stand in the order of the outputs, one for each")
  func ordered() throws {
    for number in 0..<10 { try copy("grey.jpg", to: "val/class \(number)/a.jpg") }
    let ended = try Snnc.run(
      "eval", "m.snn", "--data", "val", "--results", "r.jsonl", in: folder)
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains("classes      10 folders, in the order of their names\n"))
    #expect(try labels("r.jsonl") == (0..<10).map { "class \($0)/a.jpg \($0)" })
    try copy("grey.jpg", to: "val/cat/a.jpg")
    let eleven = try Snnc.run("eval", "m.snn", "--data", "val", in: folder)
    #expect(eleven.status == 65)
    #expect(eleven.errors.contains("and there are 11 for 10 [class-folders]"))
    #expect(eleven.errors.contains("'class 0' is the name of no class"))
  }

  @Test("pictures in one folder need a file of labels")
  func flat() throws {
    for name in ["b", "a", "c"] { try copy("grey.jpg", to: "val/\(name).jpg") }
    let none = try Snnc.run("eval", "m.snn", "--data", "val", in: folder)
    #expect(none.status == 64 && none.errors.contains("[no-labels]"), "\(none.errors)")
    let made = try Digits()
    try made.write("labels.npz", [Float](repeating: 0, count: 3 * 256), [7, 2, 5])
    let labels = made.folder.path("labels.npz") + ":labels"
    let ended = try Snnc.run(
      "eval", "m.snn", "--data", "val", "--labels", labels, "--results", "r.jsonl", in: folder)
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(try self.labels("r.jsonl") == ["a.jpg 7", "b.jpg 2", "c.jpg 5"])
    try copy("grey.jpg", to: "val/cat/a.jpg")
    let mixed = try Snnc.run("eval", "m.snn", "--data", "val", in: folder)
    #expect(mixed.status == 65)
    #expect(mixed.errors.contains("and 'a.jpg' is not [class-folders]"), "\(mixed.errors)")
  }

  @Test(
    "a folder without pictures, an empty one and none are named",
    arguments: [
      ("empty", "[no-pictures]"), ("texts", "[no-pictures]"), ("nothing", "[no-such-file]"),
    ])
  func nothing(_ data: String, _ id: String) throws {
    for name in ["empty", "texts/cat"] {
      try FileManager.default.createDirectory(
        at: folder.url.appending(path: name), withIntermediateDirectories: true)
    }
    try Data("text".utf8).write(to: folder.url.appending(path: "texts/cat/a.txt"))
    let ended = try Snnc.run(
      "eval", "m.snn", "--data", data, "--results", "r.jsonl", in: folder)
    #expect(ended.status == 66)
    #expect(ended.errors.contains("\(data): error: ") && ended.errors.contains(id))
    #expect(!folder.names.contains("r.jsonl"))
  }
}
