import SpikeIR

extension Domain {
  /// The largest magnitude of an exact domain; `nil` for `real`.
  var magnitude: Double? {
    guard let exact else { return nil }
    let unit = Double(sign: .plus, exponent: -exact.scale, significand: 1)
    return Double(max(exact.low.magnitude, exact.high.magnitude)) * unit
  }
}
