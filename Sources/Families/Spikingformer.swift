import Diagnostics
import SpikeIR

/// Spikingformer: a spiking transformer with membrane shortcuts, so that every convolution's input
/// is spikes.
///
/// Source: zhouchenlin2096/Spikingformer, `imagenet/model.py`, `cifar10/model.py`,
/// `cifar100/model.py`, `dvs128-gesture/model.py` and `cifar10-dvs/model.py` (arXiv 2304.11954).
struct Spikingformer: Family {
  /// What one model is.
  struct Configuration: Sendable {
    let variant: Variant
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
  }

  /// The authors' five folders.
  enum Variant: String, Sendable {
    case imagenet
    case cifar10
    case cifar100
    case dvs128Gesture = "dvs128-gesture"
    case cifar10DVS = "cifar10-dvs"

    /// Whether it takes event frames, one for each step.
    var takesEvents: Bool { self == .dvs128Gesture || self == .cifar10DVS }

    /// The variants with CIFAR's tokenizer, and those with ImageNet's.
    static let families: (small: [String], large: [String]) = (
      [Variant.cifar10, .cifar100].map(\.rawValue),
      [Variant.imagenet, .dvs128Gesture, .cifar10DVS].map(\.rawValue)
    )

    /// Whether its tokenizer is CIFAR's, which pools twice instead of four times.
    var isSmall: Bool { self == .cifar10 || self == .cifar100 }

    /// The module path of the encoding, without `_conv` and `_bn`.
    var stem: String { isSmall ? "patch_embed.block0" : "patch_embed.proj" }
  }

  let name = "spikingformer"

  let summary = "spiking transformer with membrane shortcuts (zhouchenlin2096/Spikingformer)"

  let presets: [Preset] = [
    preset("8-384", .imagenet, 384, 8), preset("8-512", .imagenet, 512, 8),
    preset("8-768", .imagenet, 768, 8),
    preset("cifar10-4-256", .cifar10, 256, 4), preset("cifar10-2-384", .cifar10, 384, 2),
    preset("cifar10-4-384", .cifar10, 384, 4),
    preset("cifar100-4-256", .cifar100, 256, 4), preset("cifar100-2-384", .cifar100, 384, 2),
    preset("cifar100-4-384", .cifar100, 384, 4),
    preset("dvs128-gesture-2-256", .dvs128Gesture, 256, 2),
    preset("cifar10-dvs-2-256", .cifar10DVS, 256, 2),
  ]

  /// A published size, with the settings of its variant.
  private static func preset(
    _ name: String, _ variant: Variant, _ width: Int, _ depth: Int
  ) -> Preset {
    // CIFAR-10 was published with 12 heads in the code and 8 in some of its settings; the event
    // variants with 10 and 16 steps.
    Preset(
      name: "spikingformer-\(name)", variant: variant.rawValue, width: width, depth: depth,
      heads: variant == .cifar10 && width % 12 == 0 ? 12 : defaultHeads(variant) ?? 8,
      timeSteps: variant.takesEvents ? 16 : 4, imageSize: defaultImageSize(variant),
      unsettled: variant.takesEvents ? [.timeSteps] : variant == .cifar10 ? [.heads] : [])
  }

  /// The heads that the authors' code fixes; `nil` where it varies.
  private static func defaultHeads(_ variant: Variant) -> Int? {
    switch variant {
    case .imagenet, .cifar100: 8
    case .dvs128Gesture, .cifar10DVS: 16
    case .cifar10: nil
    }
  }

  /// The height and width of the input that the authors train on.
  private static func defaultImageSize(_ variant: Variant) -> Int {
    switch variant {
    case .imagenet: 224
    case .cifar10, .cifar100: 32
    case .dvs128Gesture, .cifar10DVS: 128
    }
  }

  let landmarks = [
    ["head.weight"], ["block.0.mlp.mlp1_conv.weight"],
    ["patch_embed.block0_conv.weight", "patch_embed.proj_conv.weight"],
  ]

