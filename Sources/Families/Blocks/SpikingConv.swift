import Diagnostics
import SpikeIR

extension Assembly {
  /// Where a layer pools its map with a window of 3 x 3 that halves it.
  enum Pooling {
    /// Nowhere.
    case none
    /// The real-valued sums, ahead of the neurons.
    case beforeNeurons
    /// The spikes.
    case afterNeurons
  }

  /// A convolution without a bias, its batch norm, and neurons.
  ///
  /// - Parameter name: the module path of a part: `name("conv")`, `name("bn")`, `name("lif")`.
  mutating func spikingConv(
    _ input: ValueID, _ name: (String) -> String, outputs: Int, kernel: Int = 3, stride: Int = 1,
    pooling: Pooling = .none, tau: Double
  ) throws(Diagnostic) -> ValueID {
    var x = try conv(
      input, name("conv"), outputs: outputs, kernel: kernel, stride: stride)
    x = try batchNorm(x, name("bn"))
    if pooling == .beforeNeurons { x = try maxPool(x, name("maxpool")) }
    x = try builder.lif(x, tau: tau, from: name("lif"))
    if pooling == .afterNeurons { x = try maxPool(x, name("maxpool")) }
    return x
  }

  /// `rpe`: the convolution that stands for an embedding of positions, as wide as its input.
  mutating func positions(
    _ input: ValueID, _ model: TransformerConfiguration
  ) throws(Diagnostic) -> ValueID {
    try spikingConv(
      input, { "patch_embed.rpe_\($0)" }, outputs: model.width, tau: model.tau)
  }
}
