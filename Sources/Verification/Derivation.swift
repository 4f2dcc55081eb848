public import SpikeIR

/// How a value came to be no spikes: the ops that changed its domain, and the first that did.
public struct Derivation: Sendable {
  /// An op on the way.
  public struct Step: Sendable {
    /// The result.
    public let value: ValueID
    /// The op's mnemonic.
    public let mnemonic: String
    /// The checkpoint's module paths.
    public let origins: [String]
    /// The domains of its operands.
    public let domains: [Domain]
    /// The domain of its result.
    public let result: Domain
  }

  /// The ops, the first first; none where the value is the module's input.
  public let steps: [Step]
}

extension Module {
  /// How `value` came to be what it is, as far as it says why it holds no spikes.
  ///
  /// Integers are followed through every op that made them larger, back to the addition that made
  /// them of spikes; real values to the op that made them real, and means of them to what they are
  /// means of. Ops that change neither number nor domain are left out.
  public func derivation(of value: ValueID) -> Derivation {
    var steps: [Derivation.Step] = []
    var current = value
    while let node = definition(of: current), node.type.domain != .spike {
      let next = node.source(in: self)
      if !(node.operands.count == 1 && type(of: node.operands[0]).domain == node.type.domain)
        || node.op.isMean || next == nil
      {
        steps.append(step(current, node))
      }
      guard let next else { break }
      current = next
    }
    return Derivation(steps: steps.reversed())
  }

  /// What a step says of a node.
  private func step(_ value: ValueID, _ node: Node) -> Derivation.Step {
    Derivation.Step(
      value: value, mnemonic: node.op.definition.mnemonic, origins: node.origins,
      domains: node.operands.map { type(of: $0).domain }, result: node.type.domain)
  }
}

extension Node {
  /// The operand from which the reason for this node's domain comes; `nil` if this node is it.
  fileprivate func source(in module: Module) -> ValueID? {
    let operands = operands.map { (value: $0, domain: module.type(of: $0).domain) }
    guard type.domain == .real else {
      // The operand with the largest integers: the one that grew.
      let integers = operands.filter { $0.domain != .spike }
      return integers.max { $0.domain.size < $1.domain.size }?.value
    }
    guard op.isMean || op.isRearrangement else { return nil }
    return operands[0].value
  }
}

extension Domain {
  /// The largest magnitude, or that of no number for `real`.
  fileprivate var size: Double { magnitude ?? .infinity }
}

extension Op {
  /// Whether this is a mean.
  fileprivate var isMean: Bool {
    switch self {
    case .mean, .meanSteps: true
    default: false
    }
  }

  /// Whether the result's elements are elements of the operand.
  fileprivate var isRearrangement: Bool {
    switch self {
    case .maxPool2d, .repeat, .reshape, .transpose: true
    default: false
    }
  }
}
