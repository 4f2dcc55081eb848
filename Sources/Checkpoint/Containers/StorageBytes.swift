import Archive
import Diagnostics
import Files

/// Where the bytes of a storage are; nothing is read before it is asked for.
enum StorageBytes: Sendable {
  /// An entry of an archive, with its checksum.
  case entry(ZipArchive.Entry, ZipArchive)
  /// A range of a file.
  case range(Range<Int>, MappedFile)

  /// The number of bytes.
  var count: Int {
    switch self {
    case .entry(let entry, _): entry.size
    case .range(let range, _): range.count
    }
  }

  /// Calls `body` with the bytes, once they have been found undamaged.
  func withBytes<Result>(
    _ body: (Span<UInt8>) throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    switch self {
    case .entry(let entry, let archive):
      return try archive.withBytes(of: entry, body)
    case .range(let range, let file):
      return try file.withSpan { (span) throws(Diagnostic) in try body(span.extracting(range)) }
    }
  }
}
