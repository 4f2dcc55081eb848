import Diagnostics
import SpikeIR

/// Spikingformer: a spiking transformer with membrane shortcuts, so that every convolution's input
/// is spikes.
///
/// Source: zhouchenlin2096/Spikingformer, `imagenet/model.py`, `cifar10/model.py`,
/// `cifar100/model.py`, `dvs128-gesture/model.py` and `cifar10-dvs/model.py` (arXiv 2304.11954).
struct Spikingformer: Family {
  let name = "spikingformer"

  let summary = "spiking transformer with membrane shortcuts (zhouchenlin2096/Spikingformer)"

  let needs = "heads for CIFAR-10, time steps for event cameras"

  var presets: [Preset] { Self.presets(of: name) }

  /// The published sizes, which are those of `spikingformer-cml` too.
  static func presets(of family: String) -> [Preset] {
    func preset(
      _ name: String, _ dataset: Dataset, _ width: Int, _ depth: Int, parameters: Double? = nil
    ) -> Preset {
      // CIFAR-10 was published with 12 heads in the code and 8 in some of its settings; the event
      // variants with 10 and 16 steps.
      Preset(
        "\(family)-\(name)", dataset, width: width, depth: depth,
        heads: dataset == .cifar10 && width % 12 == 0 ? 12 : defaultHeads(dataset) ?? 8,
        timeSteps: dataset.takesEvents ? 16 : 4, parameters: parameters,
        unsettled: dataset.takesEvents ? [.timeSteps] : dataset == .cifar10 ? [.heads] : [])
    }
    return [
      preset("8-384", .imagenet, 384, 8, parameters: 16.81),
      preset("8-512", .imagenet, 512, 8, parameters: 29.68),
      preset("8-768", .imagenet, 768, 8, parameters: 66.34),
      preset("cifar10-4-256", .cifar10, 256, 4, parameters: 4.15),
      preset("cifar10-2-384", .cifar10, 384, 2, parameters: 5.76),
      preset("cifar10-4-384", .cifar10, 384, 4, parameters: 9.32),
      preset("cifar100-4-256", .cifar100, 256, 4), preset("cifar100-2-384", .cifar100, 384, 2),
      preset("cifar100-4-384", .cifar100, 384, 4),
      preset("dvs128-gesture-2-256", .dvs128Gesture, 256, 2, parameters: 2.57),
      preset("cifar10-dvs-2-256", .cifar10DVS, 256, 2, parameters: 2.57),
    ]
  }

  /// The heads that the authors' code fixes; `nil` where it varies.
  static func defaultHeads(_ dataset: Dataset) -> Int? {
    switch dataset {
    case .imagenet, .cifar100: 8
    case .dvs128Gesture, .cifar10DVS: 16
    case .cifar10: nil
    }
  }

  let landmarks = [
    ["head.weight"], ["block.0\(hidden)"],
    ["patch_embed.block0_conv.weight", "patch_embed.proj_conv.weight"],
    ["patch_embed.block1_conv.weight", "patch_embed.proj1_conv.weight"],
  ]

  func recognize(_ tensors: TensorShapes) -> Recognition? {
    guard let size = tensors.transformerSize(Self.hidden) else { return nil }
    if tensors["patch_embed.block0_conv.weight"] != nil {
      return Recognition(
        Dataset.cifar(classes: size.classes), width: size.width,
        depth: size.depth,
        reason: "patch_embed.block0_conv is the CIFAR tokenizer; \(size.classes) classes")
    }
    let stem = "patch_embed.proj_conv.weight"
    guard tensors["patch_embed.proj1_conv.weight"] != nil, let channels = tensors.extent(stem, 1)
    else { return nil }
    let events = Dataset.events(classes: size.classes)
    return Recognition(
      [.imagenet] + events, likely: [channels == 2 ? events : [.imagenet]], width: size.width,
      depth: size.depth,
      reason: "patch_embed.proj1_conv with mlp.mlp1_conv; \(channels) input channels, "
        + "\(size.classes) classes")
  }

  func shapes(of preset: Preset) -> TensorShapes {
    TensorShapes(
      TransformerConfiguration.shapes(of: preset, keys(preset.dataset)) + [
        preset.dataset.isCIFAR
          ? ("patch_embed.block1_conv.weight", [preset.width / 4, preset.width / 8, 3, 3])
          : ("patch_embed.proj1_conv.weight", [preset.width / 4, preset.width / 8, 3, 3])
      ])
  }

  /// The first layer of a block's MLP.
  private static let hidden = ".mlp.mlp1_conv.weight"

  private func keys(_ dataset: Dataset) -> TransformerConfiguration.Keys {
    .init(stem: "\(Self.stem(dataset))_conv.weight", hidden: Self.hidden)
  }

  /// The module path of the encoding, without `_conv` and `_bn`.
  fileprivate static func stem(_ dataset: Dataset) -> String {
    dataset.isCIFAR ? "patch_embed.block0" : "patch_embed.proj"
  }

  func isUnused(_ name: String) -> Bool { name.isLayerNormOfBlock }

  func configure(
    _ tensors: TensorShapes, for dataset: Dataset, _ settings: inout Settings
  ) throws(Diagnostic) -> TransformerConfiguration {
    try TransformerConfiguration(
      tensors, keys(dataset), for: dataset, patch: dataset.isCIFAR ? 4 : 16, &settings,
      defaults: .init(
        heads: Self.defaultHeads(dataset), timeSteps: dataset.takesEvents ? nil : 4,
        tau: dataset.takesEvents ? 1.5 : 2, imageSize: dataset.imageSize))
  }

  func build(
    _ model: TransformerConfiguration, named name: String, from source: any TensorSource
  ) throws(Diagnostic) -> Module {
    try model.module(named: name, from: source) { (assembly, x) throws(Diagnostic) in
      try assembly.tokenizer(x, model)
    } block: { (assembly, x, path) throws(Diagnostic) in
      try assembly.membraneBlock(x, path, model)
    }
  }
}

extension Assembly {
  /// `SpikingTokenizer`: five 3 x 3 convolutions, with neurons and pooling *before* the later ones.
  fileprivate mutating func tokenizer(
    _ input: ValueID, _ model: TransformerConfiguration
  ) throws(Diagnostic) -> ValueID {
    let small = model.dataset.isCIFAR
    let stem = Spikingformer.stem(model.dataset)
    let prefix = "patch_embed.\(small ? "block" : "proj")"
    let widths = [8, 4, 2, 1, 1].map { model.width / $0 }
    var x = try conv(input, "\(stem)_conv", outputs: widths[0], kernel: 3)
    x = try batchNorm(x, "\(stem)_bn")
    for stage in 1...4 {
      x = try builder.lif(x, tau: model.tau, from: "\(prefix)\(stage)_lif")
      if !small || stage >= 3 {
        x = try maxPool(x, small ? "\(prefix)\(stage)_mp" : "patch_embed.maxpool\(stage)")
      }
      x = try conv(x, "\(prefix)\(stage)_conv", outputs: widths[stage], kernel: 3)
      x = try batchNorm(x, "\(prefix)\(stage)_bn")
    }
    return x
  }
}
