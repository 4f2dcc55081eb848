import Diagnostics
import SpikeIR

/// Makes the graph of a module: each op of a timed value once a step.
///
/// A value of the graph is one step of a value of the module with a leading axis of extent 1, the
/// batch that ONNX's operators on images ask for.
struct Unroller {
  /// The module.
  let module: Module

  /// What is made of it.
  var graph: GraphBuilder

  /// The names in the graph of each value of the module: one, or one a step.
  private var values: [[String]] = []

  /// The outputs of the layers' spikes, by the value that they are.
  private var recorded: [(name: String, value: ValueID)] = []

  /// Returns the graph of `module`.
  ///
  /// - Throws: `onnx-too-large`, or `batch_norm-c4` and `batch_norm-c5` where a batch norm's numbers
  ///   make no scale and shift.
  static func graph(of module: Module, withSpikes: Bool) throws(Diagnostic) -> Graph {
    try module.requireUnrolled()
    var unroller = Unroller(module)
    let output = unroller.declare(withSpikes: withSpikes)
    for (value, node) in module.definitions { try unroller.append(value, node) }
    unroller.define(output, module.output)
    for (name, value) in unroller.recorded { unroller.define(name, value) }
    return unroller.graph.graph
  }

  private init(_ module: Module) {
    self.module = module
    graph = GraphBuilder(module)
  }

  /// Declares inputs and outputs before all else, so that they have their names for sure; returns
  /// the name of the module's output.
  private mutating func declare(withSpikes: Bool) -> String {
    let input = graph.input("input", module.extents(of: .input))
    let output = graph.output("output", module.extents(of: module.output))
    for neuron in withSpikes ? module.neurons : [] {
      let name = graph.output("spikes/\(neuron.name)", module.extents(of: neuron.value))
      recorded.append((name, neuron.value))
    }
    values.append(steps(of: input))
    return output
  }

  /// The steps of the module's input, or the one that it has.
  private mutating func steps(of input: String) -> [String] {
    guard module.input.isTimed else {
      return [graph.add("Unsqueeze", [input, graph.constant([0])], at: input)]
    }
    guard module.timeSteps > 1 else { return [input] }
    return graph.split(
      "Split", input, [Graph.Attribute("axis", .integer(0))],
      into: (0..<module.timeSteps).map { "\(input)/t\($0)" })
  }

  /// Defines an output of the graph as a value of the module, whose steps are put together.
  private mutating func define(_ output: String, _ value: ValueID) {
    if module.type(of: value).isTimed {
      graph.define(output, "Concat", values[value.index], [Graph.Attribute("axis", .integer(0))])
    } else {
      graph.define(output, "Squeeze", [values[value.index][0], graph.constant([0])])
    }
  }

  /// Appends what a node of the module is, at all steps.
  private mutating func append(_ value: ValueID, _ node: Node) throws(Diagnostic) {
    let place = module.name(of: value)
    let operands = node.operands.map { values[$0.index] }
    switch node.op {
    case .if, .lif, .plif:
      guard let neuron = node.op.neuron else { preconditionFailure("no neuron") }
      values.append(fire(operands[0], neuron, at: place))
    case .meanSteps: values.append([meanSteps(operands[0], at: place)])
    case .repeat:
      values.append([String](repeating: operands[0][0], count: module.timeSteps))
      return
    default:
      let constants = try constants(of: node, at: place)
      values.append(
        (0..<(node.type.isTimed ? module.timeSteps : 1)).map { step in
          let inputs = operands.map { $0[$0.count > 1 ? step : 0] }
          return apply(
            node, inputs, constants, at: node.type.isTimed ? "\(place)/t\(step)" : place)
        })
    }
    for name in values[value.index] { graph.declare(name, [1] + node.type.shape.extents) }
  }
}

extension Module {
  /// The most nodes of a module that a graph is made of, counted at each step: 2^20.
  static let maximumUnrolledCount = 1 << 20

  /// Checks that the nodes, each counted once a step, are not too many to write each.
  fileprivate func requireUnrolled() throws(Diagnostic) {
    let count = nodes.reduce(0) { $0 + ($1.type.isTimed ? timeSteps : 1) }
    guard count <= Module.maximumUnrolledCount else { throw .tooManyNodes(count) }
  }
}

extension Diagnostic {
  fileprivate static func tooManyNodes(_ count: Int) -> Diagnostic {
    .error(
      "onnx-too-large",
      "at most \(Module.maximumUnrolledCount) nodes are unrolled over the time steps, not \(count)",
      notes: ["fewer time steps make them fewer"])
  }
}
