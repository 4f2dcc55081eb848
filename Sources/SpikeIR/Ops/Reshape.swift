public import Diagnostics

/// The same elements in the same row-major order, with other extents.
///
///     %5 = reshape %4 {shape = [8, 96, 196]} : timed spike [8, 96, 196]
public struct Reshape: Operation {
  public static let definition = OpDefinition(
    mnemonic: "reshape", summary: "The same elements in row-major order with other extents.",
    operands: ["input"], attributes: [.init("shape", .integers, "the extents of the result")])

  /// The extents of the result.
  public let shape: Shape

  /// Creates the op.
  public init(_ shape: Shape) {
    self.shape = shape
  }

  public init(_ attributes: AttributeList) {
    shape = Shape(attributes.integers("shape"))
  }

  public var attributes: [Attribute] { [Attribute("shape", .integers(shape.extents))] }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    guard shape.isValid, shape.count == operands[0].shape.count else {
      throw Self.violation(1, "\(operands[0].shape) has another number of elements than \(shape)")
    }
    return ValueType(operands[0].domain, shape, timed: operands[0].isTimed)
  }
}

extension ModuleBuilder {
  /// Appends a `reshape`, or returns the value if it has that shape already.
  public mutating func reshape(
    _ input: ValueID, _ shape: Shape, from origin: String
  ) throws(Diagnostic) -> ValueID {
    guard type(of: input).shape != shape else { return input }
    return try append(.reshape(Reshape(shape)), [input], from: [origin])
  }
}
