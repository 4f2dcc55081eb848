import Checkpoint
import Diagnostics
import Families
import SpikeIR
import Testing

/// Which family and variant a checkpoint is of, and what settles it.
@Suite struct RecognitionTests {
  static let spikingformer = Network(family: "spikingformer", dataset: .imagenet)
  static let cml = Network(family: "spikingformer-cml", dataset: .cifar10)
  static let v1 = Network(family: "spike-driven-transformer", dataset: .cifar10)
  static let sew = Network(
    family: "sew-resnet", dataset: .imagenet, width: 8, depth: 18, heads: nil)

  /// Options that choose the family.
  static func options(
    family: String? = nil, variant: String? = nil, preset: String? = nil,
    flags: [Settings.Key: Hint] = [.heads: 4, .timeSteps: 2, .connect: "ADD"]
  ) -> ModelImport.Options {
    ModelImport.Options(family: family, variant: variant, preset: preset, flags: flags)
  }

  @Test(arguments: Network.all)
  func everyVariantOfEveryFamilyIsImported(_ network: Network) throws {
    let model = try load(
      network.tensors(),
      Self.options(family: network.family, variant: network.dataset.rawValue))
    #expect(model.dataset == network.dataset)
    #expect(model.recognition.width == network.width && model.recognition.depth == network.depth)
    #expect(model.familySource == "flag --arch, the variant by flag --variant")
    #expect(model.module.metadata("family") == network.family)
    #expect(model.module.metadata("variant") == network.dataset.rawValue)
    #expect(model.module.input.isTimed == network.dataset.takesEvents)
    #expect(model.module.input.shape[0] == network.dataset.channels)
    #expect(model.module.type(of: model.module.output).shape == [network.dataset.classes])
  }

  @Test(arguments: [
    ("spikingformer", Dataset.imagenet, 2.0), ("spikingformer", .dvs128Gesture, 1.5),
    ("spikingformer", .cifar10DVS, 1.5), ("spikingformer-cml", .cifar10, 2),
    ("spikingformer-cml", .dvs128Gesture, 1.75), ("spikformer", .cifar10DVS, 2),
  ])
  func neuronsHaveTheTauOfTheirVariant(
    _ family: String, _ dataset: Dataset, _ tau: Double
  ) throws {
    let model = try load(
      Network(family: family, dataset: dataset).tensors(),
      Self.options(family: family, variant: dataset.rawValue))
    let taus = Set(
      model.module.nodes.compactMap { if case .lif(let op) = $0.op { op.tau } else { nil } })
    #expect(taus == [tau])
  }

