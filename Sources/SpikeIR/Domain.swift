/// What values a tensor can hold, as far as the program proves it.
///
/// The exact domains are sets of integers times a power of two that binary32 represents without
/// rounding, so their arithmetic is exact and has no order.
public enum Domain: Hashable, Sendable {
  /// {0, 1}: something fired or it did not.
  case spike
  /// The integers 0...maximum, where maximum is at least 2.
  case count(Int)
  /// The integers `low...high` times `2^-scale`.
  case fixed(low: Int, high: Int, scale: Int)
  /// Any finite binary32 number.
  case real
}

extension Domain {
  /// The integers `low...high` times `2^-scale`: the common form of the exact domains.
  public struct Exact: Hashable, Sendable {
    /// The smallest integer.
    public var low: Int
    /// The largest integer.
    public var high: Int
    /// The binary digits after the point.
    public var scale: Int

    /// Creates the set of `low...high` times `2^-scale`.
    public init(low: Int, high: Int, scale: Int = 0) {
      self.low = low
      self.high = high
      self.scale = scale
    }
  }

  /// The largest integer whose neighbours binary32 still tells apart, 2^24.
  public static let exactLimit = 1 << 24

  /// The most binary digits after the point; any value of an exact domain stays a normal number.
  public static let scaleLimit = 100

  /// The integers and the scale of this domain; `nil` for `real`.
  public var exact: Exact? {
    switch self {
    case .spike: Exact(low: 0, high: 1)
    case .count(let maximum): Exact(low: 0, high: maximum)
    case .fixed(let low, let high, let scale): Exact(low: low, high: high, scale: scale)
    case .real: nil
    }
  }

  /// The smallest domain that holds `exact`; `real` where binary32 would have to round.
  public init(_ exact: Exact?) {
    guard let exact, exact.low >= -Domain.exactLimit, exact.high <= Domain.exactLimit,
      (0...Domain.scaleLimit).contains(exact.scale)
    else {
      self = .real
      return
    }
    switch (exact.low, exact.high, exact.scale) {
    case (0, 0...1, 0): self = .spike
    case (0, let high, 0): self = .count(high)
    case (let low, let high, let scale): self = .fixed(low: low, high: high, scale: scale)
    }
  }

  /// Whether this is the one way to write its set of values: bounds in order and within the limits,
  /// and the first of `spike`, `count` and `fixed` that holds it.
  public var isValid: Bool {
    guard let exact else { return true }
    return exact.low <= exact.high && Domain(exact) == self
  }

  /// Whether `value` is an element of this domain.
  public func contains(_ value: Float) -> Bool {
    guard let exact else { return value.isFinite }
    let scaled = Double(value) * Double(sign: .plus, exponent: exact.scale, significand: 1)
    return scaled == scaled.rounded() && scaled >= Double(exact.low)
      && scaled <= Double(exact.high)
  }

  /// The domain of the sum of two values.
  public static func sum(_ a: Domain, _ b: Domain) -> Domain {
    guard let x = a.exact, let y = b.exact else { return .real }
    let scale = max(x.scale, y.scale)
    guard let x = x.rescaled(to: scale), let y = y.rescaled(to: scale) else { return .real }
    return Domain(Exact(low: x.low + y.low, high: x.high + y.high, scale: scale))
  }

  /// The domain of the product of two values.
  public static func product(_ a: Domain, _ b: Domain) -> Domain {
    guard let x = a.exact, let y = b.exact else { return .real }
    // Each factor is at most 2^24, so no product overflows.
    let corners = [x.low * y.low, x.low * y.high, x.high * y.low, x.high * y.high]
    let product = Domain(
      Exact(low: corners.min() ?? 0, high: corners.max() ?? 0, scale: x.scale + y.scale))
    // A negative number times 0 is -0, which is no spike.
    return product == .spike && min(x.low, y.low) < 0 ? .real : product
  }

  /// The domain of a sum of `terms` values of this domain.
  public func summed(_ terms: Int) -> Domain {
    guard let exact, terms <= Domain.exactLimit else { return .real }
    return Domain(Exact(low: exact.low * terms, high: exact.high * terms, scale: exact.scale))
  }

  /// The domain of the single number `value`.
  public static func constant(_ value: Float) -> Domain {
    guard value.isFinite else { return .real }
    // Negative zero is no spike: products with it would lose its sign when packed in bits.
    guard value != 0 else { return value.sign == .plus ? .spike : .real }
    let scale = max(0, value.significandWidth - Int(value.exponent))
    let scaled = Double(value) * Double(sign: .plus, exponent: scale, significand: 1)
    guard scale <= Domain.scaleLimit, scaled.magnitude <= Double(Domain.exactLimit) else {
      return .real
    }
    return Domain(Exact(low: Int(scaled), high: Int(scaled), scale: scale))
  }
}

extension Domain.Exact {
  /// The same set with more digits after the point; `nil` where it would overflow.
  fileprivate func rescaled(to scale: Int) -> Domain.Exact? {
    let shift = scale - self.scale
    guard shift <= 32 else { return nil }
    return Domain.Exact(low: low << shift, high: high << shift, scale: scale)
  }
}

extension Domain: CustomStringConvertible {
  /// The text form: `spike`, `count<17>`, `fixed<-3, 4, 2^-5>` or `real`.
  public var description: String {
    switch self {
    case .spike: "spike"
    case .count(let maximum): "count<\(maximum)>"
    case .fixed(let low, let high, let scale): "fixed<\(low), \(high), 2^-\(scale)>"
    case .real: "real"
    }
  }
}
