import Diagnostics
import SpikeIR

extension Pass {
  /// Computes once what does not depend on the time step.
  ///
  ///     %1 = repeat %input                   %1 = conv2d %input, @"w"
  ///     %2 = conv2d %1, @"w"           ->    %2 = lif %1
  ///     %3 = lif %2
  ///
  /// A value that is the repetition of a static one is replaced by that one: neurons see a static
  /// input at every step, and every other op but those over time gives of repeated operands
  /// the repetition of what it gives of static ones.
  static let hoistStatic = Pass(
    "hoist-static", "Computes once what does not depend on the time step."
  ) { module throws(Diagnostic) in
    var rewriter = Rewriter(module)
    for (value, node) in module.definitions {
      if case .repeat = node.op {
        rewriter[value] = rewriter[node.operands[0]]
        continue
      }
      if node.op.definition.role == .overTime {
        // The mean of T equal numbers is not that number where T is no power of two.
        try rewriter.repeatIfStatic(node.operands[0], for: node)
      }
      try rewriter.copy(value, node)
    }
    if module.type(of: module.output).isTimed, let node = module.definition(of: module.output) {
      try rewriter.repeatIfStatic(module.output, for: node)
    }
    return try rewriter.finish()
  }
}

extension Rewriter {
  /// Lets a `repeat` stand for `value` where it has become static.
  fileprivate mutating func repeatIfStatic(
    _ value: ValueID, for node: Node
  ) throws(Diagnostic) {
    guard module.type(of: value).isTimed, !builder.type(of: self[value]).isTimed else { return }
    self[value] = try builder.append(.repeat(Repeat()), [self[value]], from: node.origins)
  }
}
