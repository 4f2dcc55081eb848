import Diagnostics
import SpikeIR

/// Spike-driven Transformer (V1): membrane shortcuts, and attention that only masks and adds (SDSA).
///
/// Source: BICLab/Spike-Driven-Transformer, `model/spikeformer.py`, `module/ms_conv.py` and
/// `module/sps.py` (arXiv 2307.01694).
struct SpikeDrivenTransformer: Family {
  /// What one model is.
  struct Configuration: Sendable {
    let size: TransformerConfiguration
    /// For each of the first four convolutions, whether its map is pooled.
    let pools: [Bool]
    /// Whether spikes of attention are pooled without a stride (`dvs_mode`).
    let erodes: Bool
    /// Whether the neurons' time constants were learned (`spike_mode: plif`).
    let isParametric: Bool
  }

  let name = "spike-driven-transformer"

  let summary = "Spike-driven Transformer V1 (BICLab/Spike-Driven-Transformer)"

  let needs = "variant or pooling stages of few classes, time steps for event cameras"

  let presets: [Preset] = [
    preset("8-384", .imagenet, 384, 8, parameters: 16.81),
    preset("6-512", .imagenet, 512, 6), preset("8-512", .imagenet, 512, 8, parameters: 29.68),
    preset("10-512", .imagenet, 512, 10), preset("10-384", .imagenet, 384, 10),
    preset("8-768", .imagenet, 768, 8, parameters: 66.34),
    preset("cifar10-2-256", .cifar10, 256, 2), preset("cifar10-2-512", .cifar10, 512, 2),
    preset("cifar100-2-256", .cifar100, 256, 2), preset("cifar100-2-512", .cifar100, 512, 2),
    preset("dvs128-gesture-2-256", .dvs128Gesture, 256, 2),
    preset("cifar10-dvs-2-256", .cifar10DVS, 256, 2),
  ]

  private static func preset(
    _ name: String, _ dataset: Dataset, _ width: Int, _ depth: Int, parameters: Double? = nil
  ) -> Preset {
    Preset(
      "spike-driven-transformer-\(name)", dataset, width: width, depth: depth, heads: 8,
      timeSteps: dataset.takesEvents ? (dataset == .cifar10DVS ? 10 : 16) : 4,
      imageSize: imageSize(of: dataset), parameters: parameters,
      unsettled: dataset.takesEvents ? [.timeSteps] : [])
  }

  private static func imageSize(of dataset: Dataset) -> Int {
    dataset == .cifar10DVS ? 64 : dataset.imageSize
  }

  func imageSize(for dataset: Dataset) -> Int { Self.imageSize(of: dataset) }

  /// What the files of `conf/` say: they cut ImageNet's pictures, and have CIFAR-100's own statistics.
  func pictures(of dataset: Dataset, imageSize: Int) -> PicturePreset? {
    var preset = PicturePreset.usual(for: dataset)
    if dataset == .imagenet { preset?.cropFraction = 0.95 }
    if dataset == .cifar100 {
      preset?.mean = [0.5071, 0.4867, 0.4408]
      preset?.std = [0.2675, 0.2565, 0.2761]
    }
    return preset
  }

  let landmarks = [
    ["head.weight"], [keys.stem], ["patch_embed.proj_conv1.weight"],
    ["patch_embed.rpe_conv.weight"], ["block.0.attn.q_conv.weight"],
    ["block.0.mlp.fc1_conv.weight"],
  ]

  private static let keys = TransformerConfiguration.Keys(
    stem: "patch_embed.proj_conv.weight", hidden: ".mlp.fc1_conv.weight")

