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
      arguments: ["spike-driven-transformer-tiny.pth"], status: 65,
      words: ["[ambiguous-variant]", "--variant imagenet, or --image-size 224"]),
    Import(
      arguments: ["sew-resnet18-tiny.pth"], status: 65, words: ["[unsettled]", "--connect"]),
    Import(
      arguments: ["sew-resnet18-tiny.pth", "--connect", "OR"], status: 64,
      words: ["[bad-setting]", "ADD, AND, IAND, not 'OR'"]),
    Import(
      arguments: ["meta-spikeformer-tiny.pth", "--arch", "qkformer"], status: 65,
      words: ["[wrong-family]", "they look like meta-spikeformer"]),
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
      arguments: ["spikingformer-imagenet-tiny.pth", "--heads", "0"], status: 64,
      words: ["[bad-setting]", "from 1 to 1048576, not 0", "--heads"]),
    Import(
      arguments: ["spikingformer-imagenet-tiny.pth", "--variant", "cifar10"], status: 65,
      words: ["[ambiguous-family]", "--arch spikingformer-cml"]),
    Import(
      arguments: [
        "spikingformer-imagenet-tiny.pth", "--arch", "spikingformer", "--variant", "cifar10",
      ],
      status: 65, words: ["[wrong-variant]", "imagenet, cifar10-dvs, dvs128-gesture"]),
    Import(
      arguments: ["spikingformer-imagenet-tiny.pth", "--image-size", "50"], status: 65,
      words: ["[image-size]", "16", "50"]),
    Import(
      arguments: ["spikingformer-imagenet-tiny.pth", "--arch", "vgg"], status: 64,
      words: ["[unknown-family]", "spikingformer"]),
    Import(
      arguments: ["spikingformer-imagenet-tiny.pth", "--preset", "spikingformer-8-768"],
      status: 65, words: ["[wrong-preset]", "depth 2, width 64"]),
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
    for (shape, word) in [
      ([1, 3, 64, 16], "input-shape"), ([3, 64, 16], "input-shape"),
      ([1, 1, 3, 32, 32], "input-shape"),
    ] {
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

  @Test("an output that is an input or another output, and a set that cannot be whole")
  func outputs() throws {
    let folder = Folder()
    try Fixture.all[2].makeModule(in: folder)
    let values = [Float](repeating: 0, count: 3 * 32 * 32)
    try write(NumPyArray(shape: [1, 3, 32, 32], floats: values), "x.npy", folder)
    let before = try (folder.bytes("x.npy"), folder.bytes("m.snn"))
    for (options, status, word) in [
      (["--logits", "x.npy"], Int32(64), "[output-is-input]"),
      (["--logits", "m.snn"], 64, "[output-is-input]"),
      (["--logits", "./x.npy"], 64, "[output-is-input]"),
      (["--logits", "a", "--spikes", "a"], 64, "[outputs-equal]"),
      (["--logits", "a", "--spikes", "./a"], 64, "[outputs-equal]"),
      (["--logits", ""], 64, "[output-name]"),
      (["--logits", "a", "--spikes", "nowhere/s.npz"], 73, "[cannot-create]"),
    ] {
      let ended = try Snnc.launch(
        Snnc.program.path, ["run", "m.snn", "--input", "x.npy"] + options, in: folder)
      #expect(ended.status == status, "\(options)")
      #expect(ended.errors.contains(word), "\(ended.errors)")
    }
    #expect(folder.names == ["m.snn", "x.npy"])
    #expect(try (folder.bytes("x.npy"), folder.bytes("m.snn")) == before)
    let full = try Snnc.launch(
      "/bin/sh", ["-c", "'\(Snnc.program.path)' run m.snn --input x.npy >/dev/full"], in: folder)
    #expect(full.status == 74)
    #expect(full.errors.contains("standard output"))
  }

  @Test("an interruption leaves nothing, or the whole", arguments: [0.01, 0.03, 0.1])
  func interruption(_ seconds: Double) throws {
    let folder = Folder()
    try Fixture.all[2].makeModule(in: folder)
    for _ in 0..<5 {
      let process = Process()
      process.executableURL = Snnc.program
      process.arguments = ["emit", "m.snn", "--target", "c", "-o", "program"]
      process.currentDirectoryURL = folder.url
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      Thread.sleep(forTimeInterval: seconds)
      process.interrupt()
      process.waitUntilExit()
      #expect(folder.names == ["m.snn"] || folder.names == ["m.snn", "program"])
      try? FileManager.default.removeItem(at: folder.url.appending(path: "program"))
    }
  }

  @Test("a module whose weights were damaged is not run")
  func damagedWeights() throws {
    let folder = Folder()
    try Fixture.all[2].makeModule(in: folder)
    var bytes = try folder.bytes("m.snn")
    bytes[bytes.count - 100] ^= 1
    try bytes.write(to: folder.url.appending(path: "m.snn"))
    let ended = try Snnc.run("run", "m.snn", "--input", Fixture.all[2].input, in: folder)
    #expect(ended.status == 65)
    #expect(ended.errors.contains("[weight-checksum]"))
  }

  @Test("an output folder of somebody else's is left alone, and one of ours is replaced")
  func folders() throws {
    let folder = Folder()
    try Fixture.all[2].makeModule(in: folder)
    let theirs = folder.url.appending(path: "theirs")
    try FileManager.default.createDirectory(at: theirs, withIntermediateDirectories: true)
    // Even where its files have names that snnc writes, too.
    for name in ["main.c", "mine.o", "notes"] {
      try Data("x".utf8).write(to: theirs.appending(path: name))
      let refused = try Snnc.run("emit", "--target", "c", "-o", "theirs", in: folder)
      #expect(refused.status == 73)
      #expect(refused.errors.contains("[output-folder-exists]"))
      try FileManager.default.removeItem(at: theirs.appending(path: name))
    }
    try Data("x".utf8).write(to: theirs.appending(path: "notes"))
    for _ in 0..<2 {
      let ended = try Snnc.run("emit", "--target", "c", "-o", "ours", in: folder)
      #expect(ended.status == 0, "\(ended.errors)")
    }
    #expect(folder.names == ["m.snn", "ours", "theirs"])
    for name in [".", "..", "/", "ours/.."] {
      let unnamed = try Snnc.run("emit", "m.snn", "--target", "c", "-o", name, in: folder)
      #expect(unnamed.status == 64, "\(name): \(unnamed.errors)")
    }
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
