import Diagnostics
import SpikeIR

extension Pass {
  /// Turns batch norms into a scale and a shift a channel, with a convolution's bias in the shift.
  ///
  ///     %2 = conv2d %1, @"w", @"b"           %2 = conv2d %1, @"w"
  ///     %3 = batch_norm %2, ...        ->    %3 = affine %2, @"bn.scale", @"bn.shift"
  ///
  /// Computed in binary64 and rounded once: `scale = weight / sqrt(variance + epsilon)` and
  /// `shift = bias + (b - mean) * scale`. Batch norms right behind one another become one. The
  /// convolution's weights stay the checkpoint's, so the sum rounds as little as it can;
  /// ARCHITECTURE.md says how much more faithful that is than folding into the weights. The
  /// metadata keeps which convolutions had a bias, `Module.foldedBiases`.
  static let foldBatchNorm = Pass(
    "fold-batch-norm",
    "Turns batch norms into a scale and a shift behind the convolution's sum."
  ) { module throws(Diagnostic) in try fold(module, intoWeights: false) }

  /// Folds batch norms into the weights and the bias of the convolution before them.
  ///
  ///     %2 = conv2d %1, @"w", @"b"           %2 = conv2d %1, @"w.folded", @"w.folded.bias"
  ///     %3 = batch_norm %2, ...        ->
  ///
  /// Computed in binary64 and rounded once: each kernel value times its channel's scale, and the
  /// shift as the bias. A batch norm that follows no convolution of its own becomes an `affine`.
  static let foldBatchNormIntoWeights = Pass(
    "fold-batch-norm-into-weights",
    "Folds batch norms into the weights and bias of the convolution before."
  ) { module throws(Diagnostic) in try fold(module, intoWeights: true) }

  /// Both forms: every batch norm goes, with the one that it alone reads; the convolution that it
  /// alone reads gives up its bias.
  private static func fold(_ module: Module, intoWeights: Bool) throws(Diagnostic) -> Module {
    let users = module.users
    var rewriter = Rewriter(module)
    var biases = module.foldedBiases
    for (value, node) in module.definitions {
      if rewriter.isFolded(value, node, users) { continue }
      guard case .batchNorm = node.op else {
        try rewriter.copy(value, node)
        continue
      }
      var (norms, source) = ([node], node.operands[0])
      while let inner = module.definition(of: source), case .batchNorm = inner.op,
        rewriter.isFolded(source, inner, users)
      {
        norms.insert(inner, at: 0)
        source = inner.operands[0]
      }
      let pairs = try module.scalesAndShifts(of: norms)
      if let sum = module.definition(of: source), rewriter.isFolded(source, sum, users) {
        rewriter[value] = try rewriter.fold(sum, norms, pairs, intoWeights: intoWeights)
        if sum.weights.count > 1, !intoWeights { biases.formUnion(sum.origins) }
      } else {
        rewriter[value] = try rewriter.affine(rewriter[source], pairs, like: norms)
      }
    }
    rewriter.builder.setFoldedBiases(biases)
    return try rewriter.finish()
  }
}

extension Rewriter {
  /// Whether `node` is a convolution, linear layer or batch norm that nothing but one batch norm
  /// reads.
  fileprivate func isFolded(_ value: ValueID, _ node: Node, _ users: [[ValueID]]) -> Bool {
    switch node.op {
    case .conv2d, .linear, .batchNorm: break
    default: return false
    }
    guard value != module.output, users[value.index].count == 1,
      case .batchNorm = module.definition(of: users[value.index][0])?.op
    else { return false }
    return true
  }

  /// Appends the weighted sum `sum` with the batch norms `norms` folded.
  fileprivate mutating func fold(
    _ sum: Node, _ norms: [Node], _ pairs: [(scale: Double, shift: Double)], intoWeights: Bool
  ) throws(Diagnostic) -> ValueID {
    let input = self[sum.operands[0]]
    let bias = sum.weights.count > 1 ? module.weight(sum.weights[1]).data.floatsIfKnown : nil
    let pairs = pairs.enumerated().map { channel, pair in
      (scale: pair.scale, shift: pair.shift + Double(bias?[channel] ?? 0) * pair.scale)
    }
    for pair in pairs where !Float(pair.shift).isFinite { throw .notFinite(pair.shift, norms) }
    guard intoWeights else {
      let kernel = try adopt(sum.weights[0])
      let result = try builder.append(sum.op, [input], weights: [kernel], from: sum.origins)
      return try affine(result, pairs, like: norms)
    }
    let kernel = module.weight(sum.weights[0])
    let name = kernel.name + ".folded"
    let folded = WeightData(count: kernel.shape.count, from: [kernel]) { result in
      kernel.data.withFloats { values in
        // The output channel is the last axis of every kernel.
        for index in values.indices {
          result[index] = Float(Double(values[index]) * pairs[index % pairs.count].scale)
        }
      }
    }
    if !folded.isAbsent, let number = folded.withFloats({ $0.first { !$0.isFinite } }) {
      throw .notFinite(Double(number), norms)
    }
    return try builder.append(
      sum.op, [input],
      weights: [
        try add(name, kernel.shape, folded),
        try add(
          name + ".bias", [pairs.count], WeightData(pairs.map { Float($0.shift) })),
      ],
      from: ([sum] + norms).allOrigins)
  }

  /// Appends an `affine` of `pairs`, named after the last of the batch norms `norms`.
  fileprivate mutating func affine(
    _ input: ValueID, _ pairs: [(scale: Double, shift: Double)], like norms: [Node]
  ) throws(Diagnostic) -> ValueID {
    let norm = norms[norms.count - 1]
    let name = norm.origins.last ?? module.weight(norm.weights[0]).name
    let scale = try add(
      name + ".scale", [pairs.count], WeightData(pairs.map { Float($0.scale) }))
    let shift = try add(
      name + ".shift", [pairs.count], WeightData(pairs.map { Float($0.shift) }))
    return try builder.affine(input, scale: scale, shift: shift, from: norms.allOrigins)
  }
}

extension Module {
  /// The binary64 scale and shift of batch norms one behind the other.
  fileprivate func scalesAndShifts(
    of norms: [Node]
  ) throws(Diagnostic) -> [(scale: Double, shift: Double)] {
    var result: [(scale: Double, shift: Double)] = []
    for (index, node) in norms.enumerated() {
      let pairs = try scaleAndShift(of: node)
      result =
        index == 0
        ? pairs
        : zip(result, pairs).map { inner, outer in
          (inner.scale * outer.scale, inner.shift * outer.scale + outer.shift)
        }
    }
    return result
  }
}

extension Diagnostic {
  fileprivate static func notFinite(_ number: Double, _ norms: [Node]) -> Diagnostic {
    .error(
      "fold-not-finite", "a folded number must be finite in binary32, and one is \(number)",
      at: Location(place: .node("batch_norm", origins: norms.allOrigins)))
  }
}
