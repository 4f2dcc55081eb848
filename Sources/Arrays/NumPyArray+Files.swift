public import Diagnostics
import Files

/// The `.npy` format: a magic number, a header in Python's words, the elements.
extension NumPyArray {
  /// Reads `FILE.npy`, `FILE.npz:MEMBER`, or the only member of `FILE.npz`.
  ///
  /// - Throws: what `MappedFile`, `NPZArchive` and `init(npy:)` throw, and `which-member` (exit
  ///   status 64) where an archive has several.
  public static func read(path: String) throws(Diagnostic) -> NumPyArray {
    let parts = splitMember(path)
    let file = try MappedFile(path: parts.file)
    guard NPZArchive.isArchive(file) || parts.member != nil else {
      do throws(Diagnostic) {
        return try file.withSpan { (span) throws(Diagnostic) in try NumPyArray(npy: span) }
      } catch {
        throw error.inFile(path)
      }
    }
    let archive = try NPZArchive(file)
    guard let member = parts.member else { return try archive.member(archive.onlyName()) }
    return try archive.member(member)
  }

  /// Splits `FILE.npz:MEMBER`; a path with nothing of the kind has no member.
  package static func splitMember(_ path: String) -> (file: String, member: String?) {
    let mark = Array(".npz:".utf8)
    let bytes = Array(path.utf8)
    var start = bytes.count - mark.count
    while start >= 0 {
      if bytes[start...].starts(with: mark) {
        let middle = start + mark.count - 1
        return (
          String(decoding: bytes[..<middle], as: UTF8.self),
          String(decoding: bytes[(middle + 1)...], as: UTF8.self)
        )
      }
      start -= 1
    }
    return (path, nil)
  }

  /// Reads the `.npy` file that `file` holds.
  ///
  /// - Throws: `not-an-array`, `array-header`, `array-type` or `array-size`.
  public init(npy file: Span<UInt8>) throws(Diagnostic) {
    let header = try NumPyHeader(of: file)
    var count = 1
    var bound = header.elementType.size
    for size in header.shape {
      // Empty dimensions count as one in the bound, so that the others cannot overflow unseen.
      let (product, overflow) = bound.multipliedReportingOverflow(by: max(size, 1))
      guard !overflow else { throw .wrongSize(header, file.count - header.end) }
      bound = product
      count *= size
    }
    let size = header.elementType.size
    guard let bytes = file.bytes(in: header.end..<file.count), bytes.count == count * size else {
      throw .wrongSize(header, file.count - header.end)
    }
    var elements = header.isFortranOrder ? header.cOrder(of: bytes) : bytes
    if header.isBigEndian { header.swap(&elements) }
    self.init(checked: header.elementType, shape: header.shape, bytes: elements)
  }

  /// The array as an `.npy` file of version 1; its elements start at a multiple of 64.
  ///
  /// Only what this project writes: single precision and bytes.
  ///
  /// - Throws: `array-type` for any other type (exit status 70).
  public func npy() throws(Diagnostic) -> [UInt8] {
    let type: String
    switch elementType {
    case .float32: type = "<f4"
    case .uint8: type = "|u1"
    default: throw .cannotWrite(elementType)
    }
    let sizes = shape.count == 1 ? "\(shape[0])," : shape.map(String.init).joined(separator: ", ")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    let preamble = 10
    let padding = 63 - (preamble + header.utf8.count) % 64
    header += String(repeating: " ", count: padding) + "\n"
    let count = UInt16(clamping: header.utf8.count)
    let start = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8)]
    return start + Array(header.utf8) + bytes
  }
}

extension NumPyHeader {
  /// Returns the elements with the last index running fastest, not the first.
  fileprivate func cOrder(of bytes: [UInt8]) -> [UInt8] {
    let width = elementType.size
    var strides: [Int] = []
    var stride = width
    for size in shape {
      strides.append(stride)
      stride *= size
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var indices = [Int](repeating: 0, count: shape.count)
    var offset = 0
    while result.count < bytes.count {
      result += bytes[offset..<offset + width]
      for dimension in shape.indices.reversed() {
        indices[dimension] += 1
        offset += strides[dimension]
        guard indices[dimension] == shape[dimension] else { break }
        offset -= strides[dimension] * shape[dimension]
        indices[dimension] = 0
      }
    }
    return result
  }

  /// Turns the bytes of each number around; texts consist of numbers of four bytes.
  fileprivate func swap(_ bytes: inout [UInt8]) {
    let width = if case .text = elementType { 4 } else { elementType.size }
    for start in Swift.stride(from: 0, to: bytes.count, by: width) {
      bytes[start..<start + width].reverse()
    }
  }
}

extension Diagnostic {
  fileprivate static func wrongSize(_ header: NumPyHeader, _ found: Int) -> Diagnostic {
    .error(
      "array-size",
      "an array of shape \(header.shape) needs elements of \(header.elementType.size) bytes, "
        + "and all of them take \(found) bytes here")
  }

  fileprivate static func cannotWrite(_ type: NumPyArray.ElementType) -> Diagnostic {
    .error(
      "array-type", "single precision and bytes are written, and this is \(type)",
      status: .internalError)
  }
}
