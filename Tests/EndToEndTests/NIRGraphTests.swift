import Arrays
import Foundation
import Testing

/// NIR graphs through the command line; `NIRTests` says what is in them.
@Suite struct NIRGraphTests {
  /// A graph that the package `nir` wrote, with samples and spikingjelly's spikes for them.
  static func stored(_ name: String) -> String {
    Snnc.root.appending(path: "Tests/NIRTests/Stored/\(name)").path
  }

  /// Runs a command that must succeed, and returns what it prints.
  @discardableResult
  private func done(_ arguments: String..., in folder: Folder) throws -> String {
    let ended = try Snnc.launch(Snnc.program.path, arguments, in: folder)
    try #require(ended.status == 0, "\(ended.errors)")
    return ended.output
  }

  @Test("an imported graph passes through every command, and gives the other's spikes")
  func pipeline() throws {
    let folder = Folder()
    let (graph, samples) = (Self.stored("residual.nir"), Self.stored("residual.npz"))
    let summary = try done(
      "import", graph, "--time-steps", "6", "--fires", "at", "-o", "m.snn", in: folder)
    #expect(summary.contains("fires       at the threshold  (--fires)\n"))
    #expect(summary.contains("step        0.0001 s  (the default)\n"))
    try done("verify", "m.snn", "--profile", "deterministic", in: folder)
    try done("emit", "m.snn", "--target", "c", "-o", "c", in: folder)
    let made = try Snnc.launch("/usr/bin/make", ["-s", "-C", folder.path("c")], in: folder)
    try #require(made.status == 0, "\(made.errors)")
    let input = try NPZArchive(path: samples).member("input")
    try Data(input.npy()).write(to: folder.url.appending(path: "x.npy"))
    try done("run", "m.snn", "--input", "x.npy", "--logits", "engine.npy", in: folder)
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.path("c")).first {
        FileManager.default.isExecutableFile(atPath: folder.path("c/\($0)"))
          && !$0.contains(".")
      })
    let ran = try Snnc.launch(folder.path("c/\(name)"), ["x.npy", "c.npy"], in: folder)
    try #require(ran.status == 0, "\(ran.errors)")
    #expect(try folder.bytes("engine.npy") == folder.bytes("c.npy"))
    let expected = try NPZArchive(path: samples).member("expected").floats()
    #expect(try NumPyArray.read(path: folder.path("engine.npy")).floats() == expected)
  }

  @Test("what was written is read again without a flag, and gives the same bytes")
  func cycle() throws {
    let folder = Folder()
    try done(
      "import", Self.stored("residual.nir"), "--time-steps", "6", "-o", "m.snn", in: folder)
    let summary = try done("emit", "m.snn", "--target", "nir", "-o", "a.nir", in: folder)
    #expect(summary.contains("lost   time steps: NIR has none, and this module has 6\n"))
    try done("import", "a.nir", in: folder)
    try done("emit", "a.snn", "--target", "nir", "-o", "b.nir", in: folder)
    try done("import", "b.nir", in: folder)
    let samples = "\(Self.stored("residual.npz")):input"
    for name in ["m", "a", "b"] {
      try done("run", "\(name).snn", "--input", samples, "--logits", "\(name).npy", in: folder)
    }
    #expect(try folder.bytes("a.npy") == folder.bytes("m.npy"))
    #expect(try folder.bytes("b.npy") == folder.bytes("m.npy"))
  }

  @Test("a network of a family is a graph where NIR can carry it, and an error elsewhere")
  func families() throws {
    for (name, status, word) in [
      ("sew-resnet18-tiny", 0, "lost   mean over the time steps"),
      // Its products, and not the reshapes ahead of them.
      ("spikformer-imagenet-tiny", 65, "cannot carry 'matmul'"),
    ] as [(String, Int32, String)] {
      let folder = Folder()
      try #require(Fixture.all.first { $0.name == name }).makeModule(in: folder)
      let ended = try Snnc.run("emit", "--target", "nir", "-o", "g.nir", in: folder)
      #expect(ended.status == status)
      #expect((ended.output + ended.errors).contains(word))
      #expect(folder.names.contains("g.nir") == (status == 0))
    }
  }

  @Test("without -o, neither direction replaces another file, and each can be run again")
  func defaultOutputs() throws {
    let folder = Folder()
    /// The exit status of a command, and whether it named the rule.
    func ran(_ arguments: String...) throws -> (status: Int32, isRefused: Bool) {
      let ended = try Snnc.launch(Snnc.program.path, arguments, in: folder)
      return (ended.status, ended.errors.contains("[output-exists]"))
    }
    try #require(Fixture.all.first { $0.name == "sew-resnet18-tiny" }).makeModule(in: folder)
    let module = try folder.bytes("m.snn")
    for _ in 0..<2 { try done("emit", "m.snn", "--target", "nir", in: folder) }
    #expect(try ran("import", "m.nir") == (73, true))
    #expect(try folder.bytes("m.snn") == module)
    try done("import", "m.nir", "-o", "m.snn", in: folder)
    #expect(try folder.bytes("m.snn") != module)
    try done("import", "m.nir", in: folder)
    #expect(try ran("import", "m.nir", "--readout", "steps") == (73, true))

    let graph = try Data(contentsOf: URL(filePath: Self.stored("perceptron.nir")))
    try graph.write(to: folder.url.appending(path: "p.nir"))
    for _ in 0..<2 { try done("import", "p.nir", "--time-steps", "2", in: folder) }
    #expect(try ran("emit", "p.snn", "--target", "nir") == (73, true))
    #expect(try folder.bytes("p.nir") == graph)
    try done("emit", "p.snn", "--target", "nir", "-o", "p.nir", in: folder)
    #expect(try folder.bytes("p.nir") != graph)
    try Data("notes".utf8).write(to: folder.url.appending(path: "p.snn"))
    #expect(try ran("import", "p.nir") == (73, true))
  }

  @Test("a file that is a NIR graph by its name alone is told what one is")
  func namedNIR() throws {
    let folder = Folder()
    try Data("graph".utf8).write(to: folder.url.appending(path: "g.nir"))
    let ended = try Snnc.run("import", "g.nir", "--time-steps", "2", in: folder)
    #expect(ended.status == 65 && ended.errors.contains("[nir-file]"), "\(ended.errors)")
    #expect(folder.names == ["g.nir"])
  }

  @Test("flags that do not fit are refused, and nothing is written")
  func refusals() throws {
    let folder = Folder()
    let graph = Self.stored("perceptron.nir")
    let checkpoint = Snnc.fixture("qkformer-cifar10-tiny.pth")
    for (arguments, status, word) in [
      ([graph], 64, "[nir-time-steps]"), ([graph, "--time-steps", "0"], 65, "[time-steps]"),
      ([graph, "--time-steps", "2", "--dt", "0"], 64, "[nir-step]"),
      ([graph, "--time-steps", "2", "--heads", "4"], 64, "[import-flags]"),
      ([graph, "--time-steps", "2", "--preset", "x"], 64, "[import-flags]"),
      ([checkpoint, "--dt", "1"], 64, "[import-flags]"),
      ([Self.stored("loop.nir"), "--time-steps", "2"], 65, "[nir-limit]"),
      ([Self.stored("first-version.nir"), "--time-steps", "2"], 64, "--reset zero"),
    ] as [([String], Int32, String)] {
      let ended = try Snnc.launch(Snnc.program.path, ["import"] + arguments, in: folder)
      #expect(ended.status == status, "\(arguments)")
      #expect(ended.errors.contains(word), "\(ended.errors)")
      #expect(folder.names.isEmpty)
    }
    let ended = try Snnc.run("emit", "m.snn", "--target", "c", "--dt", "1", in: folder)
    #expect(ended.status == 64 && ended.errors.contains("--dt goes with --target nir"))
  }
}
