import Diagnostics
import SpikeIR

/// Builds a module from another one, node by node: the context through which passes change things.
struct Rewriter {
  /// The module that is rewritten.
  let module: Module

  /// The module in the making.
  var builder: ModuleBuilder

  /// For each value of the old module, by its index, what stands for it in the new one.
  private var replacements: [ValueID?]

  /// Starts to rewrite `module`.
  init(_ module: Module) {
    self.module = module
    builder = ModuleBuilder(like: module)
    replacements = [ValueID?](repeating: nil, count: module.nodes.count + 1)
    replacements[0] = .input
  }

  /// What stands for `value` in the new module; it must have been rewritten.
  subscript(value: ValueID) -> ValueID {
    get {
      guard let replacement = replacements[value.index] else {
        preconditionFailure("\(value) is not rewritten yet")
      }
      return replacement
    }
    set { replacements[value.index] = newValue }
  }

  /// Copies `node`, which defines `value`, onto the replacements of its operands.
  mutating func copy(_ value: ValueID, _ node: Node) throws(Diagnostic) {
    self[value] = try append(node.op, like: node)
  }

  /// Appends `op` with the operands, weights and origins of `node`.
  private mutating func append(_ op: Op, like node: Node) throws(Diagnostic) -> ValueID {
    var weights: [WeightID] = []
    for weight in node.weights { weights.append(try adopt(weight)) }
    return try builder.append(
      op, node.operands.map { self[$0] }, weights: weights, from: node.origins)
  }

  /// Takes a weight of the old module over into the new one.
  mutating func adopt(_ weight: WeightID) throws(Diagnostic) -> WeightID {
    try builder.adopt(module.weight(weight))
  }

  /// Ends the rewriting.
  func finish() throws(Diagnostic) -> Module {
    try builder.finish(output: self[module.output])
  }
}
