import CHDF5Tree
package import Diagnostics
import Files

extension HDF5Tree {
  /// How an HDF5 file starts.
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Reads the tree of a file through libhdf5, which works in a process of its own.
  ///
  /// - Throws: `nir-file`, `nir-limit`, `nir-storage` or `nir-process`.
  package init(reading file: Span<UInt8>, _ limits: NIRLimits) throws(Diagnostic) {
    guard file.count <= limits.bytes else { throw .fileLimit(file.count, limits.bytes) }
    var bounds = limits.bounds(for: file.count)
    var result = unsafe snnc_hdf5_result()
    defer { unsafe snnc_hdf5_release(&result) }
    let status = unsafe file.withUnsafeBufferPointer { file in
      unsafe snnc_hdf5_read(file.baseAddress, file.count, &bounds, &result)
    }
    try unsafe Diagnostic.check(status, &result)
    let records = unsafe UnsafeBufferPointer(start: result.bytes, count: result.count)
    try unsafe self.init(records: records.span)
  }

  /// Reads records, which a process made that read a stranger's file: as carefully as any input.
  ///
  /// - Throws: `nir-file`.
  package init(records: Span<UInt8>) throws(Diagnostic) {
    self.init()
    var offset = 0
    while offset < records.count {
      guard let record = RecordHead(records, at: &offset) else { throw .badRecord(offset) }
      if Int(record.kind) == SNNC_HDF5_GROUP {
        addGroup(record.path)
      } else if let elements = record.elements(records) {
        add(record.path, HDF5Dataset(record.extents, elements))
      } else {
        throw .badRecord(offset)
      }
    }
  }
}

/// What a record says of its elements; `snnc_hdf5.h` has the layout.
private struct RecordHead {
  let kind: UInt32
  let path: String
  let extents: [Int]
  /// How many elements are given: one where all are the same.
  let count: Int
  /// Where they are.
  let payload: Range<Int>

  /// Reads a head and passes its elements; `nil` where that would leave the records.
  init?(_ records: Span<UInt8>, at offset: inout Int) {
    /// The next number.
    func number<Number: FixedWidthInteger>(_: Number.Type) -> Int? {
      defer { offset += Number.bitWidth / 8 }
      return records.littleEndian(Number.self, at: offset).flatMap { Int(exactly: $0) }
    }
    guard let kind = records.littleEndian(UInt32.self, at: offset) else { return nil }
    offset += 4
    guard let uniform = number(UInt32.self), let rank = number(UInt32.self), rank <= 32,
      let length = number(UInt32.self), let bytes = number(UInt64.self)
    else { return nil }
    var extents: [Int] = []
    var count = 1
    for _ in 0..<rank {
      guard let extent = number(UInt64.self) else { return nil }
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows else { return nil }
      extents.append(extent)
      count = product
    }
    guard length <= records.count - offset,
      let path = records.bytes(in: offset..<offset + length).flatMap({ validText($0) })
    else { return nil }
    offset += (length + 7) / 8 * 8
    guard offset <= records.count, bytes <= records.count - offset else { return nil }
    payload = offset..<offset + bytes
    offset += (bytes + 7) / 8 * 8
    (self.kind, self.path, self.extents) = (kind, path, extents)
    self.count = uniform == 1 ? min(count, 1) : count
  }

  /// The elements; `nil` where they are not as many as the head says.
  func elements(_ records: Span<UInt8>) -> HDF5Dataset.Elements? {
    switch Int(kind) {
    case SNNC_HDF5_FLOAT32: numbers(records, Float(0)).map { .float32($0) }
    case SNNC_HDF5_FLOAT64: numbers(records, Double(0)).map { .float64($0) }
    case SNNC_HDF5_INT64: numbers(records, Int64(0)).map { .integers($0) }
    case SNNC_HDF5_TEXT: texts(records).map { .texts($0) }
    case SNNC_HDF5_OTHER: .other
    default: nil
    }
  }

  /// Numbers, which lie as in memory.
  private func numbers<Number: BitwiseCopyable>(
    _ records: Span<UInt8>, _ zero: Number
  ) -> [Number]? {
    let (bytes, overflows) = count.multipliedReportingOverflow(by: MemoryLayout<Number>.stride)
    guard !overflows, bytes == payload.count else { return nil }
    var numbers = [Number](repeating: zero, count: count)
    unsafe numbers.withUnsafeMutableBytes { target in
      unsafe records.withUnsafeBufferPointer { source in
        unsafe target.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(source)[payload]))
      }
    }
    return numbers
  }

  /// Texts, which are each a length and UTF-8.
  private func texts(_ records: Span<UInt8>) -> [String]? {
    guard count <= payload.count / 4 else { return nil }
    var texts: [String] = []
    var offset = payload.lowerBound
    for _ in 0..<count {
      guard let length = records.littleEndian(UInt32.self, at: offset).map({ Int($0) }),
        length <= payload.upperBound - offset - 4,
        let text = records.bytes(in: offset + 4..<offset + 4 + length).flatMap({ validText($0) })
      else { return nil }
      texts.append(text)
      offset += 4 + length
    }
    return texts
  }
}

extension Diagnostic {
  /// Throws what a call of libhdf5 ended with, if it is an error.
  @unsafe
  static func check(_ status: Int32, _ result: inout snnc_hdf5_result) throws(Diagnostic) {
    guard Int(status) != SNNC_HDF5_DONE else { return }
    let words = unsafe withUnsafeBytes(of: &result.message) { bytes in
      unsafe escaped(utf8: bytes.prefix { $0 != 0 })
    }
    switch Int(status) {
    case SNNC_HDF5_LIMIT: throw .nirLimit(words)
    case SNNC_HDF5_REFUSED: throw .error("nir-storage", words)
    case SNNC_HDF5_SYSTEM: throw .error("nir-process", words, status: .ioError)
    default: throw .damaged(words)
    }
  }

  /// The error of a file that breaks a limit.
  static func nirLimit(_ words: String) -> Diagnostic {
    .error("nir-limit", words, notes: ["a NIR file of a network is far below the limit"])
  }

  fileprivate static func damaged(_ words: String) -> Diagnostic {
    .error(
      "nir-file", "the HDF5 file is damaged: \(words)",
      notes: ["copy it again, or write it again with nir.write"])
  }

  fileprivate static func badRecord(_ offset: Int) -> Diagnostic {
    .damaged("what was read of it breaks off at byte \(offset)")
  }

  fileprivate static func fileLimit(_ count: Int, _ limit: Int) -> Diagnostic {
    .nirLimit("a NIR file has at most \(limit) bytes, and this one has \(count)")
  }
}
