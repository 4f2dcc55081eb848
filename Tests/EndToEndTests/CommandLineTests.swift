import Foundation
import Testing

/// The commands as the README shows them.
@Suite struct CommandLineTests {
  @Test("the three commands work one after another, without naming the module")
  func threeCommands() throws {
    let folder = Folder()
    let name = "spikingformer-imagenet-tiny"
    let imported = try Snnc.run("import", Snnc.fixture("\(name).pth"), in: folder)
    #expect(imported.status == 0, "\(imported.errors)")
    let verified = try Snnc.run("verify", "--spike-driven", in: folder)
    #expect(verified.status == 0, "\(verified.errors)")
    #expect(verified.errors.contains("using \(name).snn"))
    let emitted = try Snnc.run("emit", "--target", "c", in: folder)
    #expect(emitted.status == 0, "\(emitted.errors)")
    #expect(folder.names == ["\(name)-c", "\(name).snn"])
  }

  @Test("without a module, and with several, the choice is explained")
  func choice() throws {
    let folder = Folder()
    let none = try Snnc.run("verify", "--spike-driven", in: folder)
    #expect(none.status == 66)
    #expect(none.errors.contains("[no-module]"))
    for name in ["a.snn", "b.snn"] { try Data().write(to: folder.url.appending(path: name)) }
    let several = try Snnc.run("emit", "--target", "c", in: folder)
    #expect(several.status == 66)
    #expect(several.errors.contains("a.snn") && several.errors.contains("b.snn"))
  }

