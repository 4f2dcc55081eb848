public import Diagnostics

/// The sum of two values of one shape: the residual addition.
///
///     %9 = add %3, %8 : timed real [768, 14, 14]
///
/// In the exact domains the sum is exact; otherwise it is one rounded binary32 addition. A static
/// operand is added at every step.
public struct Add: Operation {
  public static let definition = OpDefinition(
    mnemonic: "add", summary: "The elementwise sum of two values.", operands: ["lhs", "rhs"])

  /// Creates the op.
  public init() {}

  public init(_ attributes: AttributeList) {}

  public var attributes: [Attribute] { [] }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    let (lhs, rhs) = (operands[0], operands[1])
    guard lhs.shape == rhs.shape else {
      throw Self.violation(1, "the operands must have one shape, not \(lhs.shape) and \(rhs.shape)")
    }
    return ValueType(
      .sum(lhs.domain, rhs.domain), lhs.shape, timed: Self.isTimed(operands))
  }
}

extension ModuleBuilder {
  /// Appends an `add`.
  public mutating func add(
    _ lhs: ValueID, _ rhs: ValueID, from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(.add(Add()), [lhs, rhs], from: [origin])
  }
}
