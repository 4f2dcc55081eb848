import Diagnostics
import SpikeIR

/// Spikformer: the first spiking transformer; its shortcuts add spikes, so that counts reach the
/// convolutions.
///
/// Source: ZK-Zhou/spikformer, `imagenet/model.py`, `cifar10/model.py` and `cifar10dvs/model.py`
/// (arXiv 2209.15425).
struct Spikformer: Family {
  let name = "spikformer"

  let summary = "spiking transformer with shortcuts of spikes (ZK-Zhou/spikformer)"

  let needs = "heads where the code's do not divide the width, time steps for event cameras"

  let presets: [Preset] = [
    preset("8-384", .imagenet, 384, 8, parameters: 16.81),
    preset("8-512", .imagenet, 512, 8, parameters: 29.68),
    preset("8-768", .imagenet, 768, 8, parameters: 66.34),
    preset("cifar10-4-256", .cifar10, 256, 4, parameters: 4.15),
    preset("cifar10-2-384", .cifar10, 384, 2, parameters: 5.76),
    preset("cifar10-4-384", .cifar10, 384, 4, parameters: 9.32),
    preset("cifar10-dvs-2-256", .cifar10DVS, 256, 2, parameters: 2.57),
  ]

  /// A published size, with the settings of its variant.
  private static func preset(
    _ name: String, _ dataset: Dataset, _ width: Int, _ depth: Int, parameters: Double
  ) -> Preset {
    Preset(
      "spikformer-\(name)", dataset, width: width, depth: depth,
      heads: dataset.isCIFAR && width % 12 != 0 ? 8 : defaultHeads(dataset),
      timeSteps: dataset.takesEvents ? 16 : 4, parameters: parameters,
      unsettled: dataset.takesEvents
        ? [.timeSteps] : dataset.isCIFAR && width % 12 != 0 ? [.heads] : [])
  }

  /// The heads of the authors' code.
  private static func defaultHeads(_ dataset: Dataset) -> Int {
    dataset.takesEvents ? 16 : dataset.isCIFAR ? 12 : 8
  }

  let landmarks = [
    ["head.weight"], [stem], ["patch_embed.proj_conv1.weight"], ["patch_embed.rpe_conv.weight"],
    ["block.0.attn.q_conv.weight", "block.0.attn.q_linear.weight"],
    ["block.0.mlp.fc1_conv.weight", "block.0.mlp.fc1_linear.weight"],
  ]

  private static let stem = "patch_embed.proj_conv.weight"

  func recognize(_ tensors: TensorShapes) -> Recognition? {
    // The Spike-driven Transformer has these names too, and kernels of two dimensions throughout.
    let rank = tensors["block.0.attn.q_conv.weight"]?.count
    guard let channels = tensors.extent(Self.stem, 1), rank != 4,
      tensors["block.0.attn.talking_heads.weight"] == nil
    else { return nil }
    if let size = tensors.transformerSize(Self.hidden(.cifar10)) {
      return Recognition(
        Dataset.cifar(classes: size.classes), width: size.width, depth: size.depth,
        reason: "attn.q_linear with patch_embed.proj_conv1; \(size.classes) classes")
    }
    guard let size = tensors.transformerSize(Self.hidden(.imagenet)) else { return nil }
    let isEvents = tensors["block.0.mlp.fc1_conv.weight"]?.count == 3
    return Recognition(
      isEvents ? Dataset.events(classes: size.classes) : [.imagenet], width: size.width,
      depth: size.depth,
      reason: "patch_embed.rpe_conv with mlp.fc1_conv of \(isEvents ? "one axis" : "two axes"); "
        + "\(channels) input channels, \(size.classes) classes")
  }

  func shapes(of preset: Preset) -> TensorShapes {
    let (width, keys) = (preset.width, keys(preset.dataset))
    let projection = preset.dataset.isCIFAR ? "linear" : "conv"
    return TensorShapes(
      TransformerConfiguration.shapes(of: preset, keys) + [
        ("patch_embed.proj_conv1.weight", [width / 4, width / 8, 3, 3]),
        ("patch_embed.rpe_conv.weight", [width, width, 3, 3]),
        (
          "block.0.attn.q_\(projection).weight",
          [width, width] + (preset.dataset.isCIFAR ? [] : [1])
        ),
      ])
  }

  /// The first layer of a block's MLP.
  private static func hidden(_ dataset: Dataset) -> String {
    ".mlp.fc1_\(dataset.isCIFAR ? "linear" : "conv").weight"
  }

  private func keys(_ dataset: Dataset) -> TransformerConfiguration.Keys {
    .init(
      stem: Self.stem, hidden: Self.hidden(dataset),
      hiddenDimensions: dataset.isCIFAR ? 0 : dataset.takesEvents ? 1 : 2)
  }

  func isUnused(_ name: String) -> Bool {
    name.isLayerNormOfBlock || ["pos_embed", "norm.weight", "norm.bias"].contains(name)
  }

  func configure(
    _ tensors: TensorShapes, for dataset: Dataset, _ settings: inout Settings
  ) throws(Diagnostic) -> TransformerConfiguration {
    try TransformerConfiguration(
      tensors, keys(dataset), for: dataset, patch: dataset.isCIFAR ? 4 : 16, &settings,
      defaults: .init(
        heads: Self.defaultHeads(dataset), timeSteps: dataset.takesEvents ? nil : 4,
        attentionScale: dataset.takesEvents ? 0.25 : 0.125, imageSize: dataset.imageSize))
  }

  func build(
    _ model: TransformerConfiguration, named name: String, from source: any TensorSource
  ) throws(Diagnostic) -> Module {
    let dataset = model.dataset
    let style = SpikeBlockStyle(
      attention: dataset.isCIFAR ? .linear : .conv1d,
      mlp: dataset.isCIFAR ? .linear : dataset.takesEvents ? .conv1d : .conv2d,
      mlpLayers: ["fc1", "fc2"], hidden: model.hidden, heads: model.heads, tau: model.tau,
      attentionScale: model.attentionScale, keysFirst: dataset == .imagenet)
    return try model.module(named: name, from: source) { (assembly, x) throws(Diagnostic) in
      try assembly.tokenizer(x, model)
    } block: { (assembly, x, path) throws(Diagnostic) in
      try assembly.spikeBlock(x, attention: "\(path).attn", mlp: "\(path).mlp", style)
    }
  }
}

extension Assembly {
  /// `SPS`: four 3 x 3 convolutions whose spikes are pooled, and one more for the positions.
  fileprivate mutating func tokenizer(
    _ input: ValueID, _ model: TransformerConfiguration
  ) throws(Diagnostic) -> ValueID {
    let firstPooled = model.dataset.isCIFAR ? 2 : 0
    var x = input
    for stage in 0..<4 {
      let number = stage == 0 ? "" : "\(stage)"
      x = try spikingConv(
        x, { $0 == "maxpool" ? "patch_embed.maxpool\(number)" : "patch_embed.proj_\($0)\(number)" },
        outputs: model.width >> (3 - stage),
        pooling: stage >= firstPooled ? .afterNeurons : .none, tau: model.tau)
    }
    return try builder.add(try positions(x, model), x, from: "patch_embed")
  }
}
