import Diagnostics
import Files

/// The first 40 bytes of a `MODEL.snn`; `ir-spec/binary.md` has the layout.
struct FileHeader {
  /// The first eight bytes: none of them survives a transfer that takes the file for text.
  static let magic: [UInt8] = [0x89, 0x53, 0x4E, 0x4E, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The version of the format that is read and written.
  static let version: UInt32 = 1

  /// The number of bytes of a header.
  static let size = 40

  /// What the starts of the weights' region and of each weight are multiples of, in bytes.
  static let alignment = 64

  /// The number of bytes of the message.
  let messageLength: Int

  /// The checksum of the message.
  let checksum: UInt64

  /// Where the weights start.
  var weightsOffset: Int { FileHeader.aligned(FileHeader.size + messageLength) }

  /// The header of a file with `message`.
  init(of message: UnsafeRawBufferPointer) {
    messageLength = message.count
    checksum = unsafe XXHash64.hash(message)
  }

  /// Reads the header of a file.
  ///
  /// - Throws: `not-a-model`, `newer-format`, `bad-header` or `message-limit`.
  init(parsing file: Span<UInt8>) throws(Diagnostic) {
    guard FileHeader.hasMagic(file) else { throw .notAModel(FileHeader.isConverted(file)) }
    // Ahead of the rest, which may be another version's.
    guard file.count >= 12 else { throw .shortHeader(file.count) }
    let version: UInt32 = FileHeader.integer(file, at: 8)
    guard version <= FileHeader.version else { throw .newerFormat(version) }
    guard version == FileHeader.version else { throw .unknownFormat(version) }
    guard file.count >= FileHeader.size else { throw .shortHeader(file.count) }
    let reserved: UInt32 = FileHeader.integer(file, at: 12)
    guard reserved == 0 else { throw .reserved(reserved) }
    let length: UInt64 = FileHeader.integer(file, at: 16)
    guard length <= UInt64(BinaryLimits.message) else { throw .messageLimit(length) }
    messageLength = Int(length)
    checksum = FileHeader.integer(file, at: 32)
    let offset: UInt64 = FileHeader.integer(file, at: 24)
    guard offset == UInt64(weightsOffset) else {
      throw .weightsOffset(offset, expected: weightsOffset)
    }
    guard weightsOffset <= file.count else { throw .truncated(weightsOffset, file.count) }
  }

  /// The bytes of this header.
  var bytes: [UInt8] {
    var bytes = FileHeader.magic
    /// Appends an integer, little-endian.
    func append(_ value: some FixedWidthInteger) {
      bytes += (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    append(FileHeader.version)
    append(UInt32(0))
    append(UInt64(messageLength))
    append(UInt64(weightsOffset))
    append(checksum)
    return bytes
  }

  /// Whether a file starts as a `MODEL.snn` does.
  static func hasMagic(_ file: Span<UInt8>) -> Bool {
    file.count >= magic.count && magic.indices.allSatisfy { file[$0] == magic[$0] }
  }

  /// Whether a file starts as a `MODEL.snn` that was taken for text.
  private static func isConverted(_ file: Span<UInt8>) -> Bool {
    file.count >= 4 && (1..<4).allSatisfy { file[$0] == magic[$0] }
  }

  /// Returns `count` rounded up to a multiple of `alignment`.
  static func aligned(_ count: Int) -> Int {
    (count + alignment - 1) / alignment * alignment
  }

  /// The little-endian integer at `offset`.
  private static func integer<Value: FixedWidthInteger>(
    _ file: Span<UInt8>, at offset: Int
  ) -> Value {
    (0..<Value.bitWidth / 8).reduce(0) { $0 | Value(file[offset + $1]) << ($1 * 8) }
  }
}

extension Diagnostic {
  fileprivate static func notAModel(_ isConverted: Bool) -> Diagnostic {
    .error(
      "not-a-model", "a model starts with the eight bytes of its magic, and this file does not",
      at: Location(place: .offset(0)),
      notes: isConverted ? ["it looks like a model that was transferred as text"] : [])
  }

  fileprivate static func shortHeader(_ count: Int) -> Diagnostic {
    .error(
      "bad-header", "a header has \(FileHeader.size) bytes, and the file has \(count)",
      at: Location(place: .offset(count)))
  }

  fileprivate static func newerFormat(_ version: UInt32) -> Diagnostic {
    .error(
      "newer-format",
      "the file has version \(version) of the format, and this program reads \(FileHeader.version)",
      at: Location(place: .offset(8)),
      notes: ["a newer snnc wrote it: update this one, or import the checkpoint again"])
  }

  fileprivate static func unknownFormat(_ version: UInt32) -> Diagnostic {
    .error(
      "bad-header", "there is no version \(version) of the format",
      at: Location(place: .offset(8)))
  }

  fileprivate static func reserved(_ value: UInt32) -> Diagnostic {
    .error(
      "bad-header", "the reserved field must be 0, not \(value)", at: Location(place: .offset(12)))
  }

  fileprivate static func messageLimit(_ length: UInt64) -> Diagnostic {
    .error(
      "message-limit", "a message has at most \(BinaryLimits.message) bytes, not \(length)",
      at: Location(place: .offset(16)))
  }

  fileprivate static func weightsOffset(_ offset: UInt64, expected: Int) -> Diagnostic {
    .error(
      "bad-header", "the weights must start at byte \(expected), not \(offset)",
      at: Location(place: .offset(24)))
  }

  fileprivate static func truncated(_ expected: Int, _ count: Int) -> Diagnostic {
    .error(
      "wrong-length", "the message and its padding end at byte \(expected), the file at \(count)",
      at: Location(place: .offset(count)))
  }
}
