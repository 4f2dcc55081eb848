package import Diagnostics
package import SpikeIR

extension Module {
  /// This module with another value as its output, to look at it.
  package func returning(_ value: ValueID) throws(Diagnostic) -> Module {
    var builder = ModuleBuilder(like: self)
    for weight in weights { _ = try builder.add(weight) }
    for (_, node) in definitions {
      _ = try builder.append(node.op, node.operands, weights: node.weights, from: node.origins)
    }
    return try builder.finish(output: value)
  }
}

extension [Float] {
  /// The numbers' bits, which tell -0 from +0 and are equal only where everything is.
  package var bits: [UInt32] { map(\.bitPattern) }
}