  func recognize(_ tensors: TensorShapes) -> Recognition? {
    let depth = tensors.count("block.", ".mlp.mlp1_conv.weight")
    guard depth > 0, let head = tensors["head.weight"], head.count == 2 else { return nil }
    let (classes, width) = (head[0], head[1])
    if tensors["patch_embed.block0_conv.weight"] != nil {
      let variant: Variant = classes == 100 ? .cifar100 : .cifar10
      return Recognition(
        variant: variant.rawValue, variants: Variant.families.small, width: width, depth: depth,
        reason: "patch_embed.block0_conv is the CIFAR tokenizer; \(classes) classes", rivals: [])
    }
    guard let stem = tensors["patch_embed.proj_conv.weight"], stem.count == 4,
      tensors["patch_embed.proj1_conv.weight"] != nil
    else { return nil }
    let variant: Variant =
      stem[1] != 2 ? .imagenet : classes == 10 ? .cifar10DVS : .dvs128Gesture
    return Recognition(
      variant: variant.rawValue, variants: Variant.families.large, width: width, depth: depth,
      reason: "patch_embed.proj1_conv with mlp.mlp1_conv; \(stem[1]) input channels, "
        + "\(classes) classes",
      rivals: ["spikingformer-cml"])
  }

  /// The layer norms are made by the authors' code and never called.
  func isUnused(_ name: String) -> Bool {
    let path = name.split(separator: ".")
    return path.count == 4 && path[0] == "block" && (path[2] == "norm1" || path[2] == "norm2")
  }

  func configure(
    _ tensors: TensorShapes, _ recognition: Recognition, _ settings: inout Settings
  ) throws(Diagnostic) -> Configuration {
    guard let variant = Variant(rawValue: recognition.variant),
      let head = tensors["head.weight"]
    else { preconditionFailure("configure follows recognize") }
    let width = recognition.width
    // Where these two are misshapen, the usual numbers serve to say what shape they should have.
    let hidden = tensors["block.0.mlp.mlp1_conv.weight"]?.first ?? 4 * width
    let channels =
      tensors["\(variant.stem)_conv.weight"]?.dropFirst().first ?? (variant.takesEvents ? 2 : 3)
    let heads = try settings.integer(
      .heads, fallback: Self.defaultHeads(variant),
      advice: "CIFAR-10 models were published with 12 heads, and with 8")
    guard width.isMultiple(of: heads) else { throw .headsDoNotDivide(heads, width) }
    let timeSteps = try settings.integer(
      .timeSteps, fallback: variant.takesEvents ? nil : 4,
      advice: "models of event cameras were published with 10 steps, and with 16")
    let imageSize = try settings.integer(
      .imageSize, fallback: Self.defaultImageSize(variant), advice: "")
    let patch = variant.isSmall ? 4 : 16
    guard imageSize.isMultiple(of: patch) else { throw .imageSize(imageSize, patch) }
    return Configuration(
      variant: variant, channels: channels, classes: head[0], width: width,
      depth: recognition.depth, hidden: hidden, heads: heads,
      timeSteps: timeSteps, imageSize: imageSize,
      tau: try settings.real(.tau, fallback: variant.takesEvents ? 1.5 : 2),
      attentionScale: try settings.real(.attentionScale, fallback: 0.125))
  }

  func build(
    _ model: Configuration, named name: String, from source: any TensorSource
  ) throws(Diagnostic) -> Module {
    let input = ValueType(
      .real, [model.channels, model.imageSize, model.imageSize], timed: model.variant.takesEvents)
    var assembly = try Assembly(
      named: name, timeSteps: model.timeSteps, input: input, from: source)
    var x = ValueID.input
    if !model.variant.takesEvents { x = try assembly.builder.repeat(x, from: "patch_embed") }
    x = try assembly.tokenizer(x, model)
    for index in 0..<model.depth {
      x = try assembly.block(x, "block.\(index)", model)
    }
    x = try assembly.builder.mean(x, from: "head")
    x = try assembly.builder.meanSteps(x, from: "head")
    x = try assembly.linear(x, "head", outputs: model.classes)
    return try assembly.builder.finish(output: x)
  }
}

