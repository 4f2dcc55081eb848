import Arrays
import Foundation
import Testing

/// Every spike of the authors' own PyTorch code, through the command line.
@Suite struct FixtureTests {
  @Test(
    "the engine and the interpreter give every spike of the authors' code",
    arguments: Fixture.all)
  func everySpike(_ fixture: Fixture) throws {
    let folder = Folder()
    try fixture.makeModule(in: folder)
    for engine in [
      ["native"], ["native", "--threads", "2"], ["native", "--schedule", "step"], ["interpreter"],
    ] {
      let ended = try Snnc.launch(
        Snnc.program.path,
        ["run", "m.snn", "--input", fixture.input, "--logits", "l.npy", "--spikes", "s.npz"]
          + ["--engine"] + engine, in: folder)
      try #require(ended.status == 0, "\(ended.errors)")
      try expectEqual(fixture, folder)
    }
  }

  @Test("engine and interpreter write the same bytes", arguments: Fixture.all)
  func sameBytes(_ fixture: Fixture) throws {
    let folder = Folder()
    try fixture.makeModule(in: folder)
    for (engine, name) in [("native", "a"), ("interpreter", "b")] {
      _ = try Snnc.run(
        "run", "m.snn", "--input", fixture.input, "--engine", engine, "--logits", "\(name).npy",
        "--spikes", "\(name).npz", in: folder)
    }
    #expect(try folder.bytes("a.npy") == folder.bytes("b.npy"))
    #expect(try folder.bytes("a.npz") == folder.bytes("b.npz"))
  }

  @Test("compare finds no difference from the authors' code", arguments: Fixture.all)
  func compare(_ fixture: Fixture) throws {
    let folder = Folder()
    try fixture.makeModule(in: folder)
    let ended = try Snnc.run(
      "compare", "m.snn", "--reference", Snnc.fixture("\(fixture.name).npz"), in: folder)
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains("free: no spike differs"))
    #expect(ended.output.contains("forced: no spike differs"))
  }

  @Test(
    "merged chains give the authors' spikes too, and then the module is spike-driven",
    arguments: ["meta-spikeformer-tiny", "meta-spikeformer-kd-tiny"])
  func mergedChains(_ name: String) throws {
    let folder = Folder()
    let fixture = Fixture.named(name)
    try fixture.makeModule(in: folder)
    let table = try Snnc.run(
      "opt", "m.snn", "--passes", "merge-conv-chains,remove-dead", "--input", fixture.input, "-o",
      "merged.snn", in: folder
    ).output.split(separator: "\n")
    #expect(table.count == 1 + 36 + 1, "a head, 32 RepConvs and 4 SepConvs, and their sum")
    #expect(table[0].hasPrefix("merged ") && table[0].hasSuffix("pays below a rate of"))
    #expect(table.allSatisfy { $0.contains(" -> ") || $0 == table[0] })
    let verdict = try Snnc.run("verify", "--spike-driven", "merged.snn", in: folder)
    #expect(verdict.status == 0, "\(verdict.errors)")
    _ = try Snnc.run(
      "run", "merged.snn", "--input", fixture.input, "--logits", "l.npy", "--spikes", "s.npz",
      in: folder)
    // A sum of other terms may fall on the other side of a threshold; in these two none does.
    try expectEqual(fixture, folder)
  }

  @Test("compare names the layer where a wrong model parts, and how far its membranes are")
  func compareFindsWhere() throws {
    let folder = Folder()
    let fixture = Fixture.all[2]
    _ = try Snnc.run(
      "import", Snnc.fixture("\(fixture.name).pth"), "--heads", "4", "--tau", "1.9", "-o", "m.snn",
      in: folder)
    let ended = try Snnc.run(
      "compare", "m.snn", "--reference", Snnc.fixture("\(fixture.name).npz"), in: folder)
    #expect(ended.status == 1)
    #expect(ended.output.contains("first in patch_embed.block1_lif"))
    #expect(ended.output.contains("patch_embed.block1_lif  sample 0  step 0  ["))
    #expect(ended.output.contains(" the threshold\n"))
    #expect(ended.errors.contains("[spikes-differ]"))
  }

  @Test("compare says no where spikes agree and outputs do not, or cannot be compared")
  func compareLogits() throws {
    let folder = Folder()
    let fixture = Fixture.all[2]
    try fixture.makeModule(in: folder)
    let reference = try NPZArchive(path: Snnc.fixture("\(fixture.name).npz"))
    var members: [(name: String, array: NumPyArray)] = []
    for name in ["input"] + reference.names.filter({ $0.hasPrefix("spikes/") }) {
      members.append((name, try reference.member(name)))
    }
    let logits = try reference.member("logits")
    for (values, shape, word) in [
      (try logits.floats().map { $0 + 1 }, logits.shape, "[outputs-differ]"),
      ([0, 1], [1, 2], "[logits-shape]"),
    ] {
      let other = members + [("logits", NumPyArray(shape: shape, floats: values))]
      try Data(NPZArchive.bytes(of: other)).write(to: folder.url.appending(path: "r.npz"))
      let ended = try Snnc.run("compare", "m.snn", "--reference", "r.npz", in: folder)
      #expect(ended.status == (word == "[outputs-differ]" ? 1 : 65))
      #expect(ended.errors.contains(word), "\(ended.errors)")
    }
  }

  @Test(
    "the passes that fold differently agree with the authors' code too",
    arguments: ["", "hoist-static", "fold-batch-norm-into-weights,hoist-static,remove-dead"])
  func otherPasses(_ passes: String) throws {
    let folder = Folder()
    let fixture = Fixture.all[2]
    _ = try Snnc.run(
      "import", Snnc.fixture("\(fixture.name).pth"), "--heads", "4", "--passes", passes,
      "-o", "m.snn", in: folder)
    _ = try Snnc.run(
      "run", "m.snn", "--input", fixture.input, "--logits", "l.npy", "--spikes", "s.npz",
      in: folder)
    try expectEqual(fixture, folder)
  }
}

/// Expects `l.npy` and `s.npz` in `folder` to hold what the authors' code gave.
func expectEqual(_ fixture: Fixture, _ folder: Folder) throws {
  let expected = try NPZArchive(path: Snnc.fixture("\(fixture.name).npz"))
  let logits = try NumPyArray.read(path: folder.path("l.npy"))
  let logits64 = try expected.member("logits64")
  #expect(logits.shape == logits64.shape)
  for (found, wanted) in try zip(logits.doubles(), logits64.doubles()) {
    #expect((found - wanted).magnitude <= 1e-4 + 1e-4 * wanted.magnitude)
  }
  let spikes = try NPZArchive(path: folder.path("s.npz"))
  let layers = expected.names.filter { $0.hasPrefix("spikes/") }
  #expect(layers.count >= 11)
  for layer in layers {
    #expect(try spikes.member(layer).bytes == expected.member(layer).bytes, "\(layer)")
  }
}
