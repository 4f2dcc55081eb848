import Diagnostics
import Files

/// The audit that every archive passes before anything of it is used, and before libzip sees it.
///
/// It promises that
/// - the end records agree and stand at the very end of the file;
/// - the entries' names are safe and unique, and local headers repeat what the directory says;
/// - entries are stored or deflated, and not encrypted;
/// - the entries tile the file from byte 0 to the directory: no overlap, no gap, no hidden bytes;
/// - a stored entry's two sizes are equal, and a deflated one can be as large as it says.
enum CentralDirectoryAudit {
  /// Returns the entries of the archive `file`, in the directory's order.
  static func entries(
    of file: Span<UInt8>, limits: ArchiveLimits
  ) throws(Diagnostic) -> [ZipArchive.Entry] {
    let directory = try DirectoryExtent(of: file, limits: limits)
    guard directory.entryCount <= directory.range.count / CentralHeader.fixedBytes else {
      throw .countMismatch(directory.entryCount)
    }
    var entries: [ZipArchive.Entry] = []
    var extents: [Range<Int>] = []
    var names: Set<[UInt8]> = []
    var offset = directory.range.lowerBound
    for index in 0..<directory.entryCount {
      let header = try CentralHeader(in: file, at: offset)
      offset += header.byteCount
      guard offset <= directory.range.upperBound else {
        throw .countMismatch(directory.entryCount)
      }
      try EntryName.check(header.name, limits: limits)
      guard names.insert(header.name).inserted else { throw .duplicate(header.name) }
      let method = try method(of: header)
      let local = try LocalHeader(in: file, of: header, limit: directory.range.lowerBound)
      extents.append(header.offset..<local.end)
      entries.append(
        ZipArchive.Entry(
          name: header.name, size: header.size, method: method, crc: header.crc,
          index: index, contents: local.contents))
    }
    guard offset == directory.range.upperBound else { throw .countMismatch(directory.entryCount) }
    try checkTiling(of: extents, end: directory.range.lowerBound)
    try checkInflation(of: entries, fileBytes: file.count, limits: limits)
    return entries
  }

  /// Bits that change nothing of what the contents mean: deflate's effort, a descriptor, UTF-8.
  private static let harmlessFlags = 0b0000_1000_0000_1110

  /// Returns the entry's method, once its flags and sizes are found to allow it.
  private static func method(
    of header: CentralHeader
  ) throws(Diagnostic) -> ZipArchive.Method {
    guard header.flags & ~harmlessFlags == 0 else { throw .encrypted(header.name, header.flags) }
    guard let method = ZipArchive.Method(rawValue: header.method) else {
      throw .unknownMethod(header.name, header.method)
    }
    switch method {
    case .stored:
      guard header.size == header.compressedSize else { throw .storedSizes(header) }
    case .deflated:
      let largest = header.compressedSize.multipliedReportingOverflow(
        by: ArchiveLimits.largestDeflateRatio)
      guard !largest.overflow, header.size <= largest.partialValue else {
        throw .impossibleInflation(header)
      }
    }
    // A directory's entry must be one: no other reader would look for contents there.
    guard header.name.last != UInt8(ascii: "/") || header.size == 0 else {
      throw .directoryWithContents(header.name)
    }
    return method
  }

  /// Checks that the entries follow one another from the first byte to `end`.
  private static func checkTiling(of extents: [Range<Int>], end: Int) throws(Diagnostic) {
    var position = 0
    for extent in extents.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      guard extent.lowerBound >= position else { throw .overlap(extent.lowerBound) }
      guard extent.lowerBound == position else { throw .gap(position..<extent.lowerBound) }
      position = extent.upperBound
    }
    guard position == end else { throw .gap(position..<end) }
  }

  /// Checks that the deflated entries together do not outgrow the limits.
  private static func checkInflation(
    of entries: [ZipArchive.Entry], fileBytes: Int, limits: ArchiveLimits
  ) throws(Diagnostic) {
    let (scaled, overflow) = fileBytes.multipliedReportingOverflow(by: limits.inflationFactor)
    let most = overflow ? Int.max / 2 : min(scaled, Int.max / 2) + limits.inflationAllowance
    var left = most
    for entry in entries where entry.method == .deflated {
      guard entry.size <= left else { throw .inflationBomb(entry.name, most) }
      left -= entry.size
    }
  }
}

extension Diagnostic {
  fileprivate static func countMismatch(_ count: Int) -> Diagnostic {
    .error("zip-central-directory", "the central directory must list exactly \(count) entries")
  }

  fileprivate static func duplicate(_ name: [UInt8]) -> Diagnostic {
    .error(
      "zip-duplicate-name", "an archive must not hold two entries of one name",
      at: Location(entry: name))
  }

  fileprivate static func encrypted(_ name: [UInt8], _ flags: Int) -> Diagnostic {
    .error(
      "zip-encrypted", "an entry must be neither encrypted nor patched; its flags are \(flags)",
      at: Location(entry: name))
  }

  fileprivate static func unknownMethod(_ name: [UInt8], _ method: Int) -> Diagnostic {
    .error(
      "zip-method", "an entry is stored (0) or deflated (8), and this one has method \(method)",
      at: Location(entry: name))
  }

  fileprivate static func storedSizes(_ header: CentralHeader) -> Diagnostic {
    .error(
      "zip-stored-size",
      "a stored entry's sizes must be equal: \(header.compressedSize) and \(header.size)",
      at: Location(entry: header.name))
  }

  fileprivate static func impossibleInflation(_ header: CentralHeader) -> Diagnostic {
    .error(
      "zip-inflate",
      "\(header.compressedSize) bytes cannot inflate to the \(header.size) that are declared",
      at: Location(entry: header.name))
  }

  fileprivate static func directoryWithContents(_ name: [UInt8]) -> Diagnostic {
    .error(
      "zip-entry-name", "a name that ends in '/' must have no contents", at: Location(entry: name))
  }

  fileprivate static func overlap(_ offset: Int) -> Diagnostic {
    .error(
      "zip-overlap", "entries must not overlap, and one starts inside another",
      at: Location(place: .offset(offset)))
  }

  fileprivate static func gap(_ range: Range<Int>) -> Diagnostic {
    .error(
      "zip-gap",
      "the entries must fill the file: bytes \(range.lowerBound) to \(range.upperBound) are in none",
      at: Location(place: .offset(range.lowerBound)))
  }

  fileprivate static func inflationBomb(_ name: [UInt8], _ limit: Int) -> Diagnostic {
    .error(
      "zip-limit", "the entries of this file may inflate to \(limit) bytes, and they want more",
      at: Location(entry: name))
  }
}
