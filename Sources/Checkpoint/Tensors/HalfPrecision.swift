/// The conversion from IEEE half precision, which every half has an exact `Float` for.
enum HalfPrecision {
  /// Returns the value of the half with the given bits.
  ///
  /// Without a branch, so that loops over it run in vector registers: `Float16` would call a
  /// function of the C runtime for each element on machines without F16C. Infinity and NaN keep
  /// their kind.
  @inline(__always)
  static func float(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let magnitude = UInt32(bits & 0x7FFF) << 13
    // Exponents shift from a bias of 15 to one of 127; the highest one, to the highest.
    let isHighest = magnitude >= 31 << 23
    let normal = magnitude &+ (isHighest ? 224 << 23 : 112 << 23)
    // Below, the mantissa counts units of 2^-24: put it behind 2^-14, and take that away.
    let small = Float(bitPattern: magnitude &+ 113 << 23) - Float(bitPattern: 113 << 23)
    let isSmall = magnitude < 1 << 23
    return Float(bitPattern: (isSmall ? small.bitPattern : normal) | sign)
  }
}
