public import SpikeIR

/// Convolutions one behind the other without neurons between, which one convolution can stand for.
///
/// Between them stand batch norms or `affine` at most. RepConv and SepConv of Meta-SpikeFormer are
/// such chains.
public struct ConvChain: Sendable {
  /// The values of the chain in order: it starts and ends with a `conv2d`.
  public let values: [ValueID]

  /// The extents of the one kernel, in rows and columns.
  public let kernel: [Int]

  /// How the one kernel moves.
  public let window: Window

  /// Whether biases or norms add something to what the kernels give.
  public let hasConstant: Bool

  /// The value that the chain reads.
  public let input: ValueID

  /// The result of the last convolution.
  public var output: ValueID { values[values.count - 1] }
}

extension Module {
  /// The longest chains of this module, in order.
  public var convChains: [ConvChain] {
    var chains: [ConvChain] = []
    var covered: Set<ValueID> = []
    let users = users
    for (value, node) in definitions where !covered.contains(value) {
      guard case .conv2d(let op) = node.op,
        let chain = chain(from: value, node, op, users)
      else { continue }
      covered.formUnion(chain.values)
      chains.append(chain)
    }
    return chains
  }

  /// The chain that starts with the convolution `node`; `nil` if it stands alone.
  private func chain(
    from value: ValueID, _ node: Node, _ op: Conv2D, _ users: [[ValueID]]
  ) -> ConvChain? {
    var merged = Extents(op, weight(node.weights[0]).shape, hasConstant: node.weights.count > 1)
    var values = [value]
    // Norms behind the last convolution, which belong to the chain if another one follows.
    var norms: [ValueID] = []
    var reader = value
    while reader != output, users[reader.index].count == 1,
      let next = definition(of: users[reader.index][0])
    {
      reader = users[reader.index][0]
      switch next.op {
      case .affine, .batchNorm:
        norms.append(reader)
      case .conv2d(let op):
        let last = Extents(
          op, weight(next.weights[0]).shape, hasConstant: next.weights.count > 1)
        var normed = merged
        if !norms.isEmpty { normed.hasConstant = true }
        guard let joined = normed.followed(by: last) else { return end(values, merged, node) }
        merged = joined
        values += norms + [reader]
        norms = []
      default: return end(values, merged, node)
      }
    }
    return end(values, merged, node)
  }

  /// The chain of `values`; `nil` if it is one convolution alone.
  private func end(_ values: [ValueID], _ merged: Extents, _ first: Node) -> ConvChain? {
    guard values.count > 1 else { return nil }
    return ConvChain(
      values: values, kernel: merged.kernel, window: merged.window,
      hasConstant: merged.hasConstant, input: first.operands[0])
  }

  /// The extents of a convolution, or of several that are merged.
  private struct Extents {
    var kernel: [Int]
    var window: Window
    /// Whether it gives anything but zero where its input is zero.
    var hasConstant: Bool

    init(_ op: Conv2D, _ kernel: Shape, hasConstant: Bool) {
      self.kernel = [kernel[0], kernel[1]]
      window = op.window
      self.hasConstant = hasConstant
    }

    /// Whether each result depends on one position of the input.
    private var isPointwise: Bool { kernel == [1, 1] && window.stride == [1, 1] }

    /// This convolution and `other` behind it as one; `nil` if they are not.
    ///
    /// What `other` pads is zero, and not what this one gives to zeros: they must be the same. This
    /// one's own padding stands outside of all.
    func followed(by other: Extents) -> Extents? {
      let unpadded = other.window.padding == [0, 0]
      var result = isPointwise ? other : self
      result.hasConstant = hasConstant || other.hasConstant
      if isPointwise, unpadded {
        result.window = Window(stride: other.window.stride, padding: window.padding)
        return result
      }
      if isPointwise, window.padding == [0, 0], !hasConstant { return result }
      return other.isPointwise && unpadded ? result : nil
    }
  }
}