  @Test("the summary says what was decided and by what")
  func summary() throws {
    let folder = Folder()
    let ended = try Snnc.run(
      "import", Snnc.fixture("spikingformer-imagenet-tiny.pth"), "--heads", "4", in: folder)
    let lines = ended.output.split(separator: "\n").map {
      $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
    for line in [
      "family spikingformer, imagenet (settled by the file's name)",
      "heads 4 (flag --heads)",
      "time steps 4 (checkpoint args 'time_step')",
      "image size 64 (checkpoint args 'img_size')",
      "tau 2 (default of the authors' code)",
      "parameters 163,666 used of 164,178 in the checkpoint",
      "unused: block.N.norm1.weight x 2",
    ] {
      #expect(lines.contains(line), "\(line)\n\(ended.output)")
    }
  }

  @Test("the same checkpoint and flags give the same bytes")
  func deterministic() throws {
    let (a, b) = (Folder(), Folder())
    for folder in [a, b] {
      try Fixture.all[0].makeModule(in: folder)
      _ = try Snnc.run("emit", "--target", "c", "-o", "program", in: folder)
    }
    #expect(try a.bytes("m.snn") == b.bytes("m.snn"))
    for name in try FileManager.default.contentsOfDirectory(atPath: a.path("program")) {
      #expect(try a.bytes("program/\(name)") == b.bytes("program/\(name)"), "\(name)")
    }
  }

  @Test(
    "verify exempts the encoding and the readout, and --strict nothing",
    arguments: Fixture.all.filter { $0.name.hasPrefix("spikingformer") })
  func verify(_ fixture: Fixture) throws {
    let folder = Folder()
    try fixture.makeModule(in: folder)
    let ended = try Snnc.run("verify", "--spike-driven", in: folder)
    #expect(ended.status == 0)
    #expect(ended.output.contains("exempt (encoding): patch_embed."))
    #expect(ended.output.contains("exempt (readout): head"))
    #expect(ended.output.contains("residual additions are membrane shortcuts"))
    let strict = try Snnc.run("verify", "--spike-driven", "--strict", in: folder)
    #expect(strict.status == 1)
    #expect(strict.errors.contains("2 of "))
    #expect(strict.errors.contains("linear head multiplies real from mean_steps"))
  }

  @Test("V1 is spike-driven to its head; models that add spikes are not, nor chains unmerged")
  func verifyOtherFamilies() throws {
    for (name, word) in [
      ("spike-driven-transformer-tiny", "the module is spike-driven"),
      ("spikformer-imagenet-tiny", "count<2>"), ("cml-spikformer-cifar10-tiny", "count<2>"),
      ("qkformer-imagenet-tiny", "count<2>"), ("sew-resnet18-tiny", "count<2>"),
      ("meta-spikeformer-tiny", "real from"),
    ] {
      let folder = Folder()
      try Fixture.named(name).makeModule(in: folder)
      let ended = try Snnc.run("verify", "--spike-driven", in: folder)
      #expect(ended.status == (name.hasPrefix("spike-driven") ? 0 : 1), "\(name)")
      #expect((ended.output + ended.errors).contains(word), "\(ended.output)\(ended.errors)")
    }
  }

  @Test("what two families fit is refused, and a name, a flag or a size settles it")
  func ambiguousFamilies() throws {
    let folder = Folder()
    let tensors = try Data(
      contentsOf: URL(filePath: Snnc.fixture("spikingformer-cml-imagenet-tiny.pth")))
    try tensors.write(to: folder.url.appending(path: "best.pth"))
    let refused = try Snnc.run("import", "best.pth", in: folder)
    #expect(refused.status == 65)
    #expect(refused.errors.contains("pass --arch spikingformer-cml if that is what was trained"))
    let half = try Snnc.run("import", "best.pth", "--arch", "spikingformer-cml", in: folder)
    #expect(half.status == 65)
    #expect(half.errors.contains("[ambiguous-variant]"))
    #expect(folder.names == ["best.pth"])
    let whole = try Snnc.run(
      "import", "best.pth", "--arch", "spikingformer-cml", "--image-size", "64", in: folder)
    #expect(whole.status == 0)
    #expect(whole.output.contains("settled by flag --arch, the variant by the image size 64"))
  }

  @Test("families lists every family and its sizes, and counts them")
  func families() throws {
    let folder = Folder()
    let all = try Snnc.run("families", in: folder)
    for name in [
      "spikingformer:", "spikingformer-cml:", "spikformer:", "cml-spikformer:", "qkformer:",
      "meta-spikeformer:", "spike-driven-transformer:", "sew-resnet:",
    ] {
      #expect(all.output.split(separator: "\n").contains { $0.hasPrefix(name) }, "\(name)")
    }
    let counts = try Snnc.run("families", "meta-spikeformer", "--parameters", in: folder)
    #expect(counts.output.contains("55,350,248"))
    #expect(counts.output.contains("136,511,976 merged"))
    #expect(try Snnc.run("families", "resnet", in: folder).status == 64)
  }

  @Test("verify --json is JSON that says the same")
  func json() throws {
    let folder = Folder()
    try Fixture.all[2].makeModule(in: folder)
    let ended = try Snnc.run("verify", "--spike-driven", "--json", in: folder)
    let object = try JSONSerialization.jsonObject(with: Data(ended.output.utf8))
    let verdict = try #require(object as? [String: Any])
    #expect(verdict["holds"] as? Bool == true)
    let products = try #require(verdict["products"] as? [[String: Any]])
    #expect(products.count == 14)
    #expect(products.filter { $0["exemption"] is String }.count == 2)
  }

  @Test("what print writes reads like a program, and inspect lists what is there")
  func printAndInspect() throws {
    let folder = Folder()
    try Fixture.all[2].makeModule(in: folder)
    let text = try Snnc.run("print", "m.snn", in: folder).output
    #expect(text.hasPrefix("snnir 1\n"))
    #expect(text.contains("from \"block.0.attn.q_conv\""))
    let module = try Snnc.run("inspect", "m.snn", in: folder).output
    #expect(module.contains("timed spike") == false && module.contains("lif"))
    let checkpoint = try Snnc.run(
      "inspect", Snnc.fixture("spikingformer-imagenet-tiny.pth"), in: folder
    ).output
    #expect(checkpoint.contains("block.1.mlp.mlp2_conv.weight"))
    #expect(checkpoint.contains("args.num_heads"))
  }
}
