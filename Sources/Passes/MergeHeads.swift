import Diagnostics
import SpikeIR

extension Pass {
  /// Turns the mean of two linear heads into one linear layer.
  ///
  ///     %2 = linear %1, @"a"                 %2 = linear %1, @"a.merged"
  ///     %3 = mean_steps %2                   %3 = mean_steps %2
  ///     %4 = linear %1, @"b"           ->
  ///     %5 = mean_steps %4
  ///     %6 = add %3, %5
  ///     %7 = scale %6 {factor = 0.5}
  ///
  /// Weights and biases are added and scaled in binary64 and rounded once. Models that learned from
  /// a teacher have a second head, whose logits the authors average with those of the first.
  static let mergeHeads = Pass(
    "merge-heads", "Turns the mean of two linear heads into one linear layer."
  ) { module throws(Diagnostic) in
    var rewriter = Rewriter(module)
    let users = module.users
    for (value, node) in module.definitions {
      guard let heads = module.heads(averagedBy: node, users) else {
        try rewriter.copy(value, node)
        continue
      }
      rewriter[value] = try rewriter.merge(heads)
    }
    return try rewriter.finish()
  }
}

/// Two linear layers of one input whose results are added and scaled.
private struct Heads {
  /// The two layers.
  let layers: [Node]
  /// The means over the steps between them and the sum; empty if there are none.
  let means: [Node]
  /// What their sum is multiplied by.
  let factor: Double
}

extension Module {
  /// The heads whose scaled sum `node` is; `nil` if it is none.
  fileprivate func heads(averagedBy node: Node, _ users: [[ValueID]]) -> Heads? {
    guard case .scale(let scale) = node.op, let sum = sole(node.operands[0], users),
      case .add = sum.op
    else { return nil }
    var layers: [Node] = []
    var means: [Node] = []
    for operand in sum.operands {
      guard var branch = sole(operand, users) else { return nil }
      if case .meanSteps = branch.op {
        means.append(branch)
        guard let layer = sole(branch.operands[0], users) else { return nil }
        branch = layer
      }
      guard case .linear = branch.op else { return nil }
      layers.append(branch)
    }
    guard layers[0].operands == layers[1].operands, means.count != 1,
      layers[0].weights.count == layers[1].weights.count
    else { return nil }
    return Heads(layers: layers, means: means, factor: scale.factor)
  }

  /// The node of a value that one other node reads.
  private func sole(_ value: ValueID, _ users: [[ValueID]]) -> Node? {
    users[value.index].count == 1 && value != output ? definition(of: value) : nil
  }
}

extension Rewriter {
  /// Appends the one layer that stands for `heads`, and its mean over the steps.
  fileprivate mutating func merge(_ heads: Heads) throws(Diagnostic) -> ValueID {
    var weights: [WeightID] = []
    for (first, second) in zip(heads.layers[0].weights, heads.layers[1].weights) {
      let pair = [module.weight(first), module.weight(second)]
      let data = WeightData(count: pair[0].shape.count, from: pair) { result in
        let (a, b) = (pair[0].data.floats, pair[1].data.floats)
        for index in a.indices {
          result[index] = Float((Double(a[index]) + Double(b[index])) * heads.factor)
        }
      }
      try data.requireFinite(mergedFrom: heads.layers)
      weights.append(try add("\(pair[0].name).merged", pair[0].shape, data))
    }
    let origins = heads.layers.allOrigins
    let layer = try builder.append(
      .linear(Linear()), [self[heads.layers[0].operands[0]]], weights: weights, from: origins)
    guard !heads.means.isEmpty else { return layer }
    return try builder.append(.meanSteps(MeanSteps()), [layer], from: origins)
  }
}
