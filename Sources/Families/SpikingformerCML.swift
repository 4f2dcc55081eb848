import Diagnostics
import SpikeIR

/// Spikingformer with CML downsampling: batch norm, pooling and then neurons, so that the tokenizer
/// pools real values.
///
/// Source: zhouchenlin2096/Spikingformer-CML, `imagenet/model.py`, `cifar10/model.py`,
/// `cifar100/model.py`, `dvs128-gesture/model.py` and `cifar10-dvs/model.py` (arXiv 2305.05954).
struct SpikingformerCML: Family {
  let name = "spikingformer-cml"

  let summary = "Spikingformer with CML downsampling (zhouchenlin2096/Spikingformer-CML)"

  let needs = "variant of images, heads for CIFAR-10, time steps for event cameras"

  var presets: [Preset] { Spikingformer.presets(of: name) }

  let landmarks = [
    ["head.weight"], ["block.0\(keys.hidden)"], [keys.stem], ["patch_embed.proj1_conv.weight"],
  ]

  private static let keys = TransformerConfiguration.Keys(
    stem: "patch_embed.proj_conv.weight", hidden: ".mlp.mlp1_conv.weight")

  func recognize(_ tensors: TensorShapes) -> Recognition? {
    guard let size = tensors.transformerSize(Self.keys.hidden),
      let channels = tensors.extent(Self.keys.stem, 1)
    else { return nil }
    let events = Dataset.events(classes: size.classes)
    let small = Dataset.cifar(classes: size.classes)
    // CIFAR's tokenizer pools twice, ImageNet's four times; a thousand classes are ImageNet's.
    let images: [[Dataset]] = size.classes == 1000 ? [[.imagenet]] : [[.imagenet], small]
    return Recognition(
      [.imagenet] + small + events, likely: channels == 2 ? [events] : images, width: size.width,
      depth: size.depth,
      reason: "patch_embed.proj1_conv with mlp.mlp1_conv; \(channels) input channels, "
        + "\(size.classes) classes")
  }

  func shapes(of preset: Preset) -> TensorShapes {
    TensorShapes(
      TransformerConfiguration.shapes(of: preset, Self.keys) + [
        ("patch_embed.proj1_conv.weight", [preset.width / 4, preset.width / 8, 3, 3])
      ])
  }

  func isUnused(_ name: String) -> Bool { name.isLayerNormOfBlock }

  func configure(
    _ tensors: TensorShapes, for dataset: Dataset, _ settings: inout Settings
  ) throws(Diagnostic) -> TransformerConfiguration {
    try TransformerConfiguration(
      tensors, Self.keys, for: dataset, patch: dataset.isCIFAR ? 4 : 16, &settings,
      defaults: .init(
        heads: Spikingformer.defaultHeads(dataset), timeSteps: dataset.takesEvents ? nil : 4,
        tau: dataset.takesEvents ? 1.75 : 2, imageSize: dataset.imageSize))
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
  /// `SpikingTokenizer`: five 3 x 3 convolutions, pooled behind their batch norms.
  fileprivate mutating func tokenizer(
    _ input: ValueID, _ model: TransformerConfiguration
  ) throws(Diagnostic) -> ValueID {
    let small = model.dataset.isCIFAR
    let widths = [8, 4, 2, 1, 1].map { model.width / $0 }
    var x = input
    for stage in 0...4 {
      let path = "patch_embed.proj\(stage == 0 ? "" : "\(stage)")"
      if stage > 0 { x = try builder.lif(x, tau: model.tau, from: "\(path)_lif") }
      x = try conv(x, "\(path)_conv", outputs: widths[stage], kernel: 3)
      x = try batchNorm(x, "\(path)_bn")
      if small ? stage == 2 || stage == 3 : stage < 4 {
        let pool = stage == 0 ? "maxpool" : "maxpool\(stage)"
        x = try maxPool(x, small ? "\(path)_mp" : "patch_embed.\(pool)")
      }
    }
    return x
  }
}
