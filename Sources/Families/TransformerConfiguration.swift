import Diagnostics
import SpikeIR

/// What one of the transformers of blocks of equal width is: the sizes that its tensors show, and
/// the settings that they do not.
struct TransformerConfiguration: Sendable {
  /// What the authors' code of a variant fixes.
  struct Defaults {
    /// The heads; `nil` where they vary.
    var heads: Int?
    /// The steps; `nil` where they vary.
    var timeSteps: Int?
    /// The neurons' time constant.
    var tau: Double = 2
    /// What attention's sums are multiplied by; `nil` where they are not.
    var attentionScale: Double? = 0.125
    /// The height and width of the input.
    var imageSize: Int
  }

  /// The names of the tensors that show the sizes.
  struct Keys {
    /// The first convolution, `[width / 8, channels, 3, 3]`.
    var stem: String
    /// The first layer of a block's MLP, `[hidden, width, ...]`, behind `block.N`.
    var hidden: String
    /// The axes of that layer's kernel, each of the extent 1.
    var hiddenDimensions = 2
  }

  let dataset: Dataset
  let channels: Int
  let classes: Int
  let width: Int
  let depth: Int
  let hidden: Int
  let heads: Int
  let timeSteps: Int
  let imageSize: Int
  let tau: Double
  let attentionScale: Double

  /// Reads the sizes and settles the rest.
  ///
  /// - Parameter patch: how many rows and columns of the input become one token.
  init(
    _ tensors: TensorShapes, _ keys: Keys, for dataset: Dataset, patch: Int,
    _ settings: inout Settings, defaults: Defaults
  ) throws(Diagnostic) {
    self.dataset = dataset
    channels = tensors.extent(keys.stem, 1) ?? dataset.channels
    classes = tensors.extent("head.weight", 0) ?? dataset.classes
    width = tensors.extent("head.weight", 1) ?? 0
    depth = tensors.count("block.", keys.hidden)
    hidden = tensors.extent("block.0\(keys.hidden)", 0) ?? 4 * width
    heads = try settings.integer(
      .heads, fallback: defaults.heads,
      advice: "models of this variant were published with 8 heads, and with 12")
    guard width.isMultiple(of: heads) else { throw .headsDoNotDivide(heads, width) }
    timeSteps = try settings.integer(
      .timeSteps, fallback: defaults.timeSteps,
      advice: "models of event cameras were published with 10 steps, and with 16")
    imageSize = try settings.integer(.imageSize, fallback: defaults.imageSize)
    guard imageSize.isMultiple(of: patch) else { throw .imageSize(imageSize, patch) }
    tau = try settings.tau(fallback: defaults.tau)
    if let scale = defaults.attentionScale {
      attentionScale = try settings.attentionScale(fallback: scale)
    } else {
      attentionScale = 1
    }
  }

  /// Builds a module of a tokenizer, `depth` blocks, and a head on the mean over space and time.
  func module(
    named name: String, from source: any TensorSource,
    tokenizer: (inout Assembly, ValueID) throws(Diagnostic) -> ValueID,
    block: (inout Assembly, ValueID, String) throws(Diagnostic) -> ValueID
  ) throws(Diagnostic) -> Module {
    var assembly = try Assembly(named: name, timeSteps: timeSteps, input: input, from: source)
    var x = try assembly.timed(.input, "patch_embed")
    x = try tokenizer(&assembly, x)
    for index in 0..<depth { x = try block(&assembly, x, "block.\(index)") }
    x = try assembly.headOfMeans(x, "head", classes: classes)
    return try assembly.builder.finish(output: x)
  }

  /// The type of the input: an image, or frames of events, one for each step.
  var input: ValueType {
    ValueType(.real, [channels, imageSize, imageSize], timed: dataset.takesEvents)
  }

  /// The tensors that show the sizes of a published model.
  static func shapes(of preset: Preset, _ keys: Keys) -> [(name: String, shape: [Int])] {
    [
      (keys.stem, [preset.width / 8, preset.dataset.channels, 3, 3]),
      ("head.weight", [preset.dataset.classes, preset.width]),
    ]
      + (0..<preset.depth).map {
        (
          "block.\($0)\(keys.hidden)",
          [4 * preset.width, preset.width] + [Int](repeating: 1, count: keys.hiddenDimensions)
        )
      }
  }
}

extension TensorShapes {
  /// The width and depth of a transformer whose blocks hold a tensor `hidden`; `nil` where they
  /// cannot be told.
  func transformerSize(_ hidden: String) -> (width: Int, depth: Int, classes: Int)? {
    let depth = count("block.", hidden)
    // The first convolution has an eighth of the width.
    guard depth > 0, let head = self["head.weight"], head.count == 2, head[1] >= 8 else {
      return nil
    }
    return (head[1], depth, head[0])
  }
}

extension String {
  /// Whether this is a tensor of a block's LayerNorms, which the authors make and never call.
  var isLayerNormOfBlock: Bool {
    let parts = split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "block" && parts[1].allSatisfy(\.isNumber)
      && (parts[2] == "norm1" || parts[2] == "norm2")
      && (parts[3] == "weight" || parts[3] == "bias")
  }
}

extension Diagnostic {
  /// The error of heads that do not divide the width.
  static func headsDoNotDivide(_ heads: Int, _ width: Int) -> Diagnostic {
    .error(
      "heads-do-not-divide", "\(heads) heads do not divide the width \(width)",
      notes: ["pass --heads N with the number that the model was trained with"])
  }

  /// The error of an image size that is no multiple of the patch size.
  static func imageSize(_ size: Int, _ patch: Int) -> Diagnostic {
    .error(
      "image-size", "the image size must be a multiple of the patch size \(patch), not \(size)",
      notes: ["pass --image-size N"])
  }
}
