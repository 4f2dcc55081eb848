public import Diagnostics

/// The same elements with the two axes exchanged.
///
///     %5 = transpose %4 : timed real [64, 384]
///
/// It stands where the authors' code lays tokens outside of channels, `[tokens, channels]`, so that
/// a layer's spikes come in its own order.
public struct Transpose: Operation {
  public static let definition = OpDefinition(
    mnemonic: "transpose", summary: "The same elements with the two axes exchanged.",
    operands: ["input"])

  /// Creates the op.
  public init() {}

  public init(_ attributes: AttributeList) {}

  public var attributes: [Attribute] { [] }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    let input = operands[0]
    guard input.shape.rank == 2 else {
      throw Self.violation(1, "the input must have two axes, not \(input.shape)")
    }
    return ValueType(
      input.domain, [input.shape[1], input.shape[0]], timed: input.isTimed)
  }
}

extension ModuleBuilder {
  /// Appends a `transpose`.
  public mutating func transpose(
    _ input: ValueID, from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(.transpose(Transpose()), [input], from: [origin])
  }
}
