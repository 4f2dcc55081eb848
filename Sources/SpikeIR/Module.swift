public import Diagnostics

/// A program: one input, nodes that each read only what stands before them, and one output.
///
/// It computes one sample; a batch is a loop over samples with fresh membranes.
///
/// A module is made by a `ModuleBuilder`, which checks every node, and never changed.
public struct Module: Sendable {
  /// The name, from which emitted files and functions take theirs.
  public let name: String

  /// The number of time steps, T.
  public let timeSteps: Int

  /// The type of the input.
  public let input: ValueType

  /// The nodes, in order of execution.
  public let nodes: [Node]

  /// The constant tensors.
  public let weights: [Weight]

  /// The value that is the result: the logits.
  public let output: ValueID

  /// What is known of the model's making: the family, and where each hyper-parameter came from.
  ///
  /// Keys are unique and in order. It has no meaning to the program.
  public let metadata: [(key: String, value: String)]

  /// The type of a value.
  public func type(of value: ValueID) -> ValueType {
    value == .input ? input : nodes[value.index - 1].type
  }

  /// The extents of all of a value: its shape, with T in front where it is timed.
  public func extents(of value: ValueID) -> [Int] {
    let type = type(of: value)
    return (type.isTimed ? [timeSteps] : []) + type.shape.extents
  }

  /// The last of a value's module paths, or its text form where it has none; not escaped.
  public func name(of value: ValueID) -> String {
    Node.name(of: value, origins: definition(of: value)?.origins ?? [])
  }

  /// The node that defines a value; `nil` for the input.
  public func definition(of value: ValueID) -> Node? {
    value == .input ? nil : nodes[value.index - 1]
  }

  /// The weight of an id.
  public func weight(_ id: WeightID) -> Weight { weights[id.index] }

  /// The metadata's value for `key`.
  public func metadata(_ key: String) -> String? {
    metadata.first { $0.key == key }?.value
  }

  /// The nodes with the values they define, in order.
  public var definitions: some Sequence<(value: ValueID, node: Node)> {
    nodes.enumerated().lazy.map { (value: ValueID($0.offset + 1), node: $0.element) }
  }

  /// For each value, by its index, the values whose nodes read it; one that reads it twice is
  /// listed twice.
  public var users: [[ValueID]] {
    var users = [[ValueID]](repeating: [], count: nodes.count + 1)
    for (value, node) in definitions {
      for operand in node.operands { users[operand.index].append(value) }
    }
    return users
  }

  /// For each value, by its index, the last value whose node reads it; `nil` where none does.
  public var lastUses: [ValueID?] {
    var last = [ValueID?](repeating: nil, count: nodes.count + 1)
    for (value, node) in definitions {
      for operand in node.operands { last[operand.index] = value }
    }
    return last
  }

  /// Checks that no value has more than `limit` elements over all steps.
  ///
  /// - Throws: `too-large`, at the place of the first that has.
  public func requireValues(of limit: Int) throws(Diagnostic) {
    for value in (0...nodes.count).map(ValueID.init) {
      let count = type(of: value).count(steps: timeSteps)
      guard count <= limit else { throw .tooLarge(count, limit).at(place(of: value)) }
    }
  }

  /// The layers of neurons in order, each with its name.
  public var neurons: [(name: String, value: ValueID, node: Node)] {
    definitions.compactMap { value, node in
      guard node.op.definition.role == .neuron else { return nil }
      return (Node.name(of: value, origins: node.origins), value, node)
    }
  }

  /// The place of a value's node, for diagnostics.
  public func place(of value: ValueID) -> Location.Place {
    .node(value.description, origins: definition(of: value)?.origins ?? [])
  }
}

extension Module {
  /// Returns this module with other metadata; keys must be unique.
  public func withMetadata(_ entries: [(String, String)]) -> Module {
    Module(
      name: name, timeSteps: timeSteps, input: input, nodes: nodes, weights: weights,
      output: output, metadata: entries.map { (key: $0.0, value: $0.1) })
  }
}

extension Diagnostic {
  fileprivate static func tooLarge(_ count: Int, _ limit: Int) -> Diagnostic {
    .error(
      "too-large",
      "a value to be computed has at most \(limit) elements over all steps, and one has \(count)",
      notes: ["a smaller image or fewer time steps make it smaller"])
  }
}
