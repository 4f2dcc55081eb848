public import Diagnostics

/// The product of two stacks of matrices, each optionally transposed: the sums of attention.
///
///     %7 = matmul %5, %6 {transpose_lhs = false, transpose_rhs = true} : timed count<196> [8, 96, 96]
///
/// The operands are `[stack, rows, inner]` and `[stack, inner, columns]`, before transposition of
/// their two last axes where an attribute asks for it; the result is `[stack, rows, columns]`. In
/// the exact domains each sum is exact and has no order; otherwise it starts from +0 and adds
/// rounded products in ascending order of the inner index.
public struct Matmul: Operation {
  public static let definition = OpDefinition(
    mnemonic: "matmul", role: .product, summary: "The product of two stacks of matrices.",
    operands: ["lhs", "rhs"],
    attributes: [
      .init("transpose_lhs", .boolean, "whether `lhs` is `[stack, inner, rows]`"),
      .init("transpose_rhs", .boolean, "whether `rhs` is `[stack, columns, inner]`"),
    ])

  /// Whether the left operand is `[stack, inner, rows]`.
  public let transposeLHS: Bool

  /// Whether the right operand is `[stack, columns, inner]`.
  public let transposeRHS: Bool

  /// Creates the op.
  public init(transposeLHS: Bool = false, transposeRHS: Bool = false) {
    self.transposeLHS = transposeLHS
    self.transposeRHS = transposeRHS
  }

  public init(_ attributes: AttributeList) {
    self.init(
      transposeLHS: attributes.boolean("transpose_lhs"),
      transposeRHS: attributes.boolean("transpose_rhs"))
  }

  public var attributes: [Attribute] {
    [
      Attribute("transpose_lhs", .boolean(transposeLHS)),
      Attribute("transpose_rhs", .boolean(transposeRHS)),
    ]
  }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    let (lhs, rhs) = (operands[0].shape, operands[1].shape)
    guard lhs.rank == 3, rhs.rank == 3, lhs[0] == rhs[0] else {
      throw Self.violation(1, "the operands must be stacks of one height, not \(lhs) and \(rhs)")
    }
    let (rows, inner) = transposeLHS ? (lhs[2], lhs[1]) : (lhs[1], lhs[2])
    let (innerRight, columns) = transposeRHS ? (rhs[2], rhs[1]) : (rhs[1], rhs[2])
    guard inner == innerRight else {
      throw Self.violation(2, "the inner extents must be equal, not \(inner) and \(innerRight)")
    }
    let product = Domain.product(operands[0].domain, operands[1].domain)
    return ValueType(
      product.summed(inner), [lhs[0], rows, columns], timed: Self.isTimed(operands))
  }
}

extension ModuleBuilder {
  /// Appends a `matmul`.
  public mutating func matmul(
    _ lhs: ValueID, _ rhs: ValueID, transposeLHS: Bool = false, transposeRHS: Bool = false,
    from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(
      .matmul(Matmul(transposeLHS: transposeLHS, transposeRHS: transposeRHS)), [lhs, rhs],
      from: [origin])
  }
}
