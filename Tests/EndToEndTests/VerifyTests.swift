import Foundation
import Testing

/// What `snnc verify` says of the published families, and its certificates.
@Suite struct VerifyTests {
  /// A fixture imported into a folder of its own, as `m.snn`.
  static func module(_ name: String) throws -> Folder {
    let folder = Folder()
    try Fixture.named(name).makeModule(in: folder)
    return folder
  }

  /// The module paths of the violations that are told, in order.
  static func violations(_ ended: Ended) -> [String] {
    ended.errors.matches(of: #/(?m)^m\.snn: %\d+ (\S+).*: error: /#).map { String($0.1) }
  }

  @Test(
    "strictly, spikingformer breaks the rules in its encoding and its readout alone",
    arguments: Fixture.all.filter { $0.name.hasPrefix("spikingformer") })
  func spikingformer(_ fixture: Fixture) throws {
    let folder = try Self.module(fixture.name)
    let ended = try Snnc.run("verify", "--spike-driven", in: folder)
    #expect(ended.status == 0)
    #expect(
      ended.output.contains(
        #/exempt \(readout\): head, which multiplies the real-valued membrane mean \(block/#))
    let strict = try Snnc.run("verify", "--spike-driven", "--strict", in: folder)
    #expect(strict.status == 1)
    let found = Self.violations(strict)
    #expect(found.count == 2 && found[0].hasPrefix("patch_embed.") && found[1] == "head")
    #expect(strict.errors.contains("  note: head: mean_steps of real = real\n"))
    #expect(
      strict.errors.contains("  note: head multiplies the real-valued membrane mean (block."))
    #expect(strict.output.contains("hint: a layer of neurons ahead of head"))
  }

  @Test("strictly, V1 breaks the rules in its encoding alone")
  func versionOne() throws {
    let folder = try Self.module("spike-driven-transformer-tiny")
    #expect(try Snnc.run("verify", "--spike-driven", in: folder).status == 0)
    let strict = try Snnc.run("verify", "--spike-driven", "--strict", in: folder)
    #expect(strict.status == 1)
    #expect(Self.violations(strict) == ["patch_embed.proj_conv"])
  }

  @Test(
    "meta-spikeformer breaks them in the inner convolutions of RepConv and SepConv until merged",
    arguments: ["meta-spikeformer-tiny", "meta-spikeformer-kd-tiny"])
  func metaSpikeformer(_ name: String) throws {
    let folder = try Self.module(name)
    let ended = try Snnc.run("verify", "--spike-driven", in: folder)
    #expect(ended.status == 1)
    let found = Self.violations(ended)
    #expect(found[0] == "ConvBlock1_1.0.Conv.pwconv2")
    #expect(found[4...5] == ["block3.0.attn.q_conv.0.body.2.0", "block3.0.attn.q_conv.0.body.2.1"])
    #expect(found.allSatisfy { $0.contains("pwconv2") || $0.contains(".body.2.") })
    #expect(
      ended.errors.contains(
        "note: block3.0.attn.q_conv.0.body.1.bn is real-valued (affine)"))
    #expect(ended.output.contains("takes 68 violations away: snnc opt MODEL --passes"))
    _ = try Snnc.run(
      "opt", "m.snn", "--passes", "merge-conv-chains,remove-dead", "-o", "merged.snn", in: folder)
    let merged = try Snnc.run("verify", "merged.snn", "--spike-driven", in: folder)
    #expect(merged.status == 0, "\(merged.errors)")
  }

  @Test(
    "models that add spikes break them with a bound and a path, and keep integer:K",
    arguments: [
      ("spikformer-imagenet-tiny", 3, "block.0.mlp.fc1_conv"),
      ("cml-spikformer-cifar10-tiny", 3, "block.0.mlp.fc1_linear"),
      ("qkformer-imagenet-tiny", 6, "patch_embed3.proj3_conv"),
      ("qkformer-cifar10-tiny", 4, "patch_embed2.proj3_conv"),
      ("sew-resnet18-tiny", 3, "layer2.0.conv1.0"),
    ])
  func countsReachWeights(_ name: String, _ maximum: Int, _ path: String) throws {
    let folder = try Self.module(name)
    let ended = try Snnc.run("verify", "--spike-driven", in: folder)
    #expect(ended.status == 1)
    #expect(ended.errors.contains(#/note: \S+: spike \+ spike = count<2>\n/#))
    #expect(ended.errors.contains("note: \(path) multiplies count<\(maximum)>\n"))
    #expect(ended.errors.contains("[spike-driven-r2]"))
    #expect(ended.output.contains("hint: with integers unrolled into as many spikes it holds: "))
    for (bound, status) in [(maximum - 1, 1), (maximum, 0)] as [(Int, Int32)] {
      let integer = try Snnc.run("verify", "--profile", "integer:\(bound)", in: folder)
      #expect(integer.status == status, "\(bound)")
    }
  }