  func recognize(_ tensors: TensorShapes) -> Recognition? {
    // Spikformer has these names too, and attention of one-dimensional kernels.
    let rank = tensors["block.0.attn.q_conv.weight"]?.count
    guard let size = tensors.transformerSize(Self.keys.hidden),
      let channels = tensors.extent(Self.keys.stem, 1),
      rank == 4 || tensors["block.0.attn.talking_heads.weight"] != nil
    else { return nil }
    let small = Dataset.cifar(classes: size.classes)
    let images: [[Dataset]] = size.classes == 1000 ? [[.imagenet]] : [[.imagenet], small]
    let events: [[Dataset]] =
      size.classes == 10
      ? [[.cifar10DVS]]
      : size.classes == 11 ? [[.dvs128Gesture]] : [[.dvs128Gesture], [.cifar10DVS]]
    let neurons = tensors["head_lif.w"] == nil ? "" : ", parametric neurons"
    return Recognition(
      [.imagenet] + small + [.dvs128Gesture, .cifar10DVS],
      likely: channels == 2 ? events : images, width: size.width, depth: size.depth,
      reason: "attn.q_conv of two axes with patch_embed.proj_conv1; \(channels) input channels, "
        + "\(size.classes) classes\(neurons)")
  }

  func shapes(of preset: Preset) -> TensorShapes {
    let width = preset.width
    return TensorShapes(
      TransformerConfiguration.shapes(of: preset, Self.keys) + [
        ("patch_embed.proj_conv1.weight", [width / 4, width / 8, 3, 3]),
        ("patch_embed.rpe_conv.weight", [width, width, 3, 3]),
        ("block.0.attn.q_conv.weight", [width, width, 1, 1]),
      ])
  }

  /// The authors make these and never call them.
  func isUnused(_ name: String) -> Bool {
    name.hasSuffix(".attn.talking_heads.weight") || name.hasSuffix(".attn.attn_lif.w")
      || name == "patch_embed.rpe_lif.w"
  }

  func configure(
    _ tensors: TensorShapes, for dataset: Dataset, _ settings: inout Settings
  ) throws(Diagnostic) -> Configuration {
    let stages = try settings.word(
      .pooling, of: Self.poolings, fallback: Self.defaultPooling(dataset))
    let pools = stages.map { $0 == "1" }
    let size = try TransformerConfiguration(
      tensors, Self.keys, for: dataset, patch: 1 << pools.count { $0 }, &settings,
      defaults: .init(
        heads: 8, timeSteps: dataset.takesEvents ? nil : 4, attentionScale: nil,
        imageSize: imageSize(for: dataset)))
    return Configuration(
      size: size, pools: pools, erodes: dataset == .cifar10DVS,
      isParametric: tensors["head_lif.w"] != nil)
  }

  /// The stages that pool tell the variants apart, too.
  func evidence(in settings: Settings) -> (datasets: Set<Dataset>, source: String)? {
    guard let (stages, source) = settings.known(.pooling) else { return nil }
    return (Set(Dataset.allCases.filter { Self.defaultPooling($0) == stages.text }), source)
  }

  /// Every way to pool behind four convolutions.
  private static let poolings = (0..<16).map { number in
    String((0..<4).map { number >> (3 - $0) & 1 == 1 ? "1" : "0" })
  }

  /// The stages of the authors' settings, `conf/*/*.yml`.
  private static func defaultPooling(_ dataset: Dataset) -> String {
    switch dataset {
    case .imagenet: "1111"
    case .dvs128Gesture: "0111"
    case .cifar10, .cifar100, .cifar10DVS: "0011"
    }
  }

  func build(
    _ model: Configuration, named name: String, from source: any TensorSource
  ) throws(Diagnostic) -> Module {
    let size = model.size
    var assembly = try Assembly(
      named: name, timeSteps: size.timeSteps, input: size.input, from: source)
    var x = try assembly.timed(.input, "patch_embed")
    x = try assembly.tokenizer(x, model)
    for index in 0..<size.depth {
      x = try assembly.attention(x, "block.\(index).attn", model)
      x = try assembly.mlp(x, "block.\(index).mlp", model)
    }
    x = try assembly.builder.mean(x, from: "head_lif")
    x = try assembly.neurons(x, "head_lif", model)
    x = try assembly.linear(x, "head", outputs: size.classes)
    x = try assembly.builder.meanSteps(x, from: "head")
    return try assembly.builder.finish(output: x)
  }
}

extension Assembly {
  /// The neurons of a model: with a common time constant, or one that each layer learned.
  fileprivate mutating func neurons(
    _ input: ValueID, _ path: String, _ model: SpikeDrivenTransformer.Configuration,
    threshold: Double = 1
  ) throws(Diagnostic) -> ValueID {
    model.isParametric
      ? try parametricNeurons(input, path, threshold: threshold)
      : try builder.lif(input, tau: model.size.tau, threshold: threshold, from: path)
  }

