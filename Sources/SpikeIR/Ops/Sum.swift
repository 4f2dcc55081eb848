public import Diagnostics

/// The sum along one axis, which stays with the extent 1.
///
///     %8 = sum %7 {axis = 1} : timed count<12> [8, 1, 196]
///
/// In the exact domains the sum is exact and has no order; otherwise it starts from +0 and adds the
/// elements in ascending order.
public struct Sum: Operation {
  public static let definition = OpDefinition(
    mnemonic: "sum", summary: "The sum along one axis, which stays with the extent 1.",
    operands: ["input"], attributes: [.init("axis", .integer, "the axis, from 0")])

  /// The axis, from 0.
  public let axis: Int

  /// Creates the op.
  public init(axis: Int) {
    self.axis = axis
  }

  public init(_ attributes: AttributeList) {
    axis = attributes.integer("axis")
  }

  public var attributes: [Attribute] { [Attribute("axis", .integer(axis))] }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    let input = operands[0]
    guard (0..<input.shape.rank).contains(axis) else {
      throw Self.violation(1, "\(input.shape) has no axis \(axis)")
    }
    var extents = input.shape.extents
    extents[axis] = 1
    return ValueType(
      input.domain.summed(input.shape[axis]), Shape(extents), timed: input.isTimed)
  }
}

extension ModuleBuilder {
  /// Appends a `sum`.
  public mutating func sum(
    _ input: ValueID, axis: Int, from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(.sum(Sum(axis: axis)), [input], from: [origin])
  }
}
