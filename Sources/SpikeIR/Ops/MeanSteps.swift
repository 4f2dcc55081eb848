public import Diagnostics

/// The mean over the time steps.
///
///     %8 = mean_steps %7 : real [768]
///
/// The sum starts from +0 and adds the steps in order; it is divided once, by T.
public struct MeanSteps: Operation {
  public static let definition = OpDefinition(
    mnemonic: "mean_steps", role: .overTime, summary: "The mean over the time steps.",
    operands: ["input"])

  /// Creates the op.
  public init() {}

  public init(_ attributes: AttributeList) {}

  public var attributes: [Attribute] { [] }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    guard operands[0].isTimed else { throw Self.violation(1, "the input must be timed") }
    return ValueType(.real, operands[0].shape, timed: false)
  }
}

extension ModuleBuilder {
  /// Appends a `mean_steps`.
  public mutating func meanSteps(
    _ input: ValueID, from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(.meanSteps(MeanSteps()), [input], from: [origin])
  }
}
