public import Diagnostics

/// A value times a constant: the scale of attention.
///
///     %9 = scale %8 {factor = 0.125} : timed fixed<0, 18816, 2^-3> [768, 14, 14]
///
/// In the exact domains the product is exact; otherwise it is one rounded binary32 product.
public struct Scale: Operation {
  public static let definition = OpDefinition(
    mnemonic: "scale", role: .scaling, summary: "A value times a constant.", operands: ["input"],
    attributes: [.init("factor", .real, "the constant")])

  /// The constant.
  public let factor: Double

  /// Creates the op.
  public init(factor: Double) {
    self.factor = factor
  }

  public init(_ attributes: AttributeList) {
    factor = attributes.real("factor")
  }

  public var attributes: [Attribute] { [Attribute("factor", .real(factor))] }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    guard factor.isBinary32 else {
      throw Self.violation(1, "the factor must be a binary32 number, and it is \(factor)")
    }
    let domain = Domain.product(operands[0].domain, .constant(Float(factor)))
    return ValueType(domain, operands[0].shape, timed: operands[0].isTimed)
  }
}

extension ModuleBuilder {
  /// Appends a `scale`.
  public mutating func scale(
    _ input: ValueID, by factor: Double, from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(.scale(Scale(factor: factor)), [input], from: [origin])
  }
}
