import Diagnostics
import SpikeIR

extension Lowering {
  /// A weighted sum with what is fused behind it.
  private struct Chain {
    /// The `conv2d` or `linear`.
    let sum: ValueID
    /// The last value that the call computes as a real one.
    var end: ValueID
    /// The `affine` or `batch_norm`.
    var affine: ValueID?
    /// What is added, and the `add`.
    var residual: ValueID?
  }

  /// Lowers a `conv2d` or `linear` and what can be fused to it.
  ///
  /// The call is placed where the sum stands, unless the residual is computed later; then the sum
  /// is left alone, and the `add` is a step of its own.
  mutating func lowerWeightedSum(_ value: ValueID) throws(Diagnostic) {
    guard let node = module.definition(of: value) else { return }
    let chain = chain(from: value)
    let input = typed(node.operands[0])
    let weights = constant(node.weights[0])
    let bias = node.weights.count > 1 ? constant(node.weights[1]) : nil
    let affine = try affine(of: chain)
    let residual = chain.residual.map { reals($0, .first(1)) }
    let neurons = neurons(behind: chain.end, .first(1))
    let real = isStored(chain.end, besides: neurons) ? define(chain.end, .first(1)) : nil
    let spikes = neurons.map { define($0.value, $0.axes, bits: true) }
    emit(
      .convolution(
        Kernel.Convolution(
          input: input, isCounting: canSkipZeros(of: node),
          geometry: geometry(node), weights: weights, bias: bias, affine: affine,
          residual: residual, realOutput: real, neuron: neurons?.kernel,
          membrane: spikes.flatMap { membrane(of: $0) }, spikesOutput: spikes)),
      origins(of: chain, neurons?.value))
    for part in [chain.sum, chain.affine, chain.end] {
      if let part { covered[part.index] = true }
    }
    if let neurons { cover(neurons) }
  }

  /// Whether the terms of zero inputs can be left out of a sum without changing a bit of it.
  ///
  /// It pays where the input is known to be integers, which neurons made and most of which are zero;
  /// spikes are bits, whose zeros add nothing anyway.
  /// Such a term is a zero, which only changes a sum of -0, and only a bias can be that; or NaN, if
  /// the weight is not finite.
  private func canSkipZeros(of node: Node) -> Bool {
    let domain = module.type(of: node.operands[0]).domain
    guard domain != .real, domain != .spike else { return false }
    let areFinite = module.weight(node.weights[0]).data.withFloats { weights in
      var largest: UInt32 = 0
      for weight in weights { largest = max(largest, weight.magnitude.bitPattern) }
      return largest < Float.infinity.bitPattern
    }
    let startsFromNegativeZero =
      node.weights.count > 1
      && module.weight(node.weights[1]).data.withFloats { bias in
        bias.contains { $0 == 0 && $0.sign == .minus }
      }
    return areFinite && !startsFromNegativeZero
  }

  /// Follows what stands behind a sum as far as one call can compute it.
  private func chain(from sum: ValueID) -> Chain {
    var chain = Chain(sum: sum, end: sum)
    if let user = soleUser(of: chain.end), let node = module.definition(of: user) {
      switch node.op {
      case .affine, .batchNorm: (chain.affine, chain.end) = (user, user)
      default: break
      }
    }
    if let user = soleUser(of: chain.end), let node = module.definition(of: user),
      case .add = node.op, phases[user] == phases[sum],
      let other = node.operands.first(where: { $0 != chain.end }), places[other.index] != nil
    {
      (chain.residual, chain.end) = (other, user)
    }
    return chain
  }

  /// The constants of the chain's `affine` or `batch_norm`.
  private mutating func affine(
    of chain: Chain
  ) throws(Diagnostic) -> (scale: ConstantID, shift: ConstantID)? {
    guard let value = chain.affine, let node = module.definition(of: value) else { return nil }
    if case .batchNorm(let norm) = node.op { return try affine(norm, node) }
    return (constant(node.weights[0]), constant(node.weights[1]))
  }

  /// The extents of a `conv2d` or `linear`.
  func geometry(_ node: Node) -> Kernel.Geometry {
    guard case .conv2d(let op) = node.op else {
      return Kernel.Geometry(
        input: [1, 1], output: [1, 1], kernel: [1, 1],
        window: Window(stride: [1, 1], padding: [0, 0]))
    }
    let input = module.type(of: node.operands[0]).shape
    let kernel = module.weight(node.weights[0]).shape
    return Kernel.Geometry(
      input: [input[1], input[2]], output: [node.type.shape[1], node.type.shape[2]],
      kernel: [kernel[0], kernel[1]], window: op.window)
  }

  /// The module paths of everything that the call computes, each once.
  private func origins(of chain: Chain, _ neuron: ValueID?) -> [String] {
    var result: [String] = []
    for value in [chain.sum, chain.affine, chain.residual == nil ? nil : chain.end, neuron] {
      guard let value else { continue }
      for origin in origins(of: value) where !result.contains(origin) { result.append(origin) }
    }
    return result
  }
}
