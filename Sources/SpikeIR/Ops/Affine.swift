public import Diagnostics

/// A scale and a shift of its own for each channel: what remains of a batch norm.
///
///     %3 = affine %2, @"bn.scale", @"bn.shift" : timed real [768, 14, 14]
///
/// `y[c, ...] = (x[c, ...] * scale[c]) + shift[c]`, each of the two operations rounded.
public struct Affine: Operation {
  public static let definition = OpDefinition(
    mnemonic: "affine", role: .scaling,
    summary: "Multiplies each channel by a scale and adds a shift.",
    operands: ["input"], weights: ["scale", "shift"])

  /// Creates the op.
  public init() {}

  public init(_ attributes: AttributeList) {}

  public var attributes: [Attribute] { [] }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    let input = operands[0]
    guard input.shape.rank >= 1 else {
      throw Self.violation(1, "the input must have a channel axis")
    }
    for (name, weight) in zip(Self.definition.weights, weights) where weight != [input.shape[0]] {
      throw Self.violation(2, "the \(name) must be [\(input.shape[0])], not \(weight)")
    }
    return ValueType(.real, input.shape, timed: input.isTimed)
  }
}

extension ModuleBuilder {
  /// Appends an `affine`.
  public mutating func affine(
    _ input: ValueID, scale: WeightID, shift: WeightID, from origins: [String]
  ) throws(Diagnostic) -> ValueID {
    try append(.affine(Affine()), [input], weights: [scale, shift], from: origins)
  }
}
