import Diagnostics
import SpikeIR

extension Pass {
  /// Removes nodes and weights that the output does not depend on.
  ///
  ///     %1 = conv2d %input, @"a"             %1 = conv2d %input, @"b"
  ///     %2 = conv2d %input, @"b"       ->    output %1
  ///     output %2
  static let removeDead = Pass(
    "remove-dead", "Removes nodes and weights that the output does not depend on."
  ) { module throws(Diagnostic) in
    var live = [Bool](repeating: false, count: module.nodes.count + 1)
    live[module.output.index] = true
    for (value, node) in Array(module.definitions).reversed() where live[value.index] {
      for operand in node.operands { live[operand.index] = true }
    }
    var rewriter = Rewriter(module)
    for (value, node) in module.definitions where live[value.index] {
      try rewriter.copy(value, node)
    }
    return try rewriter.finish()
  }
}
