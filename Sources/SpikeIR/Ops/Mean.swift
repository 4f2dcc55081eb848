public import Diagnostics

/// The mean over all axes but the first: a channel's average over space.
///
///     %7 = mean %6 : timed real [768]
///
/// The sum starts from +0 and adds the elements in row-major order; it is divided
/// once, by the binary32 nearest to their number.
public struct Mean: Operation {
  public static let definition = OpDefinition(
    mnemonic: "mean", summary: "The mean of each channel over all other axes.",
    operands: ["input"])

  /// Creates the op.
  public init() {}

  public init(_ attributes: AttributeList) {}

  public var attributes: [Attribute] { [] }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    let input = operands[0]
    guard input.shape.rank >= 2 else {
      throw Self.violation(1, "the input must have axes beside the channel, not \(input.shape)")
    }
    let terms = input.shape.count / input.shape[0]
    return ValueType(
      .mean(input.domain, of: terms), [input.shape[0]], timed: input.isTimed)
  }
}

extension Domain {
  /// The domain of the mean of `terms` values: exact where their number is a power of two.
  static func mean(_ domain: Domain, of terms: Int) -> Domain {
    guard terms & (terms - 1) == 0, let sum = domain.summed(terms).exact else { return .real }
    return Domain(
      Exact(low: sum.low, high: sum.high, scale: sum.scale + terms.trailingZeroBitCount))
  }
}

extension ModuleBuilder {
  /// Appends a `mean`.
  public mutating func mean(_ input: ValueID, from origin: String) throws(Diagnostic) -> ValueID {
    try append(.mean(Mean()), [input], from: [origin])
  }
}
