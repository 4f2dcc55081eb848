import Checkpoint
import Diagnostics
import Families
import Testing

/// What is said where a checkpoint is of no family, or not of the one that is asked for.
@Suite struct BadFamilyTests {
  static let cifar10 = Network(family: "spikingformer", dataset: .cifar10)

  @Test func otherTensorsAreRefused() throws {
    try expect("unrecognized") { try load([("fc.weight", [2, 2])]) }
    let tensors = try Network.all.first { $0.family == "qkformer" }.map { try $0.tensors() } ?? []
    let wrong = try expect("wrong-family") {
      try load(tensors, RecognitionTests.options(family: "spikingformer"))
    }
    #expect(wrong.notes.contains("missing: block.0.mlp.mlp1_conv.weight"))
    #expect(wrong.notes.contains("they look like qkformer"))
  }

  @Test func theNearestFamilyIsNamed() throws {
    let tensors = try Self.cifar10.tensors().filter { $0.name != "head.weight" }
    let error = try expect("unrecognized") { try load(tensors) }
    #expect(error.message.contains("look like spikingformer"))
    #expect(error.notes.contains("missing: head.weight"))
  }

  @Test func aNetworkThatCannotBeBuiltIsExplainedByItsTensors() throws {
    let tensors = try RecognitionTests.sew.tensors().map {
      $0.name == "layer2.0.conv2.0.weight" ? ($0.name, [2304]) : $0
    }
    let error = try expect("misfit") {
      try load(tensors, RecognitionTests.options(flags: [.connect: "ADD"]))
    }
    #expect(error.notes.contains { $0.contains("layer2.0.conv2.0.weight is [2304], not") })
  }

  @Test func flagsMustNameWhatThereIs() throws {
    let tensors = try Self.cifar10.tensors()
    let family = try expect("unknown-family") {
      try load(tensors, RecognitionTests.options(family: "resnet"))
    }
    #expect(family.status == .usage)
    #expect(family.notes.contains { $0.contains("sew-resnet") })
    let preset = try expect("unknown-preset") {
      try load(tensors, RecognitionTests.options(preset: "spikingformer-9-9"))
    }
    #expect(preset.status == .usage)
    try expect("wrong-preset") {
      try load(tensors, RecognitionTests.options(preset: "spikingformer-8-768"))
    }
  }

  @Test(arguments: [[], [4], [4, 4, 4, 4, 4], [0, 64, 1, 1]])
  func shapesThatNoLayerHasAreErrors(_ shape: [Int]) throws {
    for name in [
      "patch_embed.block0_conv.weight", "block.0.mlp.mlp1_conv.weight", "head.weight",
    ] {
      let tensors = try Self.cifar10.tensors().map { $0.name == name ? (name, shape) : $0 }
      #expect(throws: (any Error).self, "\(name) \(shape)") { try load(tensors) }
    }
  }

  /// Whatever the shape of a tensor, an import says what is wrong with it; and whichever is missing.
  @Test(arguments: Network.all)
  func anyMisshapenOrMissingTensorIsNamed(_ network: Network) throws {
    let tensors = try network.tensors()
    let options = RecognitionTests.options(
      family: network.family, variant: network.dataset.rawValue)
    // Of a large network some, in a stride that meets every kind of layer.
    for index in stride(from: 0, to: tensors.count, by: max(1, tensors.count / 40) | 1) {
      for shape in [nil, [], [3, 5], [5, 3, 2, 2, 2]] where shape != tensors[index].shape {
        var other = tensors
        if let shape { other[index].shape = shape } else { other.remove(at: index) }
        let error = #expect(throws: Diagnostic.self, "\(tensors[index])") {
          try load(other, options)
        }
        #expect(error?.status == .badData)
      }
    }
  }
}
