import CheckpointTestSupport
import Checkpoint
import Diagnostics
import Families
import SpikeIR
import Testing

/// A network of some family and size, of which there are only names and shapes.
struct Network: CustomTestStringConvertible, Sendable {
  /// The family's name.
  var family: String
  /// The data that it is made for.
  var dataset: Dataset
  /// The width of the last block.
  var width = 64
  /// The number of blocks.
  var depth = 1
  /// The number of heads.
  var heads: Int? = 4
  /// The number of classes; the dataset's, if it is not given.
  var classes: Int?

  var testDescription: String { "\(family) \(dataset.rawValue) \(depth)-\(width)" }

  /// Every tensor that the network asks for, in order.
  func tensors() throws -> [(name: String, shape: [Int])] {
    let family = try #require(Families.all.first { $0.name == self.family })
    let preset = Preset(
      "network", dataset, width: width, depth: depth, heads: heads, timeSteps: 2, connect: "ADD")
    return try family.outline(of: preset).tensors.map { name, shape in
      guard let classes, ["head.", "fc."].contains(where: name.hasPrefix) else {
        return (name, shape)
      }
      return (name, [classes] + shape.dropFirst())
    }
  }

  /// Of each family one network for each of its variants, with its usual number of classes.
  static let all: [Network] = Families.all.flatMap { family in
    family.datasets.map { dataset in
      switch family.name {
      case "qkformer":
        let depth = dataset == .imagenet ? 4 : dataset.takesEvents ? 2 : 3
        return Network(family: family.name, dataset: dataset, depth: depth)
      case "meta-spikeformer":
        return Network(family: family.name, dataset: dataset, width: 80, depth: 8)
      case "sew-resnet":
        return Network(family: family.name, dataset: dataset, width: 8, depth: 18, heads: nil)
      default: return Network(family: family.name, dataset: dataset)
      }
    }
  }
}

/// Imports a checkpoint of tensors that are all one number, whose script had these arguments.
func load(
  _ tensors: [(name: String, shape: [Int])], args: [(String, Hint)] = [],
  named name: String = "best",
  _ options: ModelImport.Options = ModelImport.Options(flags: [.heads: 4, .timeSteps: 2])
) throws -> ModelImport {
  var pickle = PickleAssembler().ops("}(").text("args").global("argparse Namespace")
    .raw([0x29, 0x81]).ops("}(")
  for (key, value) in args {
    pickle = pickle.text(key)
    switch value {
    case .integer(let number): pickle = pickle.int(number)
    case .text(let text): pickle = pickle.text(text)
    default: Issue.record("an argument is a number or a text")
    }
  }
  pickle = pickle.ops("ub").text("state_dict").ops("}(")
  for (name, shape) in tensors {
    pickle = pickle.text(name).tensor(
      key: "0", count: 1, shape: shape, strides: [Int](repeating: 0, count: shape.count))
  }
  let storages = [(key: "0", bytes: TinyCheckpoint.bytes(of: [1]))]
  // The mapping outlives the file's name.
  let file = TemporaryFile(TinyCheckpoint(pickle.ops("uu"), storages).zip.bytes)
  return try ModelImport(Checkpoint(path: file.path), named: name, options)
}

/// Expects that `body` throws the diagnostic with the given id, and returns it.
@discardableResult
func expect<Value>(
  _ id: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Value
) throws -> Diagnostic {
  let error = #expect(throws: Diagnostic.self, sourceLocation: sourceLocation) { _ = try body() }
  #expect(error?.id == id, "\(error?.message ?? "")", sourceLocation: sourceLocation)
  return try #require(error, sourceLocation: sourceLocation)
}
