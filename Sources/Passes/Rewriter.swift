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

  /// For each weight of the old module, by its index, the same one in the new module.
  private var adopted: [WeightID?]

  /// The names that no new weight may take: those of the old module, and of new weights.
  private var names: Set<String>

  /// For a name that was taken, the number with which to look for another.
  private var nextNumbers: [String: Int] = [:]

  /// Starts to rewrite `module`.
  init(_ module: Module) {
    self.module = module
    builder = ModuleBuilder(like: module)
    replacements = [ValueID?](repeating: nil, count: module.nodes.count + 1)
    replacements[0] = .input
    adopted = [WeightID?](repeating: nil, count: module.weights.count)
    names = Set(module.weights.map(\.name))
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
    var weights: [WeightID] = []
    for weight in node.weights { weights.append(try adopt(weight)) }
    self[value] = try builder.append(
      node.op, node.operands.map { self[$0] }, weights: weights, from: node.origins)
  }

  /// Takes a weight of the old module over into the new one.
  mutating func adopt(_ weight: WeightID) throws(Diagnostic) -> WeightID {
    if let known = adopted[weight.index] { return known }
    let id = try builder.add(module.weight(weight))
    adopted[weight.index] = id
    return id
  }

  /// Adds a weight that the old module does not have, called `name`, or `name.2` and so on where
  /// another has that name.
  mutating func add(
    _ name: String, _ shape: Shape, _ data: WeightData
  ) throws(Diagnostic) -> WeightID {
    var unique = name
    while !names.insert(unique).inserted {
      let number = nextNumbers[name, default: 2]
      nextNumbers[name] = number + 1
      unique = "\(name).\(number)"
    }
    return try builder.add(Weight(unique, shape, data))
  }

  /// Ends the rewriting.
  func finish() throws(Diagnostic) -> Module {
    try builder.finish(output: self[module.output])
  }
}