  /// `MS_SPS`: four 3 x 3 convolutions, and one more that is added to the last one's membranes.
  fileprivate mutating func tokenizer(
    _ input: ValueID, _ model: SpikeDrivenTransformer.Configuration
  ) throws(Diagnostic) -> ValueID {
    var (x, stream) = (input, input)
    for stage in 0..<4 {
      let number = stage == 0 ? "" : "\(stage)"
      let pool = "patch_embed.maxpool\(number)"
      x = try conv(
        x, "patch_embed.proj_conv\(number)", outputs: model.size.width >> (3 - stage), kernel: 3)
      x = try batchNorm(x, "patch_embed.proj_bn\(number)")
      if stage == 3 {
        if model.pools[stage] { x = try maxPool(x, pool) }
        stream = x
      }
      x = try neurons(x, "patch_embed.proj_lif\(number)", model)
      if stage < 3, model.pools[stage] { x = try maxPool(x, pool) }
    }
    x = try conv(x, "patch_embed.rpe_conv", outputs: model.size.width, kernel: 3)
    x = try batchNorm(x, "patch_embed.rpe_bn")
    return try builder.add(x, stream, from: "patch_embed")
  }

  /// `MS_SSA_Conv`: neurons on the number of tokens in which key and value fire mask the queries.
  ///
  /// With `dvs_mode`, keys and values are pooled over rows and columns; their products, and the
  /// masked queries, over tokens and the channels of a head.
  fileprivate mutating func attention(
    _ input: ValueID, _ path: String, _ model: SpikeDrivenTransformer.Configuration
  ) throws(Diagnostic) -> ValueID {
    let shape = builder.type(of: input).shape
    let heads = model.size.heads
    let split: Shape = [heads, shape[0] / heads, shape[1] * shape[2]]
    let spikes = try neurons(input, "\(path).shortcut_lif", model)
    var projections: [ValueID] = []
    for name in ["q", "k", "v"] {
      var x = try conv(spikes, "\(path).\(name)_conv", outputs: shape[0])
      x = try batchNorm(x, "\(path).\(name)_bn")
      x = try neurons(x, "\(path).\(name)_lif", model)
      if model.erodes, name != "q" { x = try maxPool(x, "\(path).pool", stride: 1) }
      projections.append(try builder.reshape(x, split, from: path))
    }
    var x = try builder.mul(projections[1], projections[2], from: path)
    if model.erodes { x = try maxPool(x, "\(path).pool", stride: 1) }
    x = try builder.sum(x, axis: 2, from: path)
    x = try neurons(x, "\(path).talking_heads_lif", model, threshold: 0.5)
    x = try builder.mul(projections[0], x, from: path)
    if model.erodes { x = try maxPool(x, "\(path).pool", stride: 1) }
    x = try builder.reshape(x, shape, from: path)
    x = try conv(x, "\(path).proj_conv", outputs: shape[0], bias: true)
    x = try batchNorm(x, "\(path).proj_bn")
    return try builder.add(x, input, from: path)
  }

  /// `MS_MLP_Conv`: two 1 x 1 convolutions behind neurons, added to the membrane stream; where the
  /// first one keeps the width, it has a shortcut of its own.
  fileprivate mutating func mlp(
    _ input: ValueID, _ path: String, _ model: SpikeDrivenTransformer.Configuration
  ) throws(Diagnostic) -> ValueID {
    var (x, stream) = (input, input)
    for (layer, outputs) in [("fc1", model.size.hidden), ("fc2", model.size.width)] {
      x = try neurons(x, "\(path).\(layer)_lif", model)
      x = try conv(x, "\(path).\(layer)_conv", outputs: outputs, bias: true)
      x = try batchNorm(x, "\(path).\(layer)_bn")
      if layer == "fc1", model.size.hidden == model.size.width {
        x = try builder.add(stream, x, from: path)
        stream = x
      }
    }
    return try builder.add(x, stream, from: path)
  }
}