  @Test(arguments: Network.all)
  func tensorsOfAnotherFamilyAreRefused(_ network: Network) throws {
    let tensors = try network.tensors()
    for family in Families.all where family.name != network.family {
      // Spikingformer and its CML variant share their tensors, CIFAR's tokenizer aside.
      let both = [family.name, network.family].allSatisfy { $0.hasPrefix("spikingformer") }
      let isShared =
        both
        && !(network.family == "spikingformer" && network.dataset.rawValue.hasPrefix("cifar1")
          && !network.dataset.takesEvents)
      guard !isShared else { continue }
      let error = #expect(throws: Diagnostic.self, "\(family.name)") {
        try load(tensors, Self.options(family: family.name))
      }
      #expect(error?.status == .badData)
      #expect(["wrong-family", "misfit"].contains(error?.id), "\(family.name)")
    }
  }

  @Test func tensorsOfTwoFamiliesAreRefused() throws {
    let tensors = try Self.spikingformer.tensors()
    let error = try expect("ambiguous-family") { try load(tensors) }
    #expect(error.message.contains("spikingformer and spikingformer-cml"))
    #expect(error.notes.contains { $0.contains("--arch spikingformer ") })
    #expect(error.notes.contains { $0.contains("--arch spikingformer-cml ") })
  }

  @Test(arguments: [
    ("spikingformer-8-768", "spikingformer"), ("Spikingformer_T4", "spikingformer"),
    ("my.SPIKINGFORMER.best", "spikingformer"),
    ("spikingformer-cml-8-768", "spikingformer-cml"), ("cml_spikingformer", "spikingformer-cml"),
  ])
  func theFileNameSettlesTheFamily(_ name: String, _ family: String) throws {
    let model = try load(Self.spikingformer.tensors(), named: name)
    #expect(model.family == family && model.familySource == "the file's name")
  }

  @Test(arguments: ["spikingformers", "spiking-former", "cml", ""])
  func otherFileNamesSettleNothing(_ name: String) throws {
    try expect("ambiguous-family") { try load(Self.spikingformer.tensors(), named: name) }
  }

  @Test func aPresetSettlesTheFamily() throws {
    let network = Network(
      family: "spikingformer", dataset: .dvs128Gesture, width: 256, depth: 2)
    let model = try load(
      network.tensors(),
      Self.options(preset: "spikingformer-dvs128-gesture-2-256", flags: [:]))
    #expect(model.familySource == "flag --preset")
    #expect(model.decisions.first { $0.key == .timeSteps }?.value == "16")
  }

  @Test func aNameOrAFlagThatSaysSomethingElseIsAWarning() throws {
    let tensors = try Network(family: "spikformer", dataset: .imagenet).tensors()
    let options = Self.options(flags: [.heads: 4, .connect: "ADD"])
    let model = try load(tensors, named: "spikingformer-8-512", options)
    #expect(model.warnings.map(\.id) == ["other-name", "idle-flag"])
    #expect(
      model.warnings[0].message
        == "the file's name says spikingformer, and this is imported as spikformer")
    let named = try load(tensors, named: "spikformer-8-512", Self.options(flags: [.heads: 4]))
    #expect(named.warnings.isEmpty)
  }

  @Test func aFamilyThatCannotBeOfTheNamedDataIsNotMeant() throws {
    // Of spikingformer, these tensors can be ImageNet's alone.
    let tensors = try Self.cml.tensors()
    for (name, args, source) in [
      ("cifar10", [], "the tensors and the file's name"),
      ("best", [("dataset", "torch/cifar10")], "the tensors and checkpoint args 'dataset'"),
    ] as [(String, [(String, Hint)], String)] {
      let model = try load(tensors, args: args, named: name)
      #expect(model.family == "spikingformer-cml" && model.dataset == .cifar10)
      #expect(model.familySource.hasPrefix(source), "\(model.familySource)")
    }
    try expect("ambiguous-family") { try load(tensors, named: "spikingformer-cifar10") }
    let flagged = try load(tensors, Self.options(variant: "cifar10"))
    #expect(flagged.family == "spikingformer-cml" && flagged.dataset == .cifar10)
  }

  @Test func aNameThatContradictsTheTensorsIsAWarning() throws {
    let model = try load(
      Self.spikingformer.tensors(), named: "cifar10", Self.options(family: "spikingformer"))
    #expect(model.dataset == .imagenet)
    #expect(model.warnings.map(\.id) == ["other-variant", "idle-flag"])
  }

  @Test func aVariantOfOtherChannelsIsAWarning() throws {
    let model = try load(
      Self.spikingformer.tensors(),
      Self.options(
        family: "spikingformer", variant: "dvs128-gesture", flags: [.heads: 4, .timeSteps: 2]))
    #expect(model.warnings.map(\.id) == ["other-channels"])
  }

  @Test func aNameWithCMLInAWordIsNotSpikingformers() throws {
    try expect("ambiguous-family") {
      try load(Self.spikingformer.tensors(), named: "spikingformer-cmlv2")
    }
  }

  @Test func tensorsThatOneFamilyHasNeedNoFlag() throws {
    for network in Network.all where !network.family.hasPrefix("spikingformer") {
      let model = try load(
        network.tensors(), Self.options(variant: network.dataset.rawValue))
      #expect(model.family == network.family)
    }
  }
}

/// Which of a family's variants a checkpoint is of, where they are computed differently.
@Suite struct VariantTests {
  /// What settles the variant of a network with these options.
  static func source(
    _ network: Network, named name: String = "best", args: [(String, Hint)] = [],
    _ flags: [Settings.Key: Hint] = [:]
  ) throws -> String {
    let options = RecognitionTests.options(
      family: network.family,
      flags: [.heads: 4, .timeSteps: 2].merging(flags) { _, last in last })
    let model = try load(network.tensors(), args: args, named: name, options)
    return "\(model.dataset.rawValue) by "
      + (model.familySource.split(separator: " by ").dropFirst().first ?? "nothing")
  }

  @Test(arguments: [RecognitionTests.cml, RecognitionTests.v1])
  func fewClassesAndThreeColoursMayBeAnyImages(_ network: Network) throws {
    let error = try expect("ambiguous-variant") { try Self.source(network) }
    #expect(error.status == .badData)
    #expect(error.notes.contains { $0.contains("--variant imagenet, or --image-size 224") })
    #expect(error.notes.contains { $0.contains("--variant cifar10, or --image-size 32") })
  }

