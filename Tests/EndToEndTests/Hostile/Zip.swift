import Archive
import CheckpointTestSupport

/// Classes 3 to 19: archives that are cut, lie or are merely unusual.
extension HostileFile {
  static let zips: [HostileFile] =
    truncated + names + headers + contents + endRecords + entries + unusual

  /// 3: cut short anywhere.
  private static let truncated: [HostileFile] = {
    let whole = TinyCheckpoint.plain.zip.bytes
    return stride(from: 4, to: whole.count, by: 64).map { count in
      HostileFile(3, "cut after \(count) bytes", .refused("zip-truncated")) {
        Array(whole.prefix(count))
      }
    }
  }()

  /// 4 to 6: what the entries are called.
  private static let names: [HostileFile] = [
    .zip(4, "no data.pkl", .refused("not-a-checkpoint")) { $0.members.removeFirst() },
    .zip(4, "data.pkl only in a folder", .refused("not-a-checkpoint")) {
      $0.members[0].rename("tiny/inner/data.pkl")
    },
    .zip(4, "two data.pkl", .refused("zip-duplicate-name")) { $0.members.append($0.members[0]) },
    .zip(5, "no folder", .refused("not-a-checkpoint")) { $0.members[0].rename("data.pkl") },
    .zip(5, "two folders", .refused("not-a-checkpoint")) { $0.members[3].rename("b/version") },
    .zip(5, "..", .refused("zip-entry-name")) { $0.members[0].rename("../data.pkl") },
    .zip(5, "absolute", .refused("zip-entry-name")) { $0.members[0].rename("/data.pkl") },
    .zip(5, "backslash", .refused("zip-entry-name")) { $0.members[0].rename("tiny\\data.pkl") },
    .zip(5, "NUL", .refused("zip-entry-name")) { $0.members[0].rename("tiny/data.pkl\u{0}") },
    .zip(5, "escape", .refused("zip-entry-name")) { $0.members[0].rename("tiny/\u{1B}[31m") },
    .zip(5, "no UTF-8", .refused("zip-entry-name")) {
      $0.members[0].name = [0x74, 0x2F, 0xFF]
      $0.members[0].localName = [0x74, 0x2F, 0xFF]
    },
    .zip(6, "the same storage twice", .refused("zip-duplicate-name")) {
      $0.members.append($0.members[2])
    },
    .zip(6, "names that differ in case", .read) { $0.members.append(.init("tiny/DATA.pkl", [])) },
  ]

  /// 7 to 10: headers that disagree, overlap or ask for what is not read.
  private static let headers: [HostileFile] = [
    .zip(7, "local name", .refused("zip-local-header")) { $0.members[2].localName[0] = 0x75 },
    .zip(7, "local method", .refused("zip-local-header")) { $0.members[2].localMethod = 8 },
    .zip(7, "local flags", .refused("zip-local-header")) { $0.members[2].localFlags = 1 },
    .zip(7, "local checksum", .refused("zip-local-header")) { $0.members[2].localCRC = 7 },
    .zip(7, "local size", .refused("zip-local-header")) { $0.members[2].localSize = 7 },
    .zip(8, "into the directory", .refused("zip-range")) { $0.members[3].resize(5000) },
    .zip(8, "past the end", .refused("zip-local-header")) { $0.members[2].offset = 0xFFFF_FFF0 },
    .zip(8, "over its neighbour", .refused("zip-overlap")) { $0.members[2].resize(25) },
    .zip(9, "stored with two sizes", .refused("zip-stored-size")) { $0.members[2].size = 500 },
    .zip(10, "bzip2", .refused("zip-method")) { $0.members[2].compress(by: 12) },
    .zip(10, "lzma", .refused("zip-method")) { $0.members[2].compress(by: 14) },
    .zip(10, "zstd", .refused("zip-method")) { $0.members[2].compress(by: 93) },
    .zip(10, "method 99", .refused("zip-method")) { $0.members[2].compress(by: 99) },
    .zip(10, "encrypted", .refused("zip-encrypted")) { $0.members[2].mark(1) },
    .zip(10, "encrypted by the local header", .refused("zip-local-header")) {
      $0.members[2].localFlags = 1
    },
    .zip(10, "strongly encrypted", .refused("zip-encrypted")) { $0.members[2].mark(0x41) },
    .zip(10, "a patch", .refused("zip-encrypted")) { $0.members[2].mark(0x20) },
  ]

  /// 11 to 13 and 15: contents and their checksums.
  private static let contents: [HostileFile] = [
    .zip(11, "data.pkl", .refused("zip-checksum")) { $0.members[0].crc ^= 1 },
    .zip(11, "byteorder", .refused("zip-checksum")) { $0.members[1].crc ^= 1 },
    .zip(11, "a storage", .refused("zip-checksum")) { $0.members[2].crc ^= 1 },
    .zip(12, "all checksums 0", .read) { zip in
      for index in zip.members.indices { zip.members[index].crc = 0 }
    },
    .zip(13, "saved with skip_data", .refused("zip-no-data")) { $0.members[2].crc = 0 },
    HostileFile(15, "200 MB of zeros in 200 kB", .refused("zip-limit")) {
      deflated(adding: ("tiny/more", [UInt8](repeating: 0, count: 200_000_000)))
    },
    HostileFile(15, "one byte more than declared", .refused("zip-inflate")) { resized(by: -1) },
    HostileFile(15, "one byte less than declared", .refused("zip-inflate")) { resized(by: 1) },
    .zip(15, "a ratio that deflate has not", .refused("zip-inflate")) {
      $0.members[2].method = 8
      $0.members[2].localMethod = 8
      $0.members[2].size = 0xFFF_FFFF
    },
  ]

