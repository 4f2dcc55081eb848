import Diagnostics
import Files

/// An entry as the central directory states it, with zip64 fields filled in.
struct CentralHeader {
  /// The entry's name.
  let name: [UInt8]
  /// The general purpose bits.
  let flags: Int
  /// The compression method's number.
  let method: Int
  /// The checksum of the contents.
  let crc: UInt32
  /// The number of bytes that the contents take in the file.
  let compressedSize: Int
  /// The number of bytes of the contents.
  let size: Int
  /// Where the entry's local header starts.
  let offset: Int
  /// The length of this header itself.
  let byteCount: Int

  /// Reads the header at `start`.
  init(in file: Span<UInt8>, at start: Int) throws(Diagnostic) {
    guard file.littleEndian(at: start) == Self.signature else { throw .noCentralHeader(start) }
    let nameCount = try file.number16(at: start + 28)
    let extraCount = try file.number16(at: start + 30)
    let commentCount = try file.number16(at: start + 32)
    flags = try file.number16(at: start + 8)
    method = try file.number16(at: start + 10)
    crc = UInt32(truncatingIfNeeded: try file.number32(at: start + 16))
    name = try file.text(at: start + Self.fixedBytes, count: nameCount)
    byteCount = Self.fixedBytes + nameCount + extraCount + commentCount
    var long = try LongFields(
      in: file, extra: start + Self.fixedBytes + nameCount, count: extraCount)
    size = try long.resolve(file.number32(at: start + 24), in: file)
    compressedSize = try long.resolve(file.number32(at: start + 20), in: file)
    offset = try long.resolve(file.number32(at: start + 42), in: file)
    guard try file.number16(at: start + 34) == 0 else { throw .otherDisk(name) }
  }

  private static let signature: UInt32 = 0x0201_4B50

  /// The bytes before the name.
  static let fixedBytes = 46
}

/// The 64-bit fields of a header's extra data, which stand in for 32-bit fields that overflow.
struct LongFields {
  /// The offset of the next field.
  private var next: Int
  /// Where the fields end.
  private let end: Int

  /// Finds the fields in the `count` bytes of extra data at `extra`; there may be none.
  init(in file: Span<UInt8>, extra: Int, count: Int) throws(Diagnostic) {
    var offset = extra
    let limit = extra + count
    while offset + 4 <= limit {
      let id = try file.number16(at: offset)
      let length = try file.number16(at: offset + 2)
      guard length <= limit - offset - 4 else { throw .extraOverruns(offset) }
      if id == 1 {
        next = offset + 4
        end = next + length
        return
      }
      offset += 4 + length
    }
    next = limit
    end = limit
  }

  /// Returns `short`, or the next 64-bit field where `short` says that it is there.
  mutating func resolve(_ short: Int, in file: Span<UInt8>) throws(Diagnostic) -> Int {
    guard short == 0xFFFF_FFFF else { return short }
    guard next + 8 <= end else { throw .noLongField(next) }
    defer { next += 8 }
    return try file.number64(at: next)
  }
}

extension Diagnostic {
  fileprivate static func noCentralHeader(_ offset: Int) -> Diagnostic {
    .error(
      "zip-central-directory", "the central directory must be a sequence of headers",
      at: Location(place: .offset(offset)))
  }

  fileprivate static func otherDisk(_ name: [UInt8]) -> Diagnostic {
    .error(
      "zip-central-directory", "an entry must lie in this file, and this one is elsewhere",
      at: Location(entry: name))
  }

  fileprivate static func extraOverruns(_ offset: Int) -> Diagnostic {
    .error(
      "zip-extra", "a field of a header's extra data must end within it",
      at: Location(place: .offset(offset)))
  }

  fileprivate static func noLongField(_ offset: Int) -> Diagnostic {
    .error(
      "zip-extra", "a size of 0xFFFFFFFF needs a zip64 field with the true size",
      at: Location(place: .offset(offset)))
  }
}
