import Diagnostics
import Files

/// An entry's bytes in the file, as its local header and its descriptor delimit them.
///
///     local header | name | extra | contents | [data descriptor]
struct LocalHeader {
  /// The contents.
  let contents: Range<Int>
  /// The end of the entry: where the next one starts.
  let end: Int

  /// Reads the local header of the entry that `central` describes, and checks that they agree.
  ///
  /// - Parameter limit: where the central directory starts, and entries must end.
  init(in file: Span<UInt8>, of central: CentralHeader, limit: Int) throws(Diagnostic) {
    let start = central.offset
    guard start <= limit - Self.fixedBytes, file.littleEndian(at: start) == Self.signature else {
      throw .noLocalHeader(central.name, start)
    }
    let nameCount = try file.number16(at: start + 26)
    let extraCount = try file.number16(at: start + 28)
    let nameStart = start + Self.fixedBytes
    let name = try file.text(at: nameStart, count: nameCount)
    guard name == central.name else { throw .disagree(central.name, "names", escaped(utf8: name)) }
    let flags = try file.number16(at: start + 6)
    guard flags == central.flags else {
      throw .disagree(central.name, "flags", "\(flags) and \(central.flags)")
    }
    let method = try file.number16(at: start + 8)
    guard method == central.method else {
      throw .disagree(central.name, "methods", "\(method) and \(central.method)")
    }
    let first = nameStart + nameCount + extraCount
    guard first <= limit, central.compressedSize <= limit - first else {
      throw .beyondDirectory(central.name)
    }
    contents = first..<first + central.compressedSize
    if flags & Self.descriptorFlag == 0 {
      try Self.compareSizes(in: file, of: central, extra: nameStart + nameCount, extraCount)
      end = contents.upperBound
    } else {
      end = try Self.endOfDescriptor(in: file, at: contents.upperBound, of: central)
    }
    guard end <= limit else { throw .beyondDirectory(central.name) }
  }

  private static let signature: UInt32 = 0x0403_4B50
  private static let descriptorSignature: UInt32 = 0x0807_4B50
  private static let fixedBytes = 30

  /// The bit that moves checksum and sizes behind the contents; the header then holds zeros.
  private static let descriptorFlag = 1 << 3

  /// Checks the checksum and the sizes of a local header that states them.
  private static func compareSizes(
    in file: Span<UInt8>, of central: CentralHeader, extra: Int, _ extraCount: Int
  ) throws(Diagnostic) {
    let crc = try file.number32(at: central.offset + 14)
    guard crc == Int(central.crc) else {
      throw .disagree(central.name, "checksums", "\(crc) and \(central.crc)")
    }
    var long = try LongFields(in: file, extra: extra, count: extraCount)
    let size = try long.resolve(file.number32(at: central.offset + 22), in: file)
    let compressedSize = try long.resolve(file.number32(at: central.offset + 18), in: file)
    guard size == central.size, compressedSize == central.compressedSize else {
      throw .disagree(central.name, "sizes", "\(size) and \(central.size)")
    }
  }

  /// Returns the end of the descriptor at `start`, in whichever of its four forms it has.
  ///
  /// The signature is optional, and the sizes have 8 bytes each in entries that need zip64.
  private static func endOfDescriptor(
    in file: Span<UInt8>, at start: Int, of central: CentralHeader
  ) throws(Diagnostic) -> Int {
    for offset in [start + 4, start] {
      if offset > start, file.littleEndian(at: start) != descriptorSignature { continue }
      guard file.littleEndian(at: offset) == central.crc else { continue }
      if file.littleEndian(UInt32.self, at: offset + 4).map(Int.init) == central.compressedSize,
        file.littleEndian(UInt32.self, at: offset + 8).map(Int.init) == central.size
      {
        return offset + 12
      }
      if file.littleEndian(at: offset + 4) == UInt64(central.compressedSize),
        file.littleEndian(at: offset + 12) == UInt64(central.size)
      {
        return offset + 20
      }
    }
    throw .disagree(central.name, "data descriptors", "at byte \(start)")
  }
}

extension Diagnostic {
  fileprivate static func noLocalHeader(_ name: [UInt8], _ offset: Int) -> Diagnostic {
    .error(
      "zip-local-header", "an entry must start with a local header, and byte \(offset) has none",
      at: Location(entry: name))
  }

  fileprivate static func disagree(
    _ name: [UInt8], _ what: String, _ values: String
  ) -> Diagnostic {
    .error(
      "zip-local-header",
      "the \(what) of an entry and of its place in the directory must agree: \(values)",
      at: Location(entry: name))
  }

  fileprivate static func beyondDirectory(_ name: [UInt8]) -> Diagnostic {
    .error(
      "zip-range", "an entry must end before the central directory",
      at: Location(entry: name))
  }
}
