import Diagnostics
import SpikeIR

/// Spikformer with CML downsampling, for CIFAR: linear layers in attention and MLP.
///
/// Source: zhouchenlin2096/Spikingformer-CML, `cifar10/CML_Spikformer.py` (arXiv 2305.05954).
struct CMLSpikformer: Family {
  let name = "cml-spikformer"

  let summary = "Spikformer with CML downsampling (zhouchenlin2096/Spikingformer-CML)"

  let needs = "heads where 12 do not divide the width"

  let presets: [Preset] = [
    preset(256, 4, parameters: 4.15), preset(384, 2, parameters: 5.76),
    preset(384, 4, parameters: 9.32),
  ]

  private static func preset(_ width: Int, _ depth: Int, parameters: Double) -> Preset {
    Preset(
      "cml-spikformer-cifar10-\(depth)-\(width)", .cifar10, width: width, depth: depth,
      heads: width % 12 == 0 ? 12 : 8, timeSteps: 4, parameters: parameters,
      unsettled: width % 12 == 0 ? [] : [.heads])
  }

  let landmarks = [
    ["head.weight"], [keys.stem], ["patch_embed.rpe_conv.weight"], ["block.0\(keys.hidden)"],
  ]

  private static let keys = TransformerConfiguration.Keys(
    stem: "patch_embed.block1_conv.weight", hidden: ".mlp.fc1_linear.weight", hiddenDimensions: 0)

  func recognize(_ tensors: TensorShapes) -> Recognition? {
    guard let size = tensors.transformerSize(Self.keys.hidden) else { return nil }
    return Recognition(
      Dataset.cifar(classes: size.classes), width: size.width,
      depth: size.depth,
      reason: "patch_embed.block1_conv with mlp.fc1_linear; \(size.classes) classes")
  }

  func shapes(of preset: Preset) -> TensorShapes {
    TensorShapes(
      TransformerConfiguration.shapes(of: preset, Self.keys) + [
        ("patch_embed.rpe_conv.weight", [preset.width, preset.width, 3, 3])
      ])
  }

  func isUnused(_ name: String) -> Bool { name.isLayerNormOfBlock }

  func configure(
    _ tensors: TensorShapes, for dataset: Dataset, _ settings: inout Settings
  ) throws(Diagnostic) -> TransformerConfiguration {
    try TransformerConfiguration(
      tensors, Self.keys, for: dataset, patch: 4, &settings,
      defaults: .init(heads: 12, timeSteps: 4, imageSize: dataset.imageSize))
  }

  func build(
    _ model: TransformerConfiguration, named name: String, from source: any TensorSource
  ) throws(Diagnostic) -> Module {
    let style = SpikeBlockStyle(
      attention: .linear, mlp: .linear, mlpLayers: ["fc1", "fc2"], hidden: model.hidden,
      heads: model.heads, tau: model.tau, attentionScale: model.attentionScale, keysFirst: false)
    return try model.module(named: name, from: source) { (assembly, x) throws(Diagnostic) in
      try assembly.tokenizer(x, model)
    } block: { (assembly, x, path) throws(Diagnostic) in
      try assembly.spikeBlock(x, attention: "\(path).attn", mlp: "\(path).mlp", style)
    }
  }
}

extension Assembly {
  /// `SPS`: four 3 x 3 convolutions, the last two pooled ahead of their neurons, and one more for the
  /// positions.
  fileprivate mutating func tokenizer(
    _ input: ValueID, _ model: TransformerConfiguration
  ) throws(Diagnostic) -> ValueID {
    var x = input
    for stage in 1...4 {
      x = try spikingConv(
        x, { "patch_embed.block\(stage)_\($0)" }, outputs: model.width >> (4 - stage),
        pooling: stage >= 3 ? .beforeNeurons : .none, tau: model.tau)
    }
    return try builder.add(try positions(x, model), x, from: "patch_embed")
  }
}
