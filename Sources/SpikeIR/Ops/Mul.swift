public import Diagnostics

/// The product of two values, element by element: of spikes, their AND.
///
///     %9 = mul %7, %8 : timed spike [8, 12, 196]
///
/// The right operand may have the extent 1 in one axis in which the left one has more: there its
/// one element meets them all, as where spikes of tokens mask keys. In the exact domains each
/// product is exact; otherwise it is one rounded binary32 product.
public struct Mul: Operation {
  public static let definition = OpDefinition(
    mnemonic: "mul", role: .product, summary: "The elementwise product of two values.",
    operands: ["lhs", "rhs"])

  /// Creates the op.
  public init() {}

  public init(_ attributes: AttributeList) {}

  public var attributes: [Attribute] { [] }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    let (lhs, rhs) = (operands[0], operands[1])
    guard rhs.shape.rank == lhs.shape.rank,
      Self.axes(in: lhs.shape, where: rhs.shape).allSatisfy({ rhs.shape[$0] == 1 })
    else {
      throw Self.violation(
        1, "the right operand must be \(lhs.shape), with 1 for one extent or none, not \(rhs.shape)"
      )
    }
    guard Self.axes(in: lhs.shape, where: rhs.shape).count <= 1 else {
      throw Self.violation(
        2, "one axis of \(lhs.shape) at most may meet an extent of 1, not those of \(rhs.shape)")
    }
    return ValueType(
      .product(lhs.domain, rhs.domain), lhs.shape, timed: Self.isTimed(operands))
  }

  /// The axes in which two shapes of one rank differ.
  private static func axes(in lhs: Shape, where rhs: Shape) -> [Int] {
    (0..<lhs.rank).filter { lhs[$0] != rhs[$0] }
  }

  /// The axis of `lhs` whose elements all meet the one of `rhs`; `nil` if there is none.
  public static func sharedAxis(_ lhs: Shape, _ rhs: Shape) -> Int? {
    axes(in: lhs, where: rhs).first
  }
}

extension ModuleBuilder {
  /// Appends a `mul`.
  public mutating func mul(
    _ lhs: ValueID, _ rhs: ValueID, from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(.mul(Mul()), [lhs, rhs], from: [origin])
  }
}
