public import Diagnostics
public import SpikeIR

/// A family of models: how to know its checkpoints, and how to build its modules.
///
/// To add a family: write one file with a type that conforms to this protocol, and add it to
/// `Families.all`. What the weights cannot say stands in its presets and defaults.
public protocol Family: Sendable {
  /// What the checkpoint's shapes and the settings make of a model.
  associatedtype Configuration: Sendable

  /// The name, as `--arch` takes it.
  var name: String { get }

  /// One sentence on the family, with the source of its definition.
  var summary: String { get }

  /// The published sizes.
  var presets: [Preset] { get }

  /// The tensors by which a checkpoint of this family is known; of each list, one must be there.
  var landmarks: [[String]] { get }

  /// The variant that these tensors are of, and why; `nil` where they are of another family.
  func recognize(_ tensors: TensorShapes) -> Recognition?

  /// Whether a tensor of that name may stand in a checkpoint without being used by the network.
  func isUnused(_ name: String) -> Bool

  /// Decides what the model is, from the tensors' shapes and the settings.
  func configure(
    _ tensors: TensorShapes, _ recognition: Recognition, _ settings: inout Settings
  ) throws(Diagnostic) -> Configuration

  /// Builds the module, asking `source` for each tensor that the network uses.
  func build(
    _ configuration: Configuration, named name: String, from source: any TensorSource
  ) throws(Diagnostic) -> Module
}

/// What a family says of tensors that fit it.
public struct Recognition: Sendable {
  /// The variant, as the authors name its folder.
  public internal(set) var variant: String

  /// Every variant whose checkpoints have these keys.
  public let variants: [String]

  /// The embedding's width.
  public let width: Int

  /// The number of blocks.
  public let depth: Int

  /// Which keys and shapes tell.
  public let reason: String

  /// Other families whose checkpoints have the same keys and shapes.
  public let rivals: [String]
}

/// A published size of a family, with what its checkpoints do not record.
public struct Preset: Sendable {
  /// The name, as `--preset` takes it.
  public let name: String
  /// The variant, as in `Recognition`.
  public let variant: String
  /// The embedding's width.
  public let width: Int
  /// The number of blocks.
  public let depth: Int
  /// The number of attention heads.
  public let heads: Int
  /// The number of time steps.
  public let timeSteps: Int
  /// The height and width of the input.
  public let imageSize: Int
  /// Settings that were published in several ways, so that equal shapes alone do not settle them.
  public let unsettled: Set<Settings.Key>
}

/// The names and shapes of a checkpoint's tensors.
public struct TensorShapes: Sendable {
  /// The names, in the file's order.
  public let names: [String]

  private let shapes: [String: [Int]]

  /// Creates a list of names and shapes; names are unique.
  public init(_ tensors: [(name: String, shape: [Int])]) {
    names = tensors.map(\.name)
    shapes = Dictionary(
      tensors.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
  }

  /// The shape of the tensor `name`; `nil` where there is none.
  public subscript(name: String) -> [Int]? { shapes[name] }

  /// How many tensors `prefix + number + suffix` there are, for the numbers from 0 without a gap.
  public func count(_ prefix: String, _ suffix: String) -> Int {
    var count = 0
    while self["\(prefix)\(count)\(suffix)"] != nil { count += 1 }
    return count
  }
}
