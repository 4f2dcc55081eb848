public import Diagnostics

/// The same slice at every time step: how an image meets the neurons.
///
///     %1 = repeat %input : timed real [3, 224, 224]
///
/// `hoist-static` moves it behind whatever does not depend on the step.
public struct Repeat: Operation {
  public static let definition = OpDefinition(
    mnemonic: "repeat", summary: "The same slice at every time step.", operands: ["input"])

  /// Creates the op.
  public init() {}

  public init(_ attributes: AttributeList) {}

  public var attributes: [Attribute] { [] }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    guard !operands[0].isTimed else { throw Self.violation(1, "the input must be static") }
    return ValueType(operands[0].domain, operands[0].shape, timed: true)
  }
}

extension ModuleBuilder {
  /// Appends a `repeat`.
  public mutating func `repeat`(
    _ input: ValueID, from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(.repeat(Repeat()), [input], from: [origin])
  }
}
