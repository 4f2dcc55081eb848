public import Diagnostics

/// Makes a module node by node and checks each, so that an ill-typed module cannot be built.
///
/// The checked factories of the ops (`builder.conv2d(...)`) stand in the files of `Ops/`.
///
/// What is checked: the shapes, time axes and domains by each op's own constraints; the numbers of
/// operands, weights and attributes by its definition; that operands are defined before they are
/// used; that names of weights and of layers of neurons are unique; and that T, every extent and every
/// count is positive and within its limit.
public struct ModuleBuilder {
  /// The largest number of time steps.
  public static let maximumTimeSteps = 4096

  /// The name of the module.
  public let name: String

  /// The number of time steps.
  public let timeSteps: Int

  private let input: ValueType
  private var nodes: [Node] = []
  private var weights: [Weight] = []
  private var weightIDs: [String: WeightID] = [:]
  private var neuronNames: Set<String> = []
  private var metadata: [(key: String, value: String)] = []

  /// Starts a module.
  ///
  /// - Throws: `time-steps`, `invalid-shape` or `invalid-domain`.
  public init(name: String, timeSteps: Int, input: ValueType) throws(Diagnostic) {
    guard (1...ModuleBuilder.maximumTimeSteps).contains(timeSteps) else {
      throw .timeSteps(timeSteps)
    }
    guard input.shape.isValid else { throw .invalidShape(input.shape) }
    guard input.domain.isValid else { throw .invalidDomain(input.domain) }
    self.name = name
    self.timeSteps = timeSteps
    self.input = input
  }

  /// Starts a module of the same name, steps, input and metadata as `module`.
  public init(like module: Module) {
    name = module.name
    timeSteps = module.timeSteps
    input = module.input
    metadata = module.metadata
  }

  /// The type of a value.
  public func type(of value: ValueID) -> ValueType {
    value == .input ? input : nodes[value.index - 1].type
  }

  /// The weight of an id.
  public func weight(_ id: WeightID) -> Weight { weights[id.index] }

  /// Records something about the model's making; the last value for a key stays.
  public mutating func setMetadata(_ key: String, _ value: String) {
    metadata.removeAll { $0.key == key }
    metadata.append((key, value))
  }

  /// Adds a weight.
  ///
  /// - Throws: `duplicate-weight` or `invalid-shape`.
  public mutating func add(_ weight: Weight) throws(Diagnostic) -> WeightID {
    guard weight.shape.isValid else { throw .invalidShape(weight.shape) }
    guard weightIDs[weight.name] == nil else { throw .duplicateWeight(weight.name) }
    let id = WeightID(weights.count)
    weightIDs[weight.name] = id
    weights.append(weight)
    return id
  }

  /// Appends a node and returns its result.
  ///
  /// - Throws: the constraint that it breaks, at the node's place.
  public mutating func append(
    _ op: Op, _ operands: [ValueID], weights: [WeightID] = [], from origins: [String]
  ) throws(Diagnostic) -> ValueID {
    let result = ValueID(nodes.count + 1)
    do throws(Diagnostic) {
      try check(operands, weights, op.definition)
      let type = try op.operation.result(
        of: operands.map { self.type(of: $0) }, weights: weights.map { weight($0).shape })
      guard type.shape.isValid else { throw .invalidShape(type.shape) }
      if op.definition.role == .neuron {
        let name = Node.name(of: result, origins: origins)
        guard neuronNames.insert(name).inserted else { throw .duplicateNeuron(name) }
      }
      nodes.append(
        Node(op: op, operands: operands, weights: weights, type: type, origins: origins))
    } catch {
      throw error.at(.node(result.description, origins: origins))
    }
    return result
  }

  /// Checks a node's operands and weights against what exists and the op's definition.
  private func check(
    _ operands: [ValueID], _ weights: [WeightID], _ definition: OpDefinition
  ) throws(Diagnostic) {
    guard operands.count == definition.operands.count else {
      throw .operandCount(definition, operands.count)
    }
    let most = definition.weights.count
    guard (most - definition.optionalWeights...most).contains(weights.count) else {
      throw .weightCount(definition, weights.count)
    }
    for operand in operands where !(0...nodes.count).contains(operand.index) {
      throw .undefinedValue(operand)
    }
    for weight in weights where !self.weights.indices.contains(weight.index) {
      throw .undefinedWeight(weight)
    }
  }

  /// Ends the module.
  ///
  /// - Throws: `undefined-value`.
  public func finish(output: ValueID) throws(Diagnostic) -> Module {
    guard (0...nodes.count).contains(output.index) else { throw .undefinedValue(output) }
    return Module(
      name: name, timeSteps: timeSteps, input: input, nodes: nodes, weights: weights,
      output: output, metadata: metadata)
  }
}

extension Diagnostic {
  fileprivate static func duplicateNeuron(_ name: String) -> Diagnostic {
    .error(
      "duplicate-neuron", "two layers of neurons have the name '\(escaped(name))'",
      notes: ["a layer's name is its last module path: what stands behind 'from'"])
  }

  fileprivate static func timeSteps(_ steps: Int) -> Diagnostic {
    .error(
      "time-steps", "a module has 1 to \(ModuleBuilder.maximumTimeSteps) time steps, not \(steps)")
  }

  fileprivate static func invalidDomain(_ domain: Domain) -> Diagnostic {
    .error(
      "invalid-domain", "a domain has one spelling, and '\(domain)' is that of none",
      notes: [
        "spike: 0 and 1; count<N>: the integers from 0 to N, which is 2 to 2^24",
        "fixed<LOW, HIGH, 2^-S>: any other LOW to HIGH, in order and within 2^24 of 0, times 2^-S, "
          + "where S is 0 to \(Domain.scaleLimit)",
        "real: any finite binary32 number",
      ])
  }

  fileprivate static func duplicateWeight(_ name: String) -> Diagnostic {
    .error("duplicate-weight", "two weights have the name '\(escaped(name))'")
  }

  fileprivate static func operandCount(_ op: OpDefinition, _ count: Int) -> Diagnostic {
    .error("operand-count", "'\(op.mnemonic)' takes \(op.operands.count) operands, not \(count)")
  }

  fileprivate static func weightCount(_ op: OpDefinition, _ count: Int) -> Diagnostic {
    let least = op.weights.count - op.optionalWeights
    let expected =
      op.optionalWeights == 0 ? "\(least)" : "\(least) to \(op.weights.count)"
    return .error("weight-count", "'\(op.mnemonic)' takes \(expected) weights, not \(count)")
  }

  fileprivate static func undefinedValue(_ value: ValueID) -> Diagnostic {
    .error("undefined-value", "\(value) is used before it is defined")
  }

  fileprivate static func undefinedWeight(_ weight: WeightID) -> Diagnostic {
    .error("undefined-weight", "there is no weight number \(weight.index)")
  }
}
