import Diagnostics
import SpikeIR

/// How the layers of a block of spikes are written in the authors' code.
struct SpikeBlockStyle {
  /// What maps the channels of each token.
  enum Projection {
    /// `nn.Conv1d` and `nn.Conv2d` of kernel 1.
    case conv1d, conv2d
    /// `nn.Linear`.
    case linear

    /// What stands behind `q_` or `fc1_` in its name.
    var suffix: String { self == .linear ? "linear" : "conv" }

    /// The axes of its kernel.
    var dimensions: Int {
      switch self {
      case .conv1d: 1
      case .conv2d: 2
      case .linear: 0
      }
    }
  }

  /// The projections of attention; linear ones have a bias.
  var attention: Projection
  /// The layers of the MLP.
  var mlp: Projection
  /// The names of the MLP's layers.
  var mlpLayers: [String]
  /// The width within the MLP.
  var hidden: Int
  /// The number of heads.
  var heads: Int
  /// The neurons' time constant.
  var tau: Double
  /// What attention's sums are multiplied by.
  var attentionScale: Double
  /// Whether attention multiplies keys and values first.
  var keysFirst: Bool
}

extension Assembly {
  /// `SSA` of Spikformer, and `Spiking_Self_Attention` of QKFormer at a batch of 1: neurons behind
  /// every projection.
  ///
  /// Source: `imagenet/model.py` of ZK-Zhou/spikformer, `imagenet/qkformer.py` of
  /// zhouchenlin2096/QKFormer.
  mutating func spikingSelfAttention(
    _ input: ValueID, _ path: String, _ style: SpikeBlockStyle
  ) throws(Diagnostic) -> ValueID {
    var projections: [ValueID] = []
    for name in ["q", "k", "v"] {
      projections.append(
        try spikingProjection(input, path, name, style, bias: style.attention == .linear))
    }
    var x = try spikeAttention(
      projections[0], projections[1], projections[2], path, heads: style.heads,
      scale: style.attentionScale, keysFirst: style.keysFirst)
    x = try neurons(x, "\(path).attn_lif", style.attention, tau: style.tau, threshold: 0.5)
    return try spikingProjection(x, path, "proj", style, bias: true)
  }

  /// One projection of attention with its batch norm and neurons, as wide as its input.
  mutating func spikingProjection(
    _ input: ValueID, _ path: String, _ name: String, _ style: SpikeBlockStyle, bias: Bool
  ) throws(Diagnostic) -> ValueID {
    var x = try conv(
      input, "\(path).\(name)_\(style.attention.suffix)", outputs: channels(input), bias: bias,
      dimensions: style.attention.dimensions)
    x = try batchNorm(x, "\(path).\(name)_bn")
    return try neurons(x, "\(path).\(name)_lif", style.attention, tau: style.tau)
  }

  /// The neurons behind a projection: those behind `nn.Linear` see `[tokens, channels]`.
  private mutating func neurons(
    _ input: ValueID, _ path: String, _ projection: SpikeBlockStyle.Projection, tau: Double,
    threshold: Double = 1
  ) throws(Diagnostic) -> ValueID {
    guard projection == .linear else {
      return try builder.lif(input, tau: tau, threshold: threshold, from: path)
    }
    let shape = builder.type(of: input).shape
    var x = try builder.reshape(input, [shape[0], shape.count / shape[0]], from: path)
    x = try builder.transpose(x, from: path)
    x = try builder.lif(x, tau: tau, threshold: threshold, from: path)
    return try builder.reshape(try builder.transpose(x, from: path), shape, from: path)
  }

  /// `MLP` of Spikformer and QKFormer: two layers, each with neurons behind it.
  mutating func spikingMLP(
    _ input: ValueID, _ path: String, _ style: SpikeBlockStyle
  ) throws(Diagnostic) -> ValueID {
    var x = input
    for (name, outputs) in zip(style.mlpLayers, [style.hidden, channels(input)]) {
      x = try conv(
        x, "\(path).\(name)_\(style.mlp.suffix)", outputs: outputs, bias: true,
        dimensions: style.mlp.dimensions)
      x = try batchNorm(x, "\(path).\(name)_bn")
      x = try neurons(x, "\(path).\(name)_lif", style.mlp, tau: style.tau)
    }
    return x
  }

  /// A layer and its shortcut, both spikes: their sum is a count.
  mutating func spikeBlock(
    _ input: ValueID, attention: String, mlp: String, _ style: SpikeBlockStyle
  ) throws(Diagnostic) -> ValueID {
    let x = try builder.add(
      input, try spikingSelfAttention(input, attention, style), from: attention)
    return try builder.add(x, try spikingMLP(x, mlp, style), from: mlp)
  }
}
