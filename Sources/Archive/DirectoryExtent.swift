import Diagnostics
import Files

/// Where the central directory lies and how many entries it lists: what the end records say.
///
///     ... entries ... | central directory | [zip64 end record | its locator] | end record
///
/// The records must follow one another without a gap, up to the last byte of the file: then
/// every reader finds the same directory, whether it starts from the front or from the back.
struct DirectoryExtent {
  /// The bytes of the central directory.
  let range: Range<Int>
  /// The number of entries.
  let entryCount: Int

  /// Finds the directory of the archive `file`.
  init(of file: Span<UInt8>, limits: ArchiveLimits) throws(Diagnostic) {
    let end = file.count - Self.endRecordBytes
    guard file.littleEndian(at: end) == Self.endSignature, try file.number16(at: end + 20) == 0
    else { throw Self.explainMissingEnd(of: file) }
    let short = try Fields(
      disk: file.number16(at: end + 4), directoryDisk: file.number16(at: end + 6),
      entriesHere: file.number16(at: end + 8), entries: file.number16(at: end + 10),
      bytes: file.number32(at: end + 12), offset: file.number32(at: end + 16))
    var fields = short
    var directoryEnd = end
    let locator = end - Self.locatorBytes
    if file.littleEndian(at: locator) == Self.locatorSignature {
      directoryEnd = try Self.longRecord(of: file, locator: locator)
      fields = try Fields(
        disk: file.number32(at: directoryEnd + 16),
        directoryDisk: file.number32(at: directoryEnd + 20),
        entriesHere: file.number64(at: directoryEnd + 24),
        entries: file.number64(at: directoryEnd + 32),
        bytes: file.number64(at: directoryEnd + 40), offset: file.number64(at: directoryEnd + 48))
      guard short.abbreviates(fields) else { throw .endRecordsDisagree }
    }
    guard fields.disk == 0, fields.directoryDisk == 0, fields.entriesHere == fields.entries else {
      throw .severalDisks
    }
    guard fields.entries <= limits.entries else {
      throw .tooMany("entries", fields.entries, limit: limits.entries)
    }
    guard fields.bytes <= limits.directoryBytes else {
      throw .tooMany("bytes of central directory", fields.bytes, limit: limits.directoryBytes)
    }
    guard fields.offset <= directoryEnd, fields.bytes == directoryEnd - fields.offset else {
      throw .directoryMisplaced(fields.offset, fields.bytes, end: directoryEnd)
    }
    range = fields.offset..<directoryEnd
    entryCount = fields.entries
  }

  private static let endSignature: UInt32 = 0x0605_4B50
  private static let endRecordBytes = 22
  private static let longSignature: UInt32 = 0x0606_4B50
  private static let longRecordBytes = 56
  private static let locatorSignature: UInt32 = 0x0706_4B50
  private static let locatorBytes = 20

  /// Returns the offset of the zip64 end record, which must end where its locator starts.
  private static func longRecord(
    of file: Span<UInt8>, locator: Int
  ) throws(Diagnostic) -> Int {
    let start = locator - longRecordBytes
    guard try file.number64(at: locator + 8) == start,
      file.littleEndian(at: start) == longSignature,
      try file.number64(at: start + 4) == longRecordBytes - 12
    else { throw .longRecordMisplaced(locator: locator) }
    // Writers put 1 here, and some 0; more would be a volume of a set.
    guard try file.number32(at: locator + 4) == 0, try file.number32(at: locator + 16) <= 1 else {
      throw .severalDisks
    }
    return start
  }

  /// Says why the file does not end in an end record.
  private static func explainMissingEnd(of file: Span<UInt8>) -> Diagnostic {
    let longestComment = 0xFFFF
    var offset = file.count - endRecordBytes
    let first = max(0, offset - longestComment)
    while offset >= first {
      if file.littleEndian(at: offset) == endSignature {
        return .trailingBytes(file.count - offset - endRecordBytes)
      }
      offset -= 1
    }
    return .noEndRecord
  }
}

/// The fields that the short and the long end record have in common.
private struct Fields {
  /// The number of this volume.
  let disk: Int
  /// The volume on which the central directory starts.
  let directoryDisk: Int
  /// The number of entries listed on this volume.
  let entriesHere: Int
  /// The number of entries.
  let entries: Int
  /// The length of the central directory.
  let bytes: Int
  /// The offset of the central directory.
  let offset: Int

  /// Returns whether each field is that of `long` or the mark that says to look there.
  func abbreviates(_ long: Fields) -> Bool {
    (entriesHere == long.entriesHere || entriesHere == 0xFFFF)
      && (entries == long.entries || entries == 0xFFFF)
      && (bytes == long.bytes || bytes == 0xFFFF_FFFF)
      && (offset == long.offset || offset == 0xFFFF_FFFF)
      && (disk == long.disk || disk == 0xFFFF)
      && (directoryDisk == long.directoryDisk || directoryDisk == 0xFFFF)
  }
}

extension Diagnostic {
  fileprivate static var noEndRecord: Diagnostic {
    .error(
      "zip-truncated", "a zip archive must end in an end record, and this file has none",
      notes: ["the file is incomplete: download or copy it again"])
  }

  fileprivate static func trailingBytes(_ count: Int) -> Diagnostic {
    .error(
      "zip-trailing-bytes",
      "an archive must end with its end record, and \(count) bytes follow this one")
  }

  fileprivate static var endRecordsDisagree: Diagnostic {
    .error("zip-end-record", "the end record and the zip64 end record must agree")
  }

  fileprivate static func longRecordMisplaced(locator: Int) -> Diagnostic {
    .error(
      "zip-end-record", "the zip64 end record must stand right before its locator",
      at: Location(place: .offset(locator)))
  }

  fileprivate static var severalDisks: Diagnostic {
    .error("zip-end-record", "an archive must be one file, and this is a volume of a set")
  }

  fileprivate static func directoryMisplaced(_ offset: Int, _ bytes: Int, end: Int) -> Diagnostic {
    .error(
      "zip-end-record",
      "the central directory must end at byte \(end), and it has \(bytes) bytes from \(offset)")
  }

  fileprivate static func tooMany(_ what: String, _ count: Int, limit: Int) -> Diagnostic {
    .error("zip-limit", "an archive has at most \(limit) \(what), and this one has \(count)")
  }
}
