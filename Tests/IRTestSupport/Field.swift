import Files

/// The protobuf encoding of single fields, and files of what they make up.
package enum Field {
  /// A number without sign, or the bits of a negative one.
  package static func varint(_ field: Int, _ value: Int) -> [UInt8] {
    encoded(UInt64(field) << 3) + encoded(UInt64(bitPattern: Int64(value)))
  }

  /// A number of type `sint64`.
  package static func signed(_ field: Int, _ value: Int) -> [UInt8] {
    varint(field, value << 1 ^ value >> 63)
  }

  /// Bytes or a message.
  package static func bytes(_ field: Int, _ value: [UInt8]) -> [UInt8] {
    encoded(UInt64(field) << 3 | 2) + encoded(UInt64(value.count)) + value
  }

  /// A number of eight bytes: an integer, or the bits of a binary64 number.
  package static func fixed(_ field: Int, _ value: UInt64) -> [UInt8] {
    encoded(UInt64(field) << 3 | 1) + withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  /// Numbers without sign in one piece.
  package static func packed(_ field: Int, _ values: [Int]) -> [UInt8] {
    bytes(field, values.flatMap { encoded(UInt64(bitPattern: Int64($0))) })
  }

  /// A number in groups of seven bits.
  private static func encoded(_ value: UInt64) -> [UInt8] {
    value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + encoded(value >> 7)
  }

  /// A `MODEL.snn` of any message and the bytes of its weights, with a header that fits.
  package static func file(_ message: [UInt8], weights: [UInt8] = []) -> [UInt8] {
    let checksum = message.withUnsafeBytes { XXHash64.hash($0) }
    let offset = (40 + message.count + 63) / 64 * 64
    /// The little-endian bytes of a number.
    func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    let header =
      [0x89, 0x53, 0x4E, 0x4E, 0x0D, 0x0A, 0x1A, 0x0A] + bytes(1 as UInt32) + bytes(0 as UInt32)
      + bytes(UInt64(message.count)) + bytes(UInt64(offset)) + bytes(checksum)
    let front = header + message
    return front + [UInt8](repeating: 0, count: offset - front.count) + weights
  }
}
