import Diagnostics
import SpikeIR

extension Assembly {
  /// `SpikingTransformer` of Spikingformer: attention and MLP, each added to the membrane stream.
  ///
  /// Source: `imagenet/model.py` of zhouchenlin2096/Spikingformer and Spikingformer-CML.
  mutating func membraneBlock(
    _ input: ValueID, _ path: String, _ model: TransformerConfiguration
  ) throws(Diagnostic) -> ValueID {
    let attention = try membraneAttention(input, "\(path).attn", model)
    let x = try builder.add(input, attention, from: "\(path).attn")
    return try builder.add(x, try membraneMLP(x, "\(path).mlp", model), from: "\(path).mlp")
  }

  /// `MLP`: two 1 x 1 convolutions, each behind a neuron.
  private mutating func membraneMLP(
    _ input: ValueID, _ path: String, _ model: TransformerConfiguration
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
  private mutating func membraneAttention(
    _ input: ValueID, _ path: String, _ model: TransformerConfiguration
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
      scale: model.attentionScale, keysFirst: model.dataset == .imagenet)
    x = try builder.lif(x, tau: model.tau, threshold: 0.5, from: "\(path).attn_lif")
    x = try conv(x, "\(path).proj_conv", outputs: model.width, bias: true, dimensions: 1)
    return try batchNorm(x, "\(path).proj_bn")
  }
}
