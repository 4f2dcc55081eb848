import Diagnostics
import SpikeIR

extension Pass {
  /// Turns batch norms into a scale and a shift a channel, with a convolution's bias in the shift.
  ///
  ///     %2 = conv2d %1, @"w", @"b"           %2 = conv2d %1, @"w"
  ///     %3 = batch_norm %2, ...        ->    %3 = affine %2, @"bn.scale", @"bn.shift"
  ///
  /// Computed in binary64 and rounded once: `scale = weight / sqrt(variance + epsilon)` and
  /// `shift = bias + (b - mean) * scale`. The convolution's weights stay the checkpoint's, so the
  /// sum rounds as little as it can; ARCHITECTURE.md says how much more faithful that is than
  /// folding into the weights.
  static let foldBatchNorm = Pass(
    "fold-batch-norm",
    "Turns batch norms into a scale and a shift a channel behind the convolution's sum."
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
    "Folds batch norms into the weights and the bias of the convolution before them."
  ) { module throws(Diagnostic) in try fold(module, intoWeights: true) }

  /// Both forms: every batch norm goes; the convolution that it alone reads gives up its bias.
  private static func fold(_ module: Module, intoWeights: Bool) throws(Diagnostic) -> Module {
    let users = module.users
    var rewriter = Rewriter(module)
    for (value, node) in module.definitions {
      if rewriter.isFolded(value, node, users) { continue }
      guard case .batchNorm(let norm) = node.op else {
        try rewriter.copy(value, node)
        continue
      }
      let source = node.operands[0]
      let pairs = try module.scaleAndShift(of: norm, node)
      if let sum = module.definition(of: source), rewriter.isFolded(source, sum, users) {
        rewriter[value] = try rewriter.fold(sum, node, pairs, intoWeights: intoWeights)
      } else {
        rewriter[value] = try rewriter.affine(rewriter[source], pairs, like: node)
      }
    }
    return try rewriter.finish()
  }
}

extension Rewriter {
  /// Whether `node` is a convolution or linear layer that nothing but one batch norm reads.
  fileprivate func isFolded(_ value: ValueID, _ node: Node, _ users: [[ValueID]]) -> Bool {
    switch node.op {
    case .conv2d, .linear: break
    default: return false
    }
    guard value != module.output, users[value.index].count == 1,
      case .batchNorm = module.definition(of: users[value.index][0])?.op
    else { return false }
    return true
  }

  /// Appends the weighted sum `sum` with the batch norm `norm` folded.
  fileprivate mutating func fold(
    _ sum: Node, _ norm: Node, _ pairs: [(scale: Double, shift: Double)], intoWeights: Bool
  ) throws(Diagnostic) -> ValueID {
    let input = self[sum.operands[0]]
    let bias = sum.weights.count > 1 ? module.weight(sum.weights[1]).data.floats : nil
    let pairs = pairs.enumerated().map { channel, pair in
      (scale: pair.scale, shift: pair.shift + Double(bias?[channel] ?? 0) * pair.scale)
    }
    for pair in pairs where !Float(pair.shift).isFinite { throw .notFinite(pair.shift, norm) }
    guard intoWeights else {
      let kernel = try adopt(sum.weights[0])
      let result = try builder.append(sum.op, [input], weights: [kernel], from: sum.origins)
      return try affine(result, pairs, like: norm)
    }
    let kernel = module.weight(sum.weights[0])
    let name = kernel.name + ".folded"
    let folded = WeightData(count: kernel.shape.count) { result in
      kernel.data.withFloats { values in
        // The output channel is the last axis of every kernel.
        for index in values.indices {
          result[index] = Float(Double(values[index]) * pairs[index % pairs.count].scale)
        }
      }
    }
    if let number = folded.withFloats({ $0.first { !$0.isFinite } }) {
      throw .notFinite(Double(number), norm)
    }
    return try builder.append(
      sum.op, [input],
      weights: [
        try add(name, kernel.shape, folded),
        try add(
          name + ".bias", [pairs.count], WeightData(pairs.map { Float($0.shift) })),
      ],
      from: sum.origins + norm.origins)
  }

  /// Appends an `affine` of `pairs`, named after the batch norm `norm`.
  fileprivate mutating func affine(
    _ input: ValueID, _ pairs: [(scale: Double, shift: Double)], like norm: Node
  ) throws(Diagnostic) -> ValueID {
    let name = norm.origins.last ?? module.weight(norm.weights[0]).name
    let scale = try add(
      name + ".scale", [pairs.count], WeightData(pairs.map { Float($0.scale) }))
    let shift = try add(
      name + ".shift", [pairs.count], WeightData(pairs.map { Float($0.shift) }))
    return try builder.affine(input, scale: scale, shift: shift, from: norm.origins)
  }
}

extension Diagnostic {
  fileprivate static func notFinite(_ number: Double, _ norm: Node) -> Diagnostic {
    .error(
      "fold-not-finite", "a folded number must be finite in binary32, and one is \(number)",
      at: Location(place: .node("batch_norm", origins: norm.origins)))
  }
}
