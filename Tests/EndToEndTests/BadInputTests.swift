import Arrays
import Foundation
import Testing

/// Bad input gets one clear line and its exit status, and leaves nothing behind.
@Suite struct BadInputTests {
  @Test(
    "files that are no checkpoint",
    arguments: [
      ("", 65, "empty"), ("hello", 65, "not-a-checkpoint"),
      ("<!DOCTYPE html><html></html>", 65, "web page"),
      ("version https://git-lfs.github.com/spec/v1\n", 65, "git-lfs"),
    ])
  func noCheckpoint(_ text: String, _ status: Int32, _ word: String) throws {
    let folder = Folder()
    try Data(text.utf8).write(to: folder.url.appending(path: "x.pth"))
    let ended = try Snnc.run("import", "x.pth", in: folder)
    #expect(ended.status == status)
    #expect(ended.errors.hasPrefix("x.pth: error: "))
    #expect(ended.errors.contains(word), "\(ended.errors)")
    #expect(ended.output.isEmpty)
    #expect(folder.names == ["x.pth"])
  }

  @Test("a checkpoint that is cut short anywhere", arguments: [1, 100, 5_000, 40_000, 83_000])
  func truncated(_ count: Int) throws {
    let folder = Folder()
    let whole = try Data(contentsOf: URL(filePath: Snnc.fixture(Fixture.all[2].name + ".pth")))
    try whole.prefix(count).write(to: folder.url.appending(path: "x.pth"))
    let ended = try Snnc.run("import", "x.pth", "--heads", "4", in: folder)
    #expect(ended.status == 65)
    #expect(ended.errors.hasPrefix("x.pth: "))
    #expect(folder.names == ["x.pth"])
  }

  /// Arguments of `import`, the exit status and words of the message.
  struct Import: Sendable {
    let arguments: [String]
    let status: Int32
    let words: [String]
  }

  static let badImports = [
    Import(
      arguments: ["spikformer-imagenet-tiny.pth", "--arch", "spikingformer"], status: 65,
      words: ["[wrong-family]", "they look like spikformer"]),
    Import(
      arguments: ["spikingformer-cml-imagenet-tiny.pth"], status: 65,
      words: ["[ambiguous-family]", "--arch spikingformer"]),
    Import(
      arguments: ["spikingformer-cifar10-tiny.pth"], status: 65,
      words: ["[unsettled]", "--heads"]),
    Import(
      arguments: ["spikingformer-dvs128-tiny.pth"], status: 65,
      words: ["[unsettled]", "--time-steps"]),
    Import(
      arguments: ["spikingformer-imagenet-tiny.pth", "--heads", "7"], status: 65,
      words: ["[heads-do-not-divide]", "7 heads do not divide the width 64"]),
    Import(
      arguments: ["spikingformer-imagenet-tiny.pth", "--image-size", "50"], status: 65,
      words: ["[image-size]", "16", "50"]),
    Import(
      arguments: ["spikingformer-imagenet-tiny.pth", "--arch", "vgg"], status: 64,
      words: ["[unknown-family]", "spikingformer"]),
    Import(
      arguments: ["spikingformer-imagenet-tiny.pth", "--preset", "spikingformer-8-768"],
      status: 65, words: ["[wrong-preset]", "2-64"]),
    Import(
      arguments: ["spikingformer-imagenet-tiny.pth", "--passes", "fold"], status: 64,
      words: ["[unknown-pass]", "fold-batch-norm"]),
    Import(arguments: ["nothing.pth"], status: 66, words: ["[no-such-file]"]),
    Import(
      arguments: ["spikingformer-imagenet-tiny.pth", "-o", "/nonexistent/m.snn"], status: 73,
      words: ["[cannot-create]", "/nonexistent/m.snn"]),
  ]

  @Test("imports that cannot be", arguments: badImports)
  func imports(_ bad: Import) throws {
    let folder = Folder()
    let arguments =
      ["import", Snnc.fixture(bad.arguments[0])] + bad.arguments.dropFirst()
    let ended = try Snnc.launch(Snnc.program.path, arguments, in: folder)
    #expect(ended.status == bad.status, "\(ended.errors)")
    for word in bad.words { #expect(ended.errors.contains(word), "\(ended.errors)") }
    #expect(ended.output.isEmpty)
    #expect(folder.names.isEmpty)
  }

  @Test("inputs of the wrong shape, or with a number that is none")
  func inputs() throws {
    let folder = Folder()
    try Fixture.all[2].makeModule(in: folder)
    let right = [1, 3, 32, 32]
    var values = [Float](repeating: 0, count: 3 * 32 * 32)
    for (shape, word) in [([1, 3, 64, 16], "input-shape"), ([3, 32, 32], "input-shape")] {
      try write(NumPyArray(shape: shape, floats: values), "x.npy", folder)
      try expectRefused("x.npy", word, folder)
    }
    values[1_000] = .nan
    try write(NumPyArray(shape: right, floats: values), "x.npy", folder)
    try expectRefused("x.npy", "[0, 0, 31, 8] is nan", folder)
    values[1_000] = -.infinity
    try write(NumPyArray(shape: right, floats: values), "x.npy", folder)
    try expectRefused("x.npy", "-inf", folder)
  }

  @Test("an output folder of somebody else's is left alone, and one of ours is replaced")
  func folders() throws {
    let folder = Folder()
    try Fixture.all[2].makeModule(in: folder)
    let theirs = folder.url.appending(path: "theirs")
    try FileManager.default.createDirectory(at: theirs, withIntermediateDirectories: true)
    try Data("x".utf8).write(to: theirs.appending(path: "notes"))
    let refused = try Snnc.run("emit", "--target", "c", "-o", "theirs", in: folder)
    #expect(refused.status == 73)
    #expect(refused.errors.contains("[output-folder-exists]"))
    for _ in 0..<2 {
      let ended = try Snnc.run("emit", "--target", "c", "-o", "ours", in: folder)
      #expect(ended.status == 0, "\(ended.errors)")
    }
    #expect(folder.names == ["m.snn", "ours", "theirs"])
    let nowhere = try Snnc.run("emit", "--target", "c", "-o", "/proc/x", in: folder)
    #expect(nowhere.status == 73)
  }

  @Test("a module that is damaged, or is none")
  func modules() throws {
    let folder = Folder()
    try Data("text".utf8).write(to: folder.url.appending(path: "m.snn"))
    for command in ["print", "inspect", "verify", "emit"] {
      let options = ["verify": ["--spike-driven"], "emit": ["--target", "c"]][command] ?? []
      let ended = try Snnc.launch(
        Snnc.program.path, [command, "m.snn"] + options, in: folder)
      #expect(ended.status == 65, "\(command): \(ended.errors)")
      #expect(folder.names == ["m.snn"])
    }
  }

  private func write(_ array: NumPyArray, _ name: String, _ folder: Folder) throws {
    try Data(array.npy()).write(to: folder.url.appending(path: name))
  }

  private func expectRefused(_ input: String, _ word: String, _ folder: Folder) throws {
    let ended = try Snnc.run(
      "run", "m.snn", "--input", input, "--logits", "l.npy", in: folder)
    #expect(ended.status == 65)
    #expect(ended.errors.contains(word), "\(ended.errors)")
    #expect(!folder.names.contains("l.npy"))
  }
}
