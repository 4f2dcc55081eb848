import Diagnostics
import Files

/// Numbers of zip records: little-endian, unsigned, and never beyond the file.
extension Span<UInt8> {
  /// Returns the 16-bit number at `offset`.
  func number16(at offset: Int) throws(Diagnostic) -> Int {
    guard let value = littleEndian(UInt16.self, at: offset) else { throw .cutShort(offset) }
    return Int(value)
  }

  /// Returns the 32-bit number at `offset`.
  func number32(at offset: Int) throws(Diagnostic) -> Int {
    guard let value = littleEndian(UInt32.self, at: offset) else { throw .cutShort(offset) }
    return Int(value)
  }

  /// Returns the 64-bit number at `offset`, which must be below 2^62 so that sums are safe.
  func number64(at offset: Int) throws(Diagnostic) -> Int {
    guard let value = littleEndian(UInt64.self, at: offset) else { throw .cutShort(offset) }
    guard value < 1 << 62 else { throw .absurd(value, offset) }
    return Int(value)
  }

  /// Returns the `count` bytes at `offset`.
  func text(at offset: Int, count: Int) throws(Diagnostic) -> [UInt8] {
    guard let text = bytes(in: offset..<offset + count) else { throw .cutShort(offset) }
    return text
  }
}

extension Diagnostic {
  fileprivate static func cutShort(_ offset: Int) -> Diagnostic {
    .error(
      "zip-record", "a record of the archive must not reach beyond the file",
      at: Location(place: .offset(offset)))
  }

  fileprivate static func absurd(_ value: UInt64, _ offset: Int) -> Diagnostic {
    .error(
      "zip-record", "a size or offset must be below 2^62, and this one is \(value)",
      at: Location(place: .offset(offset)))
  }
}
