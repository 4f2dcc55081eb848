import CheckpointTestSupport
import Foundation
import Testing

/// Class 19: a file beyond 4 GiB, whose sizes and offsets take 64 bits.
@Suite struct LargeFileTests {
  /// The size of the storage in bytes.
  private static let byteCount = 4_800_000_000

  /// The tensor `w` at the end of a storage of 4.8 GB, all of which is a hole but the last 24 bytes.
  ///
  /// As PyTorch's own files it has the zip64 end record, and as Python's `zipfile` writes them, the
  /// sizes of the long member stand in extra fields.
  private func write(to path: String) throws {
    let count = Self.byteCount / 4
    let tail = TinyCheckpoint.bytes(of: (0..<6).map { Float($0) })
    let tiny = TinyCheckpoint.view(
      bytes: [], count: count, offset: count - 6, shape: [2, 3], strides: [3, 1])
    var zip = tiny.zip
    let place = try #require(zip.members.firstIndex { $0.name == Array("tiny/data/0".utf8) })
    var member = zip.members.remove(at: place)
    // Of all zeros and the last six numbers, by zlib.
    member.crc = Self.checksum
    (member.size, member.compressedSize) = (.max, .max)
    let sizes = le(1 as UInt16) + le(16 as UInt16) + le(Self.byteCount) + le(Self.byteCount)
    (member.localExtra, member.centralExtra) = (sizes, sizes)
    zip.members.append(member)
    zip.isLong = true

    // Where the hole is to be, and how much later all that follows lies for it.
    let hole = Self.byteCount - tail.count
    let directory = zip.bytes.firstRange(of: le(0x0201_4B50 as UInt32))
    let start = try #require(directory?.lowerBound)
    zip.members[zip.members.count - 1].contents = tail
    zip.directoryOffset = UInt64(start + Self.byteCount)
    zip.shortDirectoryOffset = .max
    let bytes = zip.bytes
    let record = try #require(bytes.firstRange(of: le(0x0606_4B50 as UInt32))?.lowerBound)
    zip.longRecordOffset = UInt64(record + hole)
    try Data(zip.bytes[..<start]).write(to: URL(filePath: path))
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.seek(toOffset: UInt64(start + hole))
    try file.write(contentsOf: Data(zip.bytes[start...]))
    try file.close()
  }

  private static let checksum: UInt32 = 0xC0D7_F188

  @Test("a storage of 4.8 GB is read at its end, to the bit, in little memory")
  func reads() throws {
    let folder = Folder()
    try write(to: folder.path("x.pth"))
    let shown = try Snnc.run("inspect", "x.pth", in: folder)
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(shown.output.contains("[2, 3]"))
    try Data(Good.architecture.utf8).write(to: folder.url.appending(path: "one.snnir"))
    let ended = try Snnc.run(
      "import", "x.pth", "--arch", "one.snnir", "-o", "m.snn", in: folder)
    try #require(ended.status == 0, "\(ended.errors)")
    let text = try Snnc.run("print", "m.snn", in: folder)
    #expect(text.output.contains("[0.0, 3.0, 1.0, 4.0, 2.0, 5.0]"), "\(text.output)")
  }

  @Test("a storage of 4.8 GB that is cut short is refused")
  func refuses() throws {
    let folder = Folder()
    try write(to: folder.path("x.pth"))
    let file = try FileHandle(forWritingTo: folder.url.appending(path: "x.pth"))
    try file.truncate(atOffset: 4_500_000_000)
    try file.close()
    let ended = try Snnc.run("inspect", "x.pth", in: folder)
    #expect(ended.status == 65)
    #expect(ended.errors.contains("[zip-truncated]"), "\(ended.errors)")
  }
}
