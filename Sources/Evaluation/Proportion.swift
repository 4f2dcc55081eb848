import Reports

/// How many of some samples have a property.
public struct Proportion: Hashable, Sendable {
  /// Those that have it.
  public let count: Int

  /// All.
  public let total: Int

  /// Creates a proportion.
  public init(_ count: Int, of total: Int) {
    self.count = count
    self.total = total
  }

  /// The part that has it, 0 to 1; `nil` of nothing.
  public var rate: Double? { total == 0 ? nil : Double(count) / Double(total) }

  /// Where the part lies among all samples that there could be, with a confidence of 95 %; `nil` of
  /// nothing.
  ///
  /// It is the score interval, which is right for parts near 0 and 1 and for few samples, too.
  /// Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference,
  /// Journal of the American Statistical Association 22 (1927).
  public var interval: ClosedRange<Double>? {
    guard let rate else { return nil }
    // The quantile of the normal distribution at 0.975.
    let z = 1.959963984540054
    let n = Double(total)
    let square = z * z / n
    let centre = (rate + square / 2) / (1 + square)
    let half = z / (1 + square) * (rate * (1 - rate) / n + square / (4 * n)).squareRoot()
    return max(centre - half, 0)...min(centre + half, 1)
  }
}

extension Proportion: CustomStringConvertible {
  /// Such as `354 of 360 right (98.33 %)`.
  public var description: String {
    guard let rate else { return "\(count) of \(total) right" }
    return "\(count) of \(total) right (\(Self.percent(rate)) %)"
  }

  /// A part of one in percent, with two digits behind the point: `98.33`.
  static func percent(_ part: Double) -> String { fixedPoint(100 * part, digits: 2) }
}