  /// 14 and 16: the records at the end.
  private static let endRecords: [HostileFile] = [
    .zip(14, "count too high", .refused("zip-central-directory")) { $0.lie { $0.entryCount = 9 } },
    .zip(14, "count 2^64 - 1", .refused("zip-record")) { $0.lie { $0.entryCount = .max } },
    .zip(14, "offset 2^64 - 1", .refused("zip-record")) { $0.lie { $0.directoryOffset = .max } },
    .zip(14, "size 2^64 - 1", .refused("zip-record")) { $0.lie { $0.directorySize = .max } },
    .zip(14, "both records disagree", .refused("zip-end-record")) {
      $0.lie { $0.directoryOffset = 1 << 32 }
    },
    .zip(14, "locator elsewhere", .refused("zip-end-record")) {
      $0.lie { $0.longRecordOffset = 4 }
    },
    .zip(14, "directory of 1 GiB", .refused("zip-limit")) { $0.directorySize = 1 << 30 },
    .zip(16, "a byte behind the end", .refused("zip-trailing-bytes")) { $0.suffix = [0] },
    .zip(16, "bytes before the start", .refused("not-a-checkpoint")) { $0.prefix = [1, 2, 3] },
    .zip(16, "bytes between entries", .refused("zip-gap")) { $0.members[1].gap = [1] },
    .zip(16, "64 KiB of comment with another end", .refused("zip-trailing-bytes")) {
      let end = Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 18)
      $0.comment = end + [UInt8](repeating: 32, count: 65_000)
    },
    HostileFile(16, "another archive behind it", .refused("zip-end-record")) {
      TinyCheckpoint.plain.zip.bytes + TinyCheckpoint.plain.zip.bytes
    },
  ]

  /// 17 and 18: the entries beside the pickle.
  private static let entries: [HostileFile] = [
    .tiny(17, "no byte order", .read) { $0.byteOrder = nil },
    .tiny(17, "big-endian", .read) {
      $0.byteOrder = "big"
      $0.storages[0].bytes = (0..<6).flatMap { le(Float($0).bitPattern).reversed() }
    },
    .tiny(17, "LITTLE", .refused("byte-order")) { $0.byteOrder = "LITTLE" },
    .tiny(17, "1 MB", .refused("checkpoint-entry")) {
      $0.byteOrder = String(repeating: "x", count: 1 << 20)
    },
    .tiny(18, "missing", .refused("checkpoint-version")) { $0.version = nil },
    .tiny(18, "abc", .refused("checkpoint-version")) { $0.version = "abc" },
    .tiny(18, "0", .refused("checkpoint-version")) { $0.version = "0\n" },
    .tiny(18, "999", .refused("checkpoint-version")) { $0.version = "999\n" },
  ]

  /// 19: archives that PyTorch reads, too.
  private static let unusual: [HostileFile] = [
    .zip(19, "as PyTorch writes it", .read) { zip in
      zip.isLong = true
      for index in zip.members.indices { zip.members[index].pad(to: 64) }
    },
    .zip(19, "aligned to 4096", .read) { zip in
      for index in zip.members.indices { zip.members[index].pad(to: 4096) }
    },
    .zip(19, "without padding", .read) { _ in },
    .zip(19, "entries in reverse", .read) { $0.members.reverse() },
    HostileFile(19, "deflated", .read) { deflated(adding: nil) },
  ]

  /// The small checkpoint, deflated, and one entry more.
  private static func deflated(adding more: (name: String, bytes: [UInt8])?) -> [UInt8] {
    let members = TinyCheckpoint.plain.zip.members.map {
      (name: String(decoding: $0.name, as: UTF8.self), bytes: $0.contents)
    }
    let all = members + [more].compactMap { $0 }
    guard let bytes = try? ZipWriter.bytes(of: all, method: .deflated) else { return [] }
    return bytes
  }

  /// The small checkpoint, deflated, whose pickle declares another size.
  private static func resized(by difference: Int) -> [UInt8] {
    var bytes = deflated(adding: nil)
    let name = Array("tiny/data.pkl".utf8)
    let size = TinyCheckpoint.plain.pickle.count
    for start in bytes.indices where bytes[start...].starts(with: name) {
      // The size stands 8 bytes before the name in the local header, and 22 in the central one.
      for offset in [start - 8, start - 22]
      where bytes[offset..<offset + 4].elementsEqual(le(UInt32(size))) {
        bytes.replaceSubrange(offset..<offset + 4, with: le(UInt32(size + difference)))
      }
    }
    return bytes
  }
}

extension ZipBuilder {
  /// Changes what the zip64 records say.
  fileprivate mutating func lie(_ change: (inout ZipBuilder) -> Void) {
    isLong = true
    change(&self)
  }
}

extension ZipBuilder.Member {
  /// Gives it another name in both headers.
  fileprivate mutating func rename(_ name: String) {
    self.name = Array(name.utf8)
    localName = self.name
  }

  /// Gives it another size in all headers.
  fileprivate mutating func resize(_ count: UInt32) {
    size = count
    compressedSize = count
  }

  /// Says in both headers that it is compressed.
  fileprivate mutating func compress(by method: UInt16) {
    self.method = method
    localMethod = method
  }

  /// Sets flags in both headers.
  fileprivate mutating func mark(_ flags: UInt16) {
    self.flags = flags
    localFlags = flags
  }

  /// Writes sizes behind the contents, and pads before them as PyTorch does.
  fileprivate mutating func pad(to alignment: UInt16) {
    hasDescriptor = true
    localExtra =
      le(0x4246 as UInt16) + le(alignment)
      + [UInt8](
        repeating: 0x5A, count: Int(alignment))
  }
}
