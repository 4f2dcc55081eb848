public import Diagnostics
public import Files
import Synchronization

/// A zip archive, open for reading; what it hands out has been audited and checksummed.
///
/// Stored entries come straight from the file's mapping. Deflated ones are inflated once and kept,
/// since several tensors may look into one entry; the limits bound what that can take.
public final class ZipArchive: Sendable {
  /// How an entry's contents are held.
  public enum Method: Int, Sendable {
    case stored = 0
    case deflated = 8
  }

  /// One file of the archive.
  public struct Entry: Hashable, Sendable {
    /// The name, valid UTF-8.
    public let name: [UInt8]
    /// The number of bytes of the contents.
    public let size: Int
    /// How the contents are held.
    public let method: Method
    /// The checksum of the contents.
    public let crc: UInt32
    /// The place in the central directory.
    let index: Int
    /// Where in the file the contents are, as they are held there.
    let contents: Range<Int>

    /// The entry as a place for diagnostics.
    public var location: Location { Location(entry: name) }
  }

  /// The entries, in the order of the archive's directory.
  public let entries: [Entry]

  /// Whether the archive states checksums: PyTorch writes zeros everywhere when told to skip them.
  public let hasChecksums: Bool

  /// The file.
  private let file: MappedFile

  /// The entries' places by name.
  private let indices: [[UInt8]: Int]

  /// What has been read so far.
  private let state: Mutex<State>

  /// What changes as entries are read.
  private struct State: @unchecked Sendable {
    /// libzip's view of the archive; only used under the lock.
    let reader: LibzipReader
    /// The indices of the stored entries whose checksum was found right.
    var checked: Set<Int> = []
    /// The contents of deflated entries, by index.
    var inflated: [Int: [UInt8]] = [:]
  }

  /// Opens the archive at `path`.
  ///
  /// - Throws: what `MappedFile` and the audit throw.
  public convenience init(
    path: String, limits: ArchiveLimits = .standard
  ) throws(Diagnostic) {
    let file = try MappedFile(path: path)
    try self.init(file, limits: limits)
  }

  /// Opens the archive that `file` is.
  ///
  /// - Throws: what the audit finds, an id that starts with `zip-`.
  public init(_ file: MappedFile, limits: ArchiveLimits = .standard) throws(Diagnostic) {
    let (entries, reader) = try Self.open(file, limits)
    state = Mutex(State(reader: reader))
    self.entries = entries
    hasChecksums = !entries.contains { $0.size > 0 } || entries.contains { $0.crc != 0 }
    indices = Dictionary(
      entries.map { ($0.name, $0.index) }, uniquingKeysWith: { first, _ in first })
    self.file = file
  }

  /// Audits `file`, and opens it with libzip.
  private static func open(
    _ file: MappedFile, _ limits: ArchiveLimits
  ) throws(Diagnostic) -> ([Entry], LibzipReader) {
    do throws(Diagnostic) {
      let entries = try file.withSpan { (span) throws(Diagnostic) in
        try CentralDirectoryAudit.entries(of: span, limits: limits)
      }
      return (entries, try unsafe LibzipReader(file.bytes))
    } catch {
      throw error.inFile(file.path)
    }
  }

  /// The path as the user gave it.
  public var path: String { file.path }

  /// Returns the entry called `name`.
  public func entry(named name: some Sequence<UInt8>) -> Entry? {
    indices[Array(name)].map { entries[$0] }
  }

  /// Returns the entry called `name`.
  public func entry(named name: String) -> Entry? {
    entry(named: name.utf8)
  }

  /// Returns the contents of `entry`, one of this archive's.
  ///
  /// - Throws: `zip-inflate`, `zip-checksum` or `zip-no-data` where they are damaged or not there.
  public func read(_ entry: Entry) throws(Diagnostic) -> [UInt8] {
    if entry.method == .deflated { return try inflated(entry) }
    return try withBytes(of: entry) { bytes in bytes.bytes(in: 0..<bytes.count) ?? [] }
  }

  /// Calls `body` with the contents of `entry`, one of this archive's, without copying them.
  ///
  /// - Throws: what `read` and `body` throw.
  public func withBytes<Result>(
    of entry: Entry, _ body: (Span<UInt8>) throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    if entry.method == .deflated {
      let contents = try inflated(entry)
      return try body(contents.span)
    }
    return try file.withSpan { (span) throws(Diagnostic) in
      let contents = span.extracting(entry.contents)
      try checkOnce(entry, contents)
      return try body(contents)
    }
  }

  /// Compares the checksum of a stored entry, the first time that it is read.
  private func checkOnce(_ entry: Entry, _ contents: Span<UInt8>) throws(Diagnostic) {
    guard !state.withLock({ $0.checked.contains(entry.index) }) else { return }
    try check(entry, contents)
    state.withLock { _ = $0.checked.insert(entry.index) }
  }

  /// Returns the contents of a deflated entry.
  private func inflated(_ entry: Entry) throws(Diagnostic) -> [UInt8] {
    try state.withLock { (state) throws(Diagnostic) in
      if let known = state.inflated[entry.index] { return known }
      do throws(Diagnostic) {
        let contents = try state.reader.inflate(entry)
        try check(entry, contents.span)
        state.inflated[entry.index] = contents
        return contents
      } catch {
        throw error.inFile(file.path)
      }
    }
  }

  /// Compares the checksum of `entry` with that of its contents.
  ///
  /// `torch.serialization.skip_data` leaves both the contents and the checksum zero, where other
  /// entries have theirs: that is a checkpoint without weights, and it gets words of its own.
  private func check(_ entry: Entry, _ contents: Span<UInt8>) throws(Diagnostic) {
    guard hasChecksums else { return }
    let crc = CRC32.of(contents)
    guard crc != entry.crc else { return }
    let failure: Diagnostic = entry.crc == 0 ? .noData(entry) : .wrongChecksum(entry, crc)
    throw failure.inFile(file.path)
  }
}

extension Diagnostic {
  fileprivate static func wrongChecksum(_ entry: ZipArchive.Entry, _ crc: UInt32) -> Diagnostic {
    let (stated, found) = (String(entry.crc, radix: 16), String(crc, radix: 16))
    return .error(
      "zip-checksum", "the entry's checksum is \(found) and must be \(stated)",
      at: entry.location, notes: ["the file is damaged: download or copy it again"])
  }

  fileprivate static func noData(_ entry: ZipArchive.Entry) -> Diagnostic {
    .error(
      "zip-no-data", "the entry has no checksum, though others of the archive have one",
      at: entry.location,
      notes: ["it was saved under torch.serialization.skip_data: the weights are not in the file"])
  }
}