  @Test("the path goes from the addition that made integers to the weights that meet them")
  func path() throws {
    let ended = try Snnc.run(
      "verify", "--spike-driven", in: try Self.module("spikformer-imagenet-tiny"))
    #expect(
      ended.errors.contains(
        """
        multiplies count<3> from add block.0.attn [spike-driven-r2]
          note: patch_embed: spike + spike = count<2>
          note: block.0.attn: count<2> + spike = count<3>
          note: block.0.mlp.fc1_conv multiplies count<3>

        """))
  }

  @Test("the gates of SEW-ResNet keep the rules and are named", arguments: ["AND", "IAND"])
  func gates(_ connect: String) throws {
    let folder = Folder()
    _ = try Snnc.run(
      "import", Snnc.fixture("sew-resnet18-tiny.pth"), "--image-size", "64", "--connect", connect,
      "-o", "m.snn", in: folder)
    let ended = try Snnc.run("verify", "--spike-driven", in: folder)
    #expect(ended.status == 0)
    #expect(ended.output.contains("8 residuals are \(connect)\n"))
    #expect(ended.output.contains("the module is spike-driven"))
  }

  @Test("every fixture is event-driven or says why not, and deterministic", arguments: Fixture.all)
  func otherProfiles(_ fixture: Fixture) throws {
    let folder = try Self.module(fixture.name)
    let driven = try Snnc.run("verify", "--spike-driven", in: folder)
    let event = try Snnc.run("verify", "--profile", "event-driven", in: folder)
    #expect(event.status == driven.status)
    let fixed = try Snnc.run("verify", "--profile", "deterministic", in: folder)
    #expect(fixed.status == 0, "\(fixed.errors)")
    #expect(fixed.output.contains("for real inputs of magnitude 2^20 at most"))
  }

  @Test("profiles are checked")
  func profiles() throws {
    let folder = Folder()
    #expect(try Snnc.run("verify", "m.snn", in: folder).status == 64)
    let unknown = try Snnc.run("verify", "m.snn", "--profile", "fast", in: folder)
    #expect(unknown.status == 64 && unknown.errors.contains("[unknown-profile]"))
    let both = try Snnc.run("verify", "--profile", "integer:2", "--spike-driven", in: folder)
    #expect(both.status == 64)
  }

  @Test("explain says what an id means, and finds ids like another")
  func explain() throws {
    let rule = try Snnc.run("explain", "spike-driven-r2", in: Folder())
    #expect(rule.status == 0 && rule.output.contains("patch_embed: spike + spike = count<2>"))
    let constraint = try Snnc.run("explain", "conv2d-c2", in: Folder())
    #expect(constraint.output.contains("`kernel` has four axes"))
    let all = try Snnc.run("explain", in: Folder())
    #expect(all.output.split(separator: "\n").count > 190)
    let unknown = try Snnc.run("explain", "spike-driven", in: Folder())
    #expect(unknown.status == 64)
    #expect(unknown.errors.contains("note: like it: event-driven-r1, spike-driven-r1"))
  }

  // MARK: - Certificates

  /// Writes the certificate of `m.snn` to `c.json`; returns its text.
  static func certify(_ folder: Folder, _ options: String...) throws -> String {
    let ended = try Snnc.launch(
      Snnc.program.path, ["verify", "m.snn", "--json"] + options, in: folder)
    try ended.output.write(
      to: folder.url.appending(path: "c.json"), atomically: true, encoding: .utf8)
    return ended.output
  }

  @Test("certificates are found right again", arguments: Fixture.all)
  func certificates(_ fixture: Fixture) throws {
    let folder = try Self.module(fixture.name)
    for profile in ["spike-driven", "event-driven", "integer:3", "deterministic"] {
      _ = try Self.certify(folder, "--profile", profile)
      let checked = try Snnc.run("check-certificate", "c.json", "m.snn", in: folder)
      #expect(checked.status == 0, "\(checked.errors)")
      #expect(checked.output.contains("the certificate is one of m.snn, which is"))
    }
  }

  @Test("a mutated certificate, and one of another module, is refused with the first difference")
  func otherCertificates() throws {
    let folder = try Self.module("spikformer-imagenet-tiny")
    let text = try Self.certify(folder, "--spike-driven")
    for (old, new, place) in [
      ("\"holds\": false", "\"holds\": true", "'holds' is true in it, and false"),
      ("\"MS\"", "\"SEW\"", ""), ("\"class\": \"MAC\"", "\"class\": \"AC spikes\"", "'products[0]"),
      ("\"bits\": 13", "\"bits\": 12", "'exactNeurons[0].bits' is 12 in it, and 13"),
    ] where text.contains(old) {
      try text.replacing(old, with: new).write(
        to: folder.url.appending(path: "other.json"), atomically: true, encoding: .utf8)
      let refused = try Snnc.run("check-certificate", "other.json", "m.snn", in: folder)
      #expect(refused.status == 1 && refused.errors.contains(place), "\(refused.errors)")
      #expect(refused.errors.contains("[certificate-differs]"))
    }
    let demanded = try Snnc.run(
      "check-certificate", "c.json", "m.snn", "--profile", "spike-driven", in: folder)
    #expect(demanded.status == 1 && demanded.errors.contains("[profile-not-certified]"))
    let other = try Self.module("cml-spikformer-cifar10-tiny")
    try text.write(to: other.url.appending(path: "c.json"), atomically: true, encoding: .utf8)
    let refused = try Snnc.run("check-certificate", "c.json", "m.snn", in: other)
    #expect(refused.status == 1 && refused.errors.contains("'module.hash' is "))
  }

  @Test("what is no certificate is bad data", arguments: ["", "{", "{}", "[1, 2]", "\u{FF}"])
  func noCertificate(_ text: String) throws {
    let folder = try Self.module("spikingformer-cifar10-half-tiny")
    try text.write(to: folder.url.appending(path: "c.json"), atomically: true, encoding: .utf8)
    #expect(try Snnc.run("check-certificate", "c.json", "m.snn", in: folder).status == 65)
    #expect(try Snnc.run("check-certificate", "none.json", "m.snn", in: folder).status == 66)
  }
}
