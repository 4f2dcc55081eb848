import SpikeIR

extension Lowering {
  /// How many channels of a head there may be for each token, for one kernel to take both products.
  private static let widthsPerToken = 64

  /// Queries, keys and values of an attention of spikes.
  private struct Attention {
    /// The inner product, which only the outer one reads.
    let inner: ValueID
    let queries: ValueID
    let keys: ValueID
    let values: ValueID
  }

  /// Lowers the two products of an attention of spikes, with its scale and neurons, to one call.
  ///
  /// Called with the inner product; both orders of the products give the same integers, so one
  /// kernel serves them.
  ///
  /// - Returns: whether `value` starts such a pattern.
  mutating func lowerAttention(_ value: ValueID) -> Bool {
    guard let outer = soleUser(of: value), phases[outer] == phases[value],
      let attention = attention(outer), attention.inner == value,
      module.type(of: outer).domain != .real
    else { return false }
    let shape = module.type(of: attention.queries).shape
    // The kernel keeps width x width sums a head, which must stay in proportion to its operands.
    guard shape[1] <= Self.widthsPerToken * shape[2] else { return false }
    var (end, factor, passed) = (outer, Float(1), [value, outer])
    while let user = soleUser(of: end), let node = module.definition(of: user) {
      switch node.op {
      case .scale(let op) where factor == 1: factor = Float(op.factor)
      case .reshape where node.type.shape.axes(holding: shape[0] * shape[1]) != nil: break
      default: return emit(attention, shape, factor, end, passed)
      }
      end = user
      passed.append(user)
    }
    return emit(attention, shape, factor, end, passed)
  }

  /// Emits the call that ends in the value `end`, and in neurons if some read it.
  private mutating func emit(
    _ attention: Attention, _ shape: Shape, _ factor: Float, _ end: ValueID, _ passed: [ValueID]
  ) -> Bool {
    let queries = bits(attention.queries, .first(2))
    let keys = bits(attention.keys, .first(2))
    let values = bits(attention.values, .first(2))
    let axes = ChannelAxes.first(
      module.type(of: end).shape.axes(holding: shape[0] * shape[1]) ?? 1)
    let neurons = neurons(behind: end, axes)
    let real = isStored(end, besides: neurons) ? define(end, axes) : nil
    let spikes = neurons.map { define($0.value, $0.axes, bits: true) }
    let width = shape[1]
    let pairs = layout(of: attention.inner, .first(3))
    let workspace = newBuffer(
      pairs, byteCount: pairs.steps * shape[0] * width * ((width + 15) / 16 * 64),
      role: .workspace)
    emit(
      .attention(
        Kernel.Attention(
          queries: queries, keys: keys, values: values, heads: shape[0], factor: factor,
          workspace: workspace, realOutput: real, neuron: neurons?.kernel,
          membrane: spikes.flatMap { membrane(of: $0) }, spikesOutput: spikes)),
      origins(of: attention.inner) + (neurons?.node.origins ?? []))
    for value in passed { covered[value.index] = true }
    if let neurons { cover(neurons) }
    return true
  }

  /// Matches `q (k^T v)` or `(q k^T) v` of spikes that vary together, ending at `outer`.
  private func attention(_ outer: ValueID) -> Attention? {
    guard let node = module.definition(of: outer), case .matmul(let op) = node.op else {
      return nil
    }
    let found: Attention?
    if op.transposeLHS, !op.transposeRHS {
      // (k v^T)^T q, with k and v as [heads, width, tokens].
      found = product(node.operands[0], lhs: false, rhs: true).map {
        Attention(inner: node.operands[0], queries: node.operands[1], keys: $0.0, values: $0.1)
      }
    } else if !op.transposeLHS, op.transposeRHS {
      // v (q^T k)^T.
      found = product(node.operands[1], lhs: true, rhs: false).map {
        Attention(inner: node.operands[1], queries: $0.0, keys: $0.1, values: node.operands[0])
      }
    } else {
      found = nil
    }
    guard let found else { return nil }
    let types = [found.queries, found.keys, found.values].map { module.type(of: $0) }
    guard types.allSatisfy({ $0 == types[0] && $0.domain == .spike }),
      [found.queries, found.keys, found.values].allSatisfy({ places[$0.index] != nil })
    else { return nil }
    return found
  }

  /// The operands of the `matmul` that defines `value`, if it is transposed just so.
  private func product(_ value: ValueID, lhs: Bool, rhs: Bool) -> (ValueID, ValueID)? {
    guard let node = module.definition(of: value), case .matmul(let op) = node.op,
      op.transposeLHS == lhs, op.transposeRHS == rhs
    else { return nil }
    return (node.operands[0], node.operands[1])
  }
}
