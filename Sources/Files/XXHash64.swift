/// The checksum of `MODEL.snn` and of emitted weights: XXH64 with seed 0.
///
/// It is there to find damage, not malice. Four sums that do not wait for each other make it as
/// fast as memory, so that it costs a writer little. Source: the xxHash specification, version
/// 0.1.1.
package struct XXHash64 {
  /// The five constants of the algorithm.
  private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
    0x27D4_EB2F_1656_67C5
  )

  /// What is taken at once.
  package static let stripeByteCount = 32

  /// The four sums.
  private var (a, b) = (primes.0 &+ primes.1, primes.1)
  private var (c, d) = (0 as UInt64, 0 &- primes.0)

  /// How many bytes the sums have taken.
  private var count = 0

  /// Begins a checksum.
  package init() {}

  /// The checksum of `bytes`.
  package static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let whole = bytes.count / stripeByteCount * stripeByteCount
    var hash = XXHash64()
    unsafe hash.take(UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
    return unsafe hash.ending(with: UnsafeRawBufferPointer(rebasing: bytes[whole...]))
  }

  /// The checksum of `bytes` in sixteen hexadecimal digits.
  package static func digits(of bytes: UnsafeRawBufferPointer) -> String {
    digits(unsafe hash(bytes))
  }

  /// A checksum in sixteen hexadecimal digits.
  package static func digits(_ hash: UInt64) -> String {
    let text = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }

  /// Takes the next bytes, a multiple of `stripeByteCount`.
  package mutating func take(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count.isMultiple(of: Self.stripeByteCount), "stripes are taken whole")
    // Local variables, so that the sums stay in registers.
    var (a, b, c, d) = (a, b, c, d)
    var offset = 0
    while offset < bytes.count {
      a = Self.round(a, unsafe Self.word(bytes, offset))
      b = Self.round(b, unsafe Self.word(bytes, offset + 8))
      c = Self.round(c, unsafe Self.word(bytes, offset + 16))
      d = Self.round(d, unsafe Self.word(bytes, offset + 24))
      offset += Self.stripeByteCount
    }
    (self.a, self.b, self.c, self.d) = (a, b, c, d)
    count += bytes.count
  }

  /// The checksum of all that was taken and of the last bytes, fewer than a stripe.
  package func ending(
    with bytes: UnsafeRawBufferPointer = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
  ) -> UInt64 {
    precondition(bytes.count < Self.stripeByteCount, "stripes are taken before")
    let primes = Self.primes
    var offset = 0
    var hash = count > 0 ? sum : primes.4
    hash &+= UInt64(count + bytes.count)
    while offset + 8 <= bytes.count {
      hash ^= Self.round(0, unsafe Self.word(bytes, offset))
      hash = Self.rotate(hash, 27) &* primes.0 &+ primes.3
      offset += 8
    }
    if offset + 4 <= bytes.count {
      let half = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      hash ^= UInt64(UInt32(littleEndian: half)) &* primes.0
      hash = Self.rotate(hash, 23) &* primes.1 &+ primes.2
      offset += 4
    }
    while offset < bytes.count {
      hash ^= UInt64(unsafe bytes[offset]) &* primes.4
      hash = Self.rotate(hash, 11) &* primes.0
      offset += 1
    }
    hash = (hash ^ hash >> 33) &* primes.1
    hash = (hash ^ hash >> 29) &* primes.2
    return hash ^ hash >> 32
  }

  /// The four sums as one.
  private var sum: UInt64 {
    let sums = [a, b, c, d]
    let start = Self.rotate(a, 1) &+ Self.rotate(b, 7) &+ Self.rotate(c, 12) &+ Self.rotate(d, 18)
    return sums.reduce(start) { hash, sum in
      (hash ^ Self.round(0, sum)) &* Self.primes.0 &+ Self.primes.3
    }
  }

  /// Adds a word to a sum.
  @inline(__always)
  private static func round(_ sum: UInt64, _ word: UInt64) -> UInt64 {
    rotate(sum &+ word &* primes.1, 31) &* primes.0
  }

  /// Rotates `value` to the left.
  @inline(__always)
  private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
    value &<< bits | value &>> (64 &- bits)
  }

  /// The little-endian word at `offset`.
  @inline(__always)
  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
