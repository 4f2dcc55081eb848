public import Diagnostics

/// A fully connected layer: `y = x W + b`.
///
///     %9 = linear %8, @"head.weight", @"head.bias" : real [1000]
///
/// The input is `[in]`, the weight `[in, out]`, the optional bias `[out]`. Each result starts from
/// the bias, or +0 without one, and adds its terms in ascending order of the input channel, as
/// `conv2d` does.
public struct Linear: Operation {
  public static let definition = OpDefinition(
    mnemonic: "linear", role: .product, summary: "A fully connected layer.",
    operands: ["input"], weights: ["weight", "bias"], optionalWeights: 1)

  /// Creates the op.
  public init() {}

  public init(_ attributes: AttributeList) {}

  public var attributes: [Attribute] { [] }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    let (input, weight) = (operands[0], weights[0])
    guard input.shape.rank == 1 else {
      throw Self.violation(1, "the input must be [channels], not \(input.shape)")
    }
    guard weight.rank == 2, weight[0] == input.shape[0] else {
      throw Self.violation(2, "the weight must be [\(input.shape[0]), out], not \(weight)")
    }
    if weights.count > 1, weights[1] != [weight[1]] {
      throw Self.violation(3, "the bias must be [\(weight[1])], not \(weights[1])")
    }
    return ValueType(.real, [weight[1]], timed: input.isTimed)
  }
}

extension ModuleBuilder {
  /// Appends a `linear`.
  public mutating func linear(
    _ input: ValueID, weight: WeightID, bias: WeightID? = nil, from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(
      .linear(Linear()), [input], weights: [weight] + (bias.map { [$0] } ?? []), from: [origin])
  }
}
