import CHDF5Tree
package import Diagnostics

extension HDF5Tree {
  /// The bytes of an HDF5 file of this tree; the same tree gives the same bytes.
  ///
  /// - Throws: `nir-limit`, `nir-process` or, where libhdf5 fails, `nir-file`.
  package func file(_ limits: NIRLimits = .standard) throws(Diagnostic) -> [UInt8] {
    let records = records
    var bounds = limits.bounds(for: records.count)
    var result = unsafe snnc_hdf5_result()
    defer { unsafe snnc_hdf5_release(&result) }
    let status = unsafe snnc_hdf5_write(records, records.count, &bounds, &result)
    try unsafe Diagnostic.check(status, &result)
    return unsafe Array(UnsafeBufferPointer(start: result.bytes, count: result.count))
  }

  /// The tree as records; `snnc_hdf5.h` has the layout.
  package var records: [UInt8] {
    var bytes: [UInt8] = []
    for path in paths {
      let dataset = datasets[path]
      let payload = dataset?.payload ?? []
      bytes.append(UInt32(dataset?.kind ?? SNNC_HDF5_GROUP))
      bytes.append(UInt32(dataset.map { $0.isGivenOnce ? 1 : 0 } ?? 0))
      bytes.append(UInt32(dataset?.extents.count ?? 0))
      bytes.append(UInt32(path.utf8.count))
      bytes.append(UInt64(payload.count))
      for extent in dataset?.extents ?? [] { bytes.append(UInt64(extent)) }
      bytes += path.utf8
      bytes.fill()
      bytes += payload
      bytes.fill()
    }
    return bytes
  }
}

extension HDF5Dataset {
  /// What its record is of.
  fileprivate var kind: Int {
    switch elements {
    case .float32: SNNC_HDF5_FLOAT32
    case .float64: SNNC_HDF5_FLOAT64
    case .integers: SNNC_HDF5_INT64
    case .texts: SNNC_HDF5_TEXT
    case .other: SNNC_HDF5_OTHER
    }
  }

  /// Whether one element stands for all.
  fileprivate var isGivenOnce: Bool {
    switch elements {
    case .float32(let values): values.count == 1 && count > 1
    case .float64(let values): values.count == 1 && count > 1
    case .integers(let values): values.count == 1 && count > 1
    case .texts, .other: false
    }
  }

  /// The elements' bytes in a record.
  fileprivate var payload: [UInt8] {
    switch elements {
    case .float32(let values): return unsafe values.withUnsafeBytes { unsafe Array($0) }
    case .float64(let values): return unsafe values.withUnsafeBytes { unsafe Array($0) }
    case .integers(let values): return unsafe values.withUnsafeBytes { unsafe Array($0) }
    case .texts(let texts):
      var bytes: [UInt8] = []
      for text in texts {
        bytes.append(UInt32(text.utf8.count))
        bytes += text.utf8
      }
      return bytes
    case .other: return []
    }
  }
}

extension [UInt8] {
  /// Appends an integer, little-endian.
  fileprivate mutating func append(_ value: some FixedWidthInteger) {
    self += (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  /// Appends zeros up to a multiple of 8 bytes.
  fileprivate mutating func fill() {
    self += [UInt8](repeating: 0, count: (8 - count % 8) % 8)
  }
}
