public import Diagnostics

/// One minus a value: of spikes, their NOT.
///
///     %5 = complement %4 : timed spike [64, 56, 56]
///
/// In the exact domains it is exact; otherwise it is one rounded binary32 subtraction.
public struct Complement: Operation {
  public static let definition = OpDefinition(
    mnemonic: "complement", summary: "One minus a value; of spikes, their NOT.",
    operands: ["input"])

  /// Creates the op.
  public init() {}

  public init(_ attributes: AttributeList) {}

  public var attributes: [Attribute] { [] }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    let input = operands[0]
    let negative = Domain.product(input.domain, .constant(-1))
    return ValueType(.sum(.constant(1), negative), input.shape, timed: input.isTimed)
  }
}

extension ModuleBuilder {
  /// Appends a `complement`.
  public mutating func complement(
    _ input: ValueID, from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(.complement(Complement()), [input], from: [origin])
  }
}
