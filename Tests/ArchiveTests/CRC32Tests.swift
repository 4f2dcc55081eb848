import Archive
import Testing

/// The checksum, against its published check value and against the plainest way to compute it.
@Suite struct CRC32Tests {
  @Test func meetsTheCheckValue() {
    #expect(CRC32.of(Array("123456789".utf8).span) == 0xCBF4_3926)
    #expect(CRC32.of([UInt8]().span) == 0)
  }

  @Test func equalsTheBitwiseDefinitionAtEveryLength() {
    var bytes: [UInt8] = []
    for length in 0..<100 {
      #expect(CRC32.of(bytes.span) == bitwise(bytes), "at \(length) bytes")
      bytes.append(UInt8(truncatingIfNeeded: length &* 37 &+ 11))
    }
  }

  /// The definition, one bit at a time.
  private func bitwise(_ bytes: [UInt8]) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB8_8320 }
    }
    return ~crc
  }
}
