/// The checksum of `MODEL.snn`: XXH64 with seed 0.
///
/// It is there to find damage, not malice. Four sums that do not wait for each other make it as
/// fast as memory, so that it costs a writer little. Source: the xxHash specification, version
/// 0.1.1.
package enum XXHash64 {
  /// The five constants of the algorithm.
  private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
    0x27D4_EB2F_1656_67C5
  )

  /// The checksum of `bytes`.
  package static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var offset = 0
    var hash = primes.4
    if bytes.count >= 32 { unsafe hash = stripes(bytes, &offset) }
    hash &+= UInt64(bytes.count)
    while offset + 8 <= bytes.count {
      hash ^= round(0, unsafe word(bytes, offset))
      hash = rotate(hash, 27) &* primes.0 &+ primes.3
      offset += 8
    }
    if offset + 4 <= bytes.count {
      let half = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      hash ^= UInt64(UInt32(littleEndian: half)) &* primes.0
      hash = rotate(hash, 23) &* primes.1 &+ primes.2
      offset += 4
    }
    while offset < bytes.count {
      hash ^= UInt64(unsafe bytes[offset]) &* primes.4
      hash = rotate(hash, 11) &* primes.0
      offset += 1
    }
    hash = (hash ^ hash >> 33) &* primes.1
    hash = (hash ^ hash >> 29) &* primes.2
    return hash ^ hash >> 32
  }

  /// The checksum of `bytes` in sixteen hexadecimal digits.
  package static func digits(of bytes: UnsafeRawBufferPointer) -> String {
    let text = String(unsafe hash(bytes), radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }

  /// Takes all whole stripes of 32 bytes, at least one, and moves `offset` behind them.
  private static func stripes(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> UInt64 {
    var (a, b) = (primes.0 &+ primes.1, primes.1)
    var (c, d) = (0 as UInt64, 0 &- primes.0)
    while offset + 32 <= bytes.count {
      a = round(a, unsafe word(bytes, offset))
      b = round(b, unsafe word(bytes, offset + 8))
      c = round(c, unsafe word(bytes, offset + 16))
      d = round(d, unsafe word(bytes, offset + 24))
      offset += 32
    }
    var hash = rotate(a, 1) &+ rotate(b, 7) &+ rotate(c, 12) &+ rotate(d, 18)
    for sum in [a, b, c, d] { hash = (hash ^ round(0, sum)) &* primes.0 &+ primes.3 }
    return hash
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