  @Test func theArgumentsSettleIt() throws {
    #expect(
      try Self.source(RecognitionTests.v1, args: [("dataset", "torch/cifar10")])
        == "cifar10 by checkpoint args 'dataset'")
    #expect(
      try Self.source(RecognitionTests.v1, args: [("img_size", 32)])
        == "cifar10 by the image size 32")
    #expect(
      try Self.source(RecognitionTests.cml, args: [("img_size", 224)])
        == "imagenet by the image size 224")
  }

  @Test func theImageSizeSettlesIt() throws {
    #expect(
      try Self.source(RecognitionTests.cml, [.imageSize: 32]) == "cifar10 by the image size 32")
    #expect(
      try Self.source(RecognitionTests.cml, [.imageSize: 64]) == "imagenet by the image size 64")
  }

  @Test(arguments: [
    ("cml-cifar10", "cifar10"), ("CIFAR100_best", "cifar100"), ("imagenet.ckpt", "imagenet"),
  ])
  func theFileNameSettlesIt(_ name: String, _ variant: String) throws {
    #expect(
      try Self.source(RecognitionTests.cml, named: name) == "\(variant) by the file's name")
  }

  @Test(arguments: [
    ("spikformer", Dataset.cifar10, 10, Dataset.cifar10), ("spikformer", .cifar10, 100, .cifar100),
    ("spikformer", .cifar10DVS, 10, .cifar10DVS), ("spikformer", .cifar10DVS, 11, .dvs128Gesture),
    ("cml-spikformer", .cifar10, 100, .cifar100), ("qkformer", .cifar10, 100, .cifar100),
  ])
  func theClassesTellVariantsThatAreComputedAlike(
    _ family: String, _ layout: Dataset, _ classes: Int, _ variant: Dataset
  ) throws {
    let depth = family == "qkformer" ? 3 : 1
    let network = Network(family: family, dataset: layout, depth: depth, classes: classes)
    #expect(try Self.source(network) == "\(variant.rawValue) by nothing")
  }

  @Test func aPublishedSizeSettlesIt() throws {
    let network = Network(
      family: "spikingformer-cml", dataset: .cifar10, width: 256, depth: 4, heads: 8)
    #expect(
      try Self.source(network, [.heads: 8])
        == "cifar10 by the size of spikingformer-cml-cifar10-4-256")
  }

  @Test func aThousandClassesAreImageNet() throws {
    for family in ["spikingformer-cml", "spike-driven-transformer"] {
      #expect(
        try Self.source(Network(family: family, dataset: .imagenet)) == "imagenet by nothing")
    }
  }

  @Test func classesTellTheEventCamerasOfV1Apart() throws {
    let network = Network(family: "spike-driven-transformer", dataset: .cifar10DVS)
    #expect(try Self.source(network) == "cifar10-dvs by nothing")
    var other = network
    other.classes = 7
    try expect("ambiguous-variant") { try Self.source(other) }
    #expect(try Self.source(other, [.imageSize: 64]) == "cifar10-dvs by the image size 64")
  }

  @Test func aVariantThatTheTensorsCannotBeIsRefused() throws {
    let error = try expect("wrong-variant") {
      try load(
        Network(family: "spikformer", dataset: .imagenet).tensors(),
        RecognitionTests.options(variant: "cifar10"))
    }
    #expect(error.notes == ["they can be of: imagenet"])
    for name in ["mnist", "cifar10-dsv", "foo-imagenet"] {
      try expect("wrong-variant") {
        try load(
          RecognitionTests.spikingformer.tensors(),
          RecognitionTests.options(family: "spikingformer", variant: name))
      }
    }
  }

  @Test func theStagesThatPoolSettleTheVariantOfV1() throws {
    let v1 = RecognitionTests.v1
    #expect(try Self.source(v1, [.pooling: "0011"]) == "cifar10 by flag --pooling-stat")
    #expect(try Self.source(v1, [.pooling: "1111"]) == "imagenet by flag --pooling-stat")
    try expect("ambiguous-variant") { try Self.source(v1, [.pooling: "0111"]) }
    var other = v1
    other.classes = 7
    try expect("ambiguous-variant") { try Self.source(other) }
  }

  @Test func aPresetOfAnotherVariantOrFamilyIsRefused() throws {
    let network = Network(
      family: "spikingformer-cml", dataset: .cifar10, width: 256, depth: 4, heads: 8)
    let tensors = try network.tensors()
    let preset = "spikingformer-cml-cifar10-4-256"
    #expect(try load(tensors, RecognitionTests.options(preset: preset)).dataset == .cifar10)
    try expect("wrong-preset") {
      try load(tensors, RecognitionTests.options(variant: "imagenet", preset: preset))
    }
    let foreign = try expect("foreign-preset") {
      try load(
        tensors, RecognitionTests.options(family: "spikingformer-cml", preset: "qkformer-10-384"))
    }
    #expect(foreign.status == .usage)
  }

  @Test func variantsAreNamedWithoutRegardToHyphens() throws {
    let network = Network(family: "spikformer", dataset: .cifar10DVS)
    let model = try load(network.tensors(), RecognitionTests.options(variant: "cifar10dvs"))
    #expect(model.dataset == .cifar10DVS)
  }
}
