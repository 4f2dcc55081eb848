import Checkpoint
import Diagnostics
import Families
import SpikeIR
import CheckpointTestSupport
import Testing

/// A Spikingformer of some size, of which there are only names and shapes.
struct Network {
  /// The authors' folder.
  var variant: String
  /// The embedding's width.
  var width = 64
  /// The number of blocks.
  var depth = 1
  /// The number of classes.
  var classes = 10
  /// The channels of the input.
  var channels = 3

  /// Whether the tokenizer is CIFAR's.
  var isSmall: Bool { variant == "cifar10" || variant == "cifar100" }

  /// The name of the first convolution's weight.
  var stem: String { isSmall ? "patch_embed.block0_conv.weight" : "patch_embed.proj_conv.weight" }

  /// The tensors by which the family is recognised and the sizes are known.
  var marks: [(name: String, shape: [Int])] {
    [
      (stem, [width / 8, channels, 3, 3]), ("patch_embed.proj1_conv.weight", [width / 4, 1, 3, 3]),
      ("head.weight", [classes, width]),
    ]
    .filter { !isSmall || $0.0 != "patch_embed.proj1_conv.weight" }
      + (0..<depth).map { ("block.\($0).mlp.mlp1_conv.weight", [4 * width, width, 1, 1]) }
  }

  /// Every tensor that the family's network asks for, in order.
  func tensors(
    _ flags: [Settings.Key: Double] = [.heads: 4, .timeSteps: 2]
  ) throws -> [(name: String, shape: [Int])] {
    let family = try #require(Families.all.first { $0.name == "spikingformer" })
    return try Self.requests(of: family, TensorShapes(marks), flags)
  }

  private static func requests<F: Family>(
    of family: F, _ tensors: TensorShapes, _ flags: [Settings.Key: Double]
  ) throws -> [(name: String, shape: [Int])] {
    let recognition = try #require(family.recognize(tensors))
    var settings = Settings(flags: flags, hints: [:])
    let configuration = try family.configure(tensors, recognition, &settings)
    let recorder = Recorder()
    _ = try family.build(configuration, named: "network", from: recorder)
    return recorder.requests
  }

  /// Takes down what a network asks for.
  private final class Recorder: TensorSource {
    var requests: [(name: String, shape: [Int])] = []

    func data(_ name: String, _ shape: [Int]) -> WeightData {
      requests.append((name, shape))
      return WeightData(count: shape.reduce(1, *))
    }
  }
}

/// Imports a checkpoint of tensors that are all one number, whose script had these arguments.
func load(
  _ tensors: [(name: String, shape: [Int])], args: [(String, Int)] = [],
  named name: String = "best",
  _ options: ModelImport.Options = ModelImport.Options(flags: [.heads: 4, .timeSteps: 2])
) throws -> ModelImport {
  var pickle = PickleAssembler().ops("}(").text("args").global("argparse Namespace")
    .raw([0x29, 0x81]).ops("}(")
  for (key, value) in args { pickle = pickle.text(key).int(value) }
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
