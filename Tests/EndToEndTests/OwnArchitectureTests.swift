import Arrays
import Foundation
import Testing

/// Models of the user's own, through the command line.
@Suite struct OwnArchitectureTests {
  static let example = Snnc.root.appending(path: "examples/convnet")

  /// The path of a file of the example.
  static func path(_ name: String) -> String { example.appending(path: name).path }

  @Test("the example goes from its checkpoint and its text to C, and answers as PyTorch does")
  func exampleRuns() throws {
    let folder = Folder()
    let ended = try Snnc.launch("/bin/sh", [Self.path("run"), folder.path("made")], in: folder)
    try #require(ended.status == 0, "\(ended.output)\(ended.errors)")
    for line in [
      "family      own architecture convnet.snnir", "30 of 32 right (93.75 %)",
      "the module is spike-driven, with nothing exempt",
      "the engine and the C program give the same bytes for all 32 samples",
    ] {
      #expect(ended.output.split(separator: "\n").contains(Substring(line)), "\(ended.output)")
    }
    let logits = try NumPyArray.read(path: folder.path("made/c.npy"))
    let expected = try NumPyArray.read(path: Self.path("logits-pytorch.npy"))
    #expect(logits.shape == expected.shape && logits.shape == [32, 8])
    for (found, wanted) in try zip(logits.floats(), expected.floats()) {
      #expect((found - wanted).magnitude <= 1e-4)
    }
  }

  @Test("its interpreter gives the engine's bytes")
  func interpreter() throws {
    let folder = Folder()
    let imported = try Snnc.run(
      "import", Self.path("convnet.pth"), "--arch", Self.path("convnet.snnir"), "--passes", "",
      "-o", "m.snn", in: folder)
    try #require(imported.status == 0, "\(imported.errors)")
    for engine in ["native", "interpreter"] {
      _ = try Snnc.run(
        "run", "m.snn", "--input", Self.path("events.npy"), "--engine", engine, "--logits",
        "\(engine).npy", in: folder)
    }
    #expect(try folder.bytes("native.npy") == folder.bytes("interpreter.npy"))
  }

  @Test(
    "a family's model, printed and imported by that text, is the same module byte by byte",
    arguments: ["pth", "safetensors"])
  func printedFamily(_ ending: String) throws {
    let folder = Folder()
    let file = "spikingformer-cifar10-half-tiny"
    for options in [["--passes", "", "-o", "a.snn"], ["-o", "b.snn"]] {
      let ended = try Snnc.launch(
        Snnc.program.path,
        ["import", Snnc.fixture("\(file).pth"), "--heads", "4"] + options, in: folder)
      try #require(ended.status == 0, "\(ended.errors)")
    }
    // Numbers would stand for themselves; and what the authors' network leaves is declared.
    let unused = ["norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias"]
      .map { "  weight @\"block.0.\($0)\" : f32 [32]\n" }.joined()
    let text = try Snnc.run("print", "a.snn", in: folder).output
      .replacing(#/(?m)^(  weight .*\]) = \[.*$/#) { String($0.1) }
      .replacing("  input %", with: unused + "  input %")
    try Data(text.utf8).write(to: folder.url.appending(path: "m.snnir"))
    let ended = try Snnc.run(
      "import", Snnc.fixture("\(file).\(ending)"), "--arch", "m.snnir", "-o", "c.snn", in: folder)
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains("parameters  28,942 used of 29,070 in the checkpoint\n"))
    #expect(ended.output.contains("60 used, 15 not used by the network\n"))
    #expect(try folder.bytes("c.snn") == folder.bytes("b.snn"))
  }

  @Test(
    "flags that settle a family's settings do not go with a text",
    arguments: [
      ["--heads", "4"], ["--time-steps", "8"], ["--image-size", "12"], ["--tau", "2"],
      ["--attention-scale", "0.125"], ["--variant", "imagenet"], ["--preset", "x"],
    ])
  func settings(_ flags: [String]) throws {
    let folder = Folder()
    let ended = try Snnc.launch(
      Snnc.program.path,
      ["import", Self.path("convnet.pth"), "--arch", Self.path("convnet.snnir")] + flags,
      in: folder)
    #expect(ended.status == 64)
    #expect(ended.errors.contains("[architecture-settings]") && ended.errors.contains(flags[0]))
    #expect(folder.names.isEmpty)
  }

  /// A text, the exit status that it leads to, and words of the message.
  static let bad: [(text: String?, status: Int32, words: [String])] = [
    (nil, 66, ["x.snnir: error:", "[no-such-file]"]),
    ("", 65, ["x.snnir: 1:1: error:", "[unexpected-token]"]),
    ("\u{E9}", 65, ["x.snnir: 1:1: error:", "[unexpected-character]"]),
    (
      "snnir 1 module @\"m\" { time_steps = 1 input %x : real [1] output %x }", 65,
      ["convnet.pth: error: 12 tensors do not fit x.snnir", "left over: conv1.weight [8, 2, 3, 3]"]
    ),
    (
      "snnir 1\nmodule @\"m\" { time_steps = 1\nweight @\"conv1.weight\" : f32 [8, 2, 3, 3]", 65,
      ["x.snnir: 3:8: error:", "'conv1.weight' is [8, 2, 3, 3]", "[weight-shape]"]
    ),
  ]

  @Test("a text that is missing, is none, or does not fit the checkpoint", arguments: bad.indices)
  func badTexts(_ index: Int) throws {
    let (text, status, words) = Self.bad[index]
    let folder = Folder()
    if let text { try Data(text.utf8).write(to: folder.url.appending(path: "x.snnir")) }
    let ended = try Snnc.run(
      "import", Self.path("convnet.pth"), "--arch", "x.snnir", in: folder)
    #expect(ended.status == status)
    for word in words { #expect(ended.errors.contains(word), "\(ended.errors)") }
    #expect(folder.names == (text == nil ? [] : ["x.snnir"]))
  }

  @Test("samples outside of the domain that the text gives to the input are refused")
  func inputDomain() throws {
    let folder = Folder()
    let imported = try Snnc.run(
      "import", Self.path("convnet.pth"), "--arch", Self.path("convnet.snnir"), "-o", "m.snn",
      in: folder)
    try #require(imported.status == 0, "\(imported.errors)")
    var floats = [Float](repeating: 0, count: 8 * 2 * 12 * 12)
    floats[3] = 0.5
    try Data(NumPyArray(shape: [1, 8, 2, 12, 12], floats: floats).npy())
      .write(to: folder.url.appending(path: "x.npy"))
    let ended = try Snnc.run("run", "m.snn", "--input", "x.npy", in: folder)
    #expect(ended.status == 65)
    #expect(
      ended.errors.contains(
        "the module's input is spike, and [0, 0, 0, 0, 3] is 0.5 [input-domain]"),
      "\(ended.errors)")
  }

  @Test("a text that is not UTF-8, and one that would be overwritten")
  func files() throws {
    let folder = Folder()
    try Data([0xFF]).write(to: folder.url.appending(path: "x.snnir"))
    let binary = try Snnc.run("import", Self.path("convnet.pth"), "--arch", "x.snnir", in: folder)
    #expect(binary.status == 65 && binary.errors.contains("x.snnir: error: "))
    #expect(binary.errors.contains("[bad-text]"))
    let same = try Snnc.run(
      "import", Self.path("convnet.pth"), "--arch", "x.snnir", "-o", "x.snnir", in: folder)
    #expect(same.status == 64 && same.errors.contains("[output-is-input]"))
    #expect(try folder.bytes("x.snnir") == Data([0xFF]))
  }
}
