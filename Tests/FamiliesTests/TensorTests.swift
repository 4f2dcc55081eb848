import Diagnostics
import Families
import SpikeIR
import Testing

/// Which tensors a network uses, and what is said of the others.
@Suite struct TensorTests {
  static let network = Network(family: "spikingformer", dataset: .cifar10)

  @Test func missingTensorsAreNamed() throws {
    let tensors = try Self.network.tensors().filter { $0.name != "block.0.attn.k_bn.running_var" }
    let error = try expect("misfit") { try load(tensors) }
    #expect(error.message.contains("missing: block.0.attn.k_bn.running_var [64]"))
  }

  @Test func misshapenTensorsAreNamed() throws {
    let tensors = try Self.network.tensors().map {
      $0.name == "block.0.attn.q_conv.weight" ? ($0.name, [64, 64, 3]) : $0
    }
    let error = try expect("misfit") { try load(tensors) }
    #expect(error.message.contains("block.0.attn.q_conv.weight is [64, 64, 3], not [64, 64, 1]"))
  }

  @Test(arguments: [[], [64]])
  func misshapenTensorsThatDecideTheSizesAreNamed(_ shape: [Int]) throws {
    for name in ["block.0.mlp.mlp1_conv.weight", "patch_embed.block0_conv.weight"] {
      let tensors = try Self.network.tensors().map { $0.name == name ? (name, shape) : $0 }
      let error = try expect("misfit") { try load(tensors) }
      #expect((error.notes + [error.message]).contains { $0.contains("\(name) is \(shape), not") })
    }
  }

  @Test func leftOverTensorsAreNamed() throws {
    let tensors = try Self.network.tensors() + [("block.0.extra\u{1B}.weight", [3])]
    let error = try expect("misfit") { try load(tensors) }
    #expect(error.message.contains("left over: block.0.extra"))
    #expect(!error.message.contains("\u{1B}"))
  }

  @Test func everyProblemIsCountedAndTheFirstAreListed() throws {
    let tensors = try Self.network.tensors().filter { !$0.name.contains("attn") }
    let error = try expect("misfit") { try load(tensors) }
    #expect(error.message.hasPrefix("21 tensors do not fit spikingformer"))
    #expect(error.notes.contains("and 13 more"))
  }

  @Test func unusedTensorsAreListed() throws {
    let extra: [(name: String, shape: [Int])] = [
      ("block.0.norm1.weight", [64]), ("block.0.norm1.bias", [64]), ("block.0.norm2.weight", [64]),
      ("block.0.norm2.bias", [64]), ("block.0.attn.q_bn.num_batches_tracked", []),
    ]
    let model = try load(Self.network.tensors() + extra)
    #expect(model.unusedNames == extra.map(\.name))
    #expect(model.unused.tensors == 5 && model.unused.parameters == 256)
  }

  @Test(arguments: ["norm1.weight", "block.0.norm3.weight", "block.0.attn.norm1.weight"])
  func onlyTheLayerNormsOfBlocksAreKnownToBeUnused(_ name: String) throws {
    try expect("misfit") { try load(Self.network.tensors() + [(name, [64])]) }
  }

  @Test func kernelsAreReorderedForTheirSums() throws {
    // Where every element is the same number, only the shapes show the order.
    let module = try load(Self.network.tensors()).module
    let kernel = try #require(
      module.weights.first { $0.name == "patch_embed.block1_conv.weight" })
    #expect(kernel.shape == [3, 3, 8, 16])
  }

  @Test func parametersAreAsManyAsPublished() throws {
    var published = 0
    for family in Families.all {
      for preset in family.presets {
        guard let expected = preset.parameters else { continue }
        let tensors = try family.outline(of: preset).tensors
        let count = Double(ModelImport.count(tensors).parameters) / 1e6
        // The authors round and truncate to two digits, and once to one.
        #expect(abs(count - expected) < 0.01 || abs(count - expected) < 0.05 && expected == 31.3)
        published += 1
      }
    }
    #expect(published > 30)
  }

  @Test func presetsAreRecognisedByTheTensorsOfTheirNetworks() throws {
    for family in Families.all {
      for preset in family.presets {
        let tensors = try TensorShapes(family.outline(of: preset).tensors)
        let recognition = try #require(family.recognize(tensors), "\(preset.name)")
        #expect(recognition.width == preset.width && recognition.depth == preset.depth)
        #expect(recognition.datasets.contains(preset.dataset))
        let marks = family.shapes(of: preset)
        for name in marks.names {
          let isUnused = family.isUnused(name)
          #expect(isUnused || tensors[name] == marks[name], "\(preset.name) \(name)")
        }
      }
    }
  }

  @Test func parametersOfAnImportLeaveOutStatistics() throws {
    let tensors = try Self.network.tensors()
    let model = try load(tensors)
    #expect(model.used.tensors == tensors.count)
    #expect(
      model.used.parameters
        == tensors.filter { !$0.name.contains(".running_") }
        .reduce(0) { $0 + $1.shape.reduce(1, *) })
    #expect(model.unused.tensors == 0)
  }
}
