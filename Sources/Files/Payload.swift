public import Diagnostics

/// A file that a program carries behind itself, as simulators carry their module.
///
///     the program, marked in its bytes 9 to 15, which ELF leaves free
///     zeros up to a multiple of 65,536, so that any system's pages can be mapped from there
///     the file
///     40 bytes: a magic, the version 1, 0, where the file starts, its length, the sum of all that
///
/// The mark tells a program whose end is lost from one that never carried anything. The file has
/// checksums of its own.
public struct Payload: Sendable {
  /// What the mark is.
  private static let mark = Array("SNNSIM1".utf8)

  /// Where it stands.
  private static let markRange = 9..<16

  /// How each ELF file starts.
  private static let elf: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]

  /// How the last 40 bytes start.
  private static let magic: [UInt8] = [0x89, 0x53, 0x49, 0x4D, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The version of the layout.
  private static let version: UInt32 = 1

  /// Bytes behind the file.
  private static let trailerBytes = 40

  /// What the file's start is a multiple of.
  private static let alignment = 1 << 16

  /// Where in the program the file lies.
  public let range: Range<Int>

  /// Finds what `program` carries; `nil` where it is not marked.
  ///
  /// - Throws: `damaged-simulator` where it is marked, and its end is not as it was written.
  public static func find(in program: MappedFile) throws(Diagnostic) -> Payload? {
    try program.withSpan { (span) throws(Diagnostic) in
      guard span.bytes(in: markRange) == mark else { return nil }
      guard let range = payloadRange(of: span) else {
        throw .damaged(span.count).inFile(program.path)
      }
      return Payload(range: range)
    }
  }

  /// Where the file lies that the last bytes of `program` speak of, if they are whole.
  private static func payloadRange(of program: Span<UInt8>) -> Range<Int>? {
    let start = program.count - trailerBytes
    guard start > 0, let offset: UInt64 = program.littleEndian(at: start + 16),
      offset <= UInt64(start),
      program.bytes(in: start..<program.count) == trailer(of: Int(offset)..<start)
    else { return nil }
    return Int(offset)..<start
  }

  /// The last bytes of a program that carries a file at `range`.
  public static func trailer(of range: Range<Int>) -> [UInt8] {
    var bytes = magic
    /// Appends an integer, little-endian.
    func append(_ value: some FixedWidthInteger) {
      bytes += (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    append(version)
    append(UInt32(0))
    append(UInt64(range.lowerBound))
    append(UInt64(range.count))
    append(unsafe bytes.withUnsafeBytes { unsafe XXHash64.hash($0) })
    return bytes
  }

  /// Writes `program`, marked, and the zeros behind it.
  ///
  /// `sink` gets the bytes piece by piece; the file and then `trailer(of:)` are to follow.
  ///
  /// - Returns: where the file starts.
  /// - Throws: `not-a-program` where `program` is no ELF file, and what `sink` throws.
  public static func write(
    _ program: MappedFile, to sink: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> Int {
    guard program.withSpan({ $0.bytes(in: 0..<elf.count) == elf && $0.count > 64 }) else {
      throw .notAProgram.inFile(program.path)
    }
    let head = program.withSpan { $0.bytes(in: 0..<markRange.lowerBound) } ?? []
    try unsafe send(head + mark, to: sink)
    try unsafe sink(UnsafeRawBufferPointer(rebasing: program.bytes[markRange.upperBound...]))
    let start = (program.count + alignment - 1) / alignment * alignment
    try unsafe send([UInt8](repeating: 0, count: start - program.count), to: sink)
    return start
  }

  /// Hands `bytes` to `sink`.
  private static func send(
    _ bytes: [UInt8], to sink: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(Diagnostic) in
      try unsafe sink(UnsafeRawBufferPointer(buffer))
    }
  }
}

extension Diagnostic {
  fileprivate static func damaged(_ count: Int) -> Diagnostic {
    .error(
      "damaged-simulator",
      "a simulator must end with what says where its module lies, and this one's \(count) bytes "
        + "do not",
      notes: [
        "it was cut short or changed: copy it again, or write it with: snnc emit --target sim"
      ])
  }

  fileprivate static var notAProgram: Diagnostic {
    .error(
      "not-a-program", "a simulator is made of snnc's own ELF file, and this is none",
      status: .internalError)
  }
}
