/// The checksum of zip archives: CRC-32 with the reflected polynomial 0xEDB88320.
///
/// libzip 1.7 does not compare it when a caller reads exactly the entry's bytes, and a checkpoint
/// with a flipped bit must not become a program. So it is computed here, 16 bytes at a time.
public enum CRC32 {
  /// `tables[256 * k + b]` is the checksum of the byte `b` followed by `k` zero bytes.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 16 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
      tables[byte] = value
    }
    for index in 256..<tables.count {
      let shorter = tables[index - 256]
      tables[index] = shorter >> 8 ^ tables[Int(shorter & 0xFF)]
    }
    return tables
  }()

  /// Returns the checksum of `bytes`.
  public static func of(_ bytes: Span<UInt8>) -> UInt32 {
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe tables.withUnsafeBufferPointer { tables in
        unsafe checksum(of: bytes, tables: tables)
      }
    }
  }

  /// The loop of `of(_:)`; both buffers are only read within their bounds.
  private static func checksum(
    of bytes: UnsafeRawBufferPointer, tables: UnsafeBufferPointer<UInt32>
  ) -> UInt32 {
    var crc = ~UInt32(0)
    var offset = 0
    while offset + 16 <= bytes.count {
      let first = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let second = unsafe bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
      let low = UInt64(littleEndian: first) ^ UInt64(crc)
      let high = UInt64(littleEndian: second)
      crc = unsafe eight(low, tables, from: 15) ^ eight(high, tables, from: 7)
      offset += 16
    }
    while offset < bytes.count {
      crc = unsafe crc >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: crc) ^ bytes[offset])]
      offset += 1
    }
    return ~crc
  }

  /// Returns what eight bytes add to the checksum, the first of them `last` bytes before the end.
  @inline(__always)
  private static func eight(
    _ word: UInt64, _ tables: UnsafeBufferPointer<UInt32>, from last: Int
  ) -> UInt32 {
    let t = unsafe tables
    let k = 256 &* last
    let a = unsafe t[k &+ Int(word & 0xFF)] ^ t[k &- 256 &+ Int(word >> 8 & 0xFF)]
    let b = unsafe t[k &- 512 &+ Int(word >> 16 & 0xFF)] ^ t[k &- 768 &+ Int(word >> 24 & 0xFF)]
    let c = unsafe t[k &- 1024 &+ Int(word >> 32 & 0xFF)] ^ t[k &- 1280 &+ Int(word >> 40 & 0xFF)]
    let d = unsafe t[k &- 1536 &+ Int(word >> 48 & 0xFF)] ^ t[k &- 1792 &+ Int(word >> 56)]
    return a ^ b ^ c ^ d
  }
}
