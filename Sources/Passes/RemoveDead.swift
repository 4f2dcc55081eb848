package import BitCollections
import Diagnostics
package import SpikeIR

extension Pass {
  /// Removes nodes and weights that the output does not depend on.
  ///
  ///     %1 = conv2d %input, @"a"             %1 = conv2d %input, @"b"
  ///     %2 = conv2d %input, @"b"       ->    output %1
  ///     output %2
  static let removeDead = Pass(
    "remove-dead", "Removes nodes and weights that the output does not depend on."
  ) { module throws(Diagnostic) in
    let live = module.liveValues
    var rewriter = Rewriter(module)
    for (value, node) in module.definitions where live.contains(value.index) {
      try rewriter.copy(value, node)
    }
    return try rewriter.finish()
  }
}

extension Module {
  /// The values on which the output depends, by their indices.
  package var liveValues: BitSet {
    var live: BitSet = [output.index]
    for (value, node) in Array(definitions).reversed() where live.contains(value.index) {
      live.formUnion(node.operands.map(\.index))
    }
    return live
  }
}
