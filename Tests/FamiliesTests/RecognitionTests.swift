import Diagnostics
import Families
import SpikeIR
import Testing

/// Which family and variant a checkpoint is of, and what settles it.
@Suite struct RecognitionTests {
  static let networks = [
    Network(variant: "imagenet", classes: 1000), Network(variant: "cifar10"),
    Network(variant: "cifar100", classes: 100),
    Network(variant: "dvs128-gesture", classes: 11, channels: 2),
    Network(variant: "cifar10-dvs", channels: 2),
  ]

  /// Options that choose the family.
  static func options(
    family: String? = nil, preset: String? = nil
  ) -> ModelImport.Options {
    ModelImport.Options(
      family: family, preset: preset,
      flags: preset == nil ? [.heads: 4, .timeSteps: 2] : [:])
  }

  @Test(arguments: networks)
  func everyVariantIsRecognised(_ network: Network) throws {
    let model = try load(network.tensors(), Self.options(family: "spikingformer"))
    #expect(model.recognition.variant == network.variant)
    #expect(model.recognition.width == 64 && model.recognition.depth == 1)
    #expect(model.familySource == "flag --arch")
    #expect(model.module.metadata("variant") == network.variant)
    #expect(model.module.input.isTimed == (network.channels == 2))
    let timed = model.module.input.isTimed
    #expect(model.module.input.shape[1] == (timed ? 128 : network.isSmall ? 32 : 224))
    let taus = Set(
      model.module.nodes.compactMap { if case .lif(let op) = $0.op { op.tau } else { nil } })
    #expect(taus == [timed ? 1.5 : 2])
    #expect(model.module.type(of: model.module.output).shape == [network.classes])
  }

  @Test func tensorsOfTwoFamiliesAreRefused() throws {
    let tensors = try Self.networks[0].tensors()
    let error = try expect("ambiguous-family") { try load(tensors) }
    #expect(error.message.contains("spikingformer and spikingformer-cml"))
    #expect(error.notes.contains { $0.contains("--arch spikingformer ") })
  }

  @Test(arguments: [
    "spikingformer-8-768", "Spikingformer_T4", "my.SPIKINGFORMER.best",
  ])
  func theFileNameSettlesIt(_ name: String) throws {
    let model = try load(Self.networks[0].tensors(), named: name)
    #expect(model.family == "spikingformer" && model.familySource == "the file's name")
  }

  @Test(arguments: [
    "spikingformer-cml-8-768", "cml_spikingformer", "spikingformers", "spiking-former", "",
  ])
  func otherFileNamesSettleNothing(_ name: String) throws {
    try expect("ambiguous-family") { try load(Self.networks[0].tensors(), named: name) }
  }

  @Test func aPresetSettlesTheFamily() throws {
    let network = Network(variant: "dvs128-gesture", width: 256, depth: 2, classes: 11, channels: 2)
    let model = try load(
      network.tensors(), Self.options(preset: "spikingformer-dvs128-gesture-2-256"))
    #expect(model.familySource == "flag --preset")
    #expect(model.decisions.first { $0.key == .timeSteps }?.value == "16")
  }

  @Test func tensorsThatOneFamilyHasNeedNoFlag() throws {
    let model = try load(Self.networks[1].tensors())
    #expect(model.family == "spikingformer" && model.familySource == "the tensors")
  }

  @Test func otherFamiliesAreNamed() throws {
    let tensors = [("stage1.0.tssa.q_conv.weight", [4, 4])]
    let error = try expect("unrecognized") { try load(tensors) }
    #expect(error.message.contains("qkformer"))
    try expect("unrecognized") { try load([("fc.weight", [2, 2])]) }
    let wrong = try expect("wrong-family") {
      try load(tensors, Self.options(family: "spikingformer"))
    }
    #expect(wrong.notes.contains("missing: head.weight"))
    #expect(wrong.notes.contains("they look like qkformer"))
  }

  @Test func flagsMustNameWhatThereIs() throws {
    let tensors = try Self.networks[1].tensors()
    let family = try expect("unknown-family") {
      try load(tensors, Self.options(family: "resnet"))
    }
    #expect(family.status == .usage)
    let preset = try expect("unknown-preset") {
      try load(tensors, Self.options(preset: "spikingformer-9-9"))
    }
    #expect(preset.status == .usage)
    try expect("wrong-preset") { try load(tensors, Self.options(preset: "spikingformer-8-768")) }
  }

  @Test(arguments: [[], [4], [4, 4, 4, 4, 4], [0, 64, 1, 1]])
  func shapesThatNoLayerHasAreErrors(_ shape: [Int]) throws {
    for name in [
      "patch_embed.block0_conv.weight", "block.0.mlp.mlp1_conv.weight", "head.weight",
    ] {
      let tensors = try Self.networks[1].tensors().map { $0.name == name ? (name, shape) : $0 }
      #expect(throws: (any Error).self, "\(name) \(shape)") { try load(tensors) }
    }
  }
}