extension Assembly {
  /// `SpikingTokenizer`: five 3 x 3 convolutions, with neurons and pooling *before* the later ones.
  fileprivate mutating func tokenizer(
    _ input: ValueID, _ model: Spikingformer.Configuration
  ) throws(Diagnostic) -> ValueID {
    let small = model.variant.isSmall
    let prefix = "patch_embed.\(small ? "block" : "proj")"
    let widths = [8, 4, 2, 1, 1].map { model.width / $0 }
    var x = try conv(input, "\(model.variant.stem)_conv", outputs: widths[0], kernel: 3)
    x = try batchNorm(x, "\(model.variant.stem)_bn")
    for stage in 1...4 {
      x = try builder.lif(x, tau: model.tau, from: "\(prefix)\(stage)_lif")
      if !small || stage >= 3 {
        x = try builder.maxPool2d(
          x, kernel: [3, 3], stride: [2, 2], padding: [1, 1],
          from: small ? "\(prefix)\(stage)_mp" : "patch_embed.maxpool\(stage)")
      }
      x = try conv(x, "\(prefix)\(stage)_conv", outputs: widths[stage], kernel: 3)
      x = try batchNorm(x, "\(prefix)\(stage)_bn")
    }
    return x
  }

  /// `SpikingTransformer`: attention and MLP, each added to the membrane stream.
  fileprivate mutating func block(
    _ input: ValueID, _ path: String, _ model: Spikingformer.Configuration
  ) throws(Diagnostic) -> ValueID {
    let attention = try attention(input, "\(path).attn", model)
    let x = try builder.add(input, attention, from: "\(path).attn")
    return try builder.add(x, try mlp(x, "\(path).mlp", model), from: "\(path).mlp")
  }

  /// `MLP`: two 1 x 1 convolutions, each behind a neuron.
  private mutating func mlp(
    _ input: ValueID, _ path: String, _ model: Spikingformer.Configuration
  ) throws(Diagnostic) -> ValueID {
    var x = input
    for (layer, outputs) in [("mlp1", model.hidden), ("mlp2", model.width)] {
      x = try builder.lif(x, tau: model.tau, from: "\(path).\(layer)_lif")
      x = try conv(x, "\(path).\(layer)_conv", outputs: outputs, bias: true)
      x = try batchNorm(x, "\(path).\(layer)_bn")
    }
    return x
  }

  /// `SpikingSelfAttention`: the projections, the attention of spikes, and the output projection.
  private mutating func attention(
    _ input: ValueID, _ path: String, _ model: Spikingformer.Configuration
  ) throws(Diagnostic) -> ValueID {
    let spikes = try builder.lif(input, tau: model.tau, from: "\(path).proj_lif")
    var projections: [ValueID] = []
    for name in ["q", "k", "v"] {
      var x = try conv(spikes, "\(path).\(name)_conv", outputs: model.width, dimensions: 1)
      x = try batchNorm(x, "\(path).\(name)_bn")
      projections.append(try builder.lif(x, tau: model.tau, from: "\(path).\(name)_lif"))
    }
    var x = try spikeAttention(
      projections[0], projections[1], projections[2], path, heads: model.heads,
      scale: model.attentionScale, keysFirst: model.variant == .imagenet)
    x = try builder.lif(x, tau: model.tau, threshold: 0.5, from: "\(path).attn_lif")
    x = try conv(x, "\(path).proj_conv", outputs: model.width, bias: true, dimensions: 1)
    return try batchNorm(x, "\(path).proj_bn")
  }
}

extension Diagnostic {
  fileprivate static func headsDoNotDivide(_ heads: Int, _ width: Int) -> Diagnostic {
    .error(
      "heads-do-not-divide", "\(heads) heads do not divide the width \(width)",
      notes: ["pass --heads N with the number that the model was trained with"])
  }

  fileprivate static func imageSize(_ size: Int, _ patch: Int) -> Diagnostic {
    .error(
      "image-size", "the image size must be a multiple of the patch size \(patch), not \(size)",
      notes: ["pass --image-size N"])
  }
}
