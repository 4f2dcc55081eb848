import Archive
import Diagnostics
import CheckpointTestSupport
import Testing

/// One way in which an archive can lie, and the diagnostic that it must lead to.
struct MalformedArchive: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let id: String
  let change: @Sendable (inout ZipBuilder) -> Void

  init(_ name: String, _ id: String, _ change: @escaping @Sendable (inout ZipBuilder) -> Void) {
    testDescription = name
    self.id = id
    self.change = change
  }
}

/// The rules of the audit, each by an archive that breaks it and nothing else.
@Suite struct CentralDirectoryAuditTests {
  static let malformed: [MalformedArchive] = [
    .init("trailing byte", "zip-trailing-bytes") { $0.suffix = [0] },
    .init("comment", "zip-trailing-bytes") { $0.comment = Array("hi".utf8) },
    .init("leading bytes", "zip-gap") { $0.prefix = [1, 2, 3] },
    .init("gap between entries", "zip-gap") { $0.members[0].gap = [1] },
    .init("gap before the directory", "zip-gap") { $0.members[1].gap = [1] },
    .init("same name twice", "zip-duplicate-name") { $0.members[1] = $0.members[0] },
    .init("two headers, one entry", "zip-overlap") {
      $0.members[1] = $0.members[0]
      $0.members[0].name = Array("b".utf8)
      $0.members[0].localName = Array("b".utf8)
      $0.members[1].name = Array("a".utf8)
      $0.members[1].localName = Array("a".utf8)
      // The second entry's true header goes unused, inside the first one's contents.
      $0.members[0].size += 36
      $0.members[0].compressedSize += 36
    },
    .init("local name differs", "zip-local-header") { $0.members[0].localName = Array("b".utf8) },
    .init("local method differs", "zip-local-header") { $0.members[0].localMethod = 8 },
    .init("local flags differ", "zip-local-header") { $0.members[0].localFlags = 1 },
    .init("encrypted", "zip-encrypted") {
      $0.members[0].flags = 1
      $0.members[0].localFlags = 1
    },
    .init("strongly encrypted", "zip-encrypted") { $0.members[0].flags = 0x40 },
    .init("patch", "zip-encrypted") { $0.members[0].flags = 0x20 },
    .init("bzip2", "zip-method") { $0.members[0].method = 12 },
    .init("method 99", "zip-method") { $0.members[0].method = 99 },
    .init("stored with two sizes", "zip-stored-size") { $0.members[0].size = 500 },
    .init("beyond the directory", "zip-range") {
      $0.members[1].size = 5000
      $0.members[1].compressedSize = 5000
    },
    .init("impossible deflate ratio", "zip-inflate") {
      $0.members[0].method = 8
      $0.members[0].size = 0xFFF_FFFF
    },
    .init("offset beyond the file", "zip-local-header") { $0.members[0].offset = 0xFFFF_FFF0 },
    .init("offset of 0xFFFFFFFF without its field", "zip-extra") {
      $0.members[0].offset = 0xFFFF_FFFF
    },
    .init("offset into contents", "zip-local-header") { $0.members[0].offset = 35 },
    .init("count too high", "zip-central-directory") { $0.entryCount = 3 },
    .init("count too low", "zip-central-directory") { $0.entryCount = 1 },
    .init("directory elsewhere", "zip-end-record") { $0.directoryOffset = 10 },
    .init("directory too large", "zip-end-record") { $0.directorySize = 1 << 20 },
    .init("directory over the limit", "zip-limit") { $0.directorySize = 1 << 30 },
    .init("zip64 count too high", "zip-central-directory") {
      $0.isLong = true
      $0.entryCount = 3
    },
    .init("zip64 count 2^64 - 1", "zip-record") {
      $0.isLong = true
      $0.entryCount = .max
    },
    .init("zip64 offset 2^64 - 1", "zip-record") {
      $0.isLong = true
      $0.directoryOffset = .max
    },
    .init("zip64 records disagree", "zip-end-record") {
      $0.isLong = true
      $0.directoryOffset = 1 << 32
    },
    .init("zip64 locator elsewhere", "zip-end-record") {
      $0.isLong = true
      $0.longRecordOffset = 4
    },
  ]

  @Test(arguments: malformed)
  func refuses(_ archive: MalformedArchive) {
    var builder = ZipBuilder(ZipArchiveTests.members)
    archive.change(&builder)
    #expect {
      try ZipArchiveTests.open(builder.bytes)
    } throws: {
      id(of: $0) == archive.id
    }
  }

  @Test(arguments: ["", "/a", "..", "a/../b", "./a", "a//b", "a\\b", "a\nb", "a\u{0}", "c/"])
  func refusesTheName(_ name: String) {
    #expect {
      try ZipArchiveTests.open(ZipBuilder([(name, [1])]).bytes)
    } throws: {
      id(of: $0) == "zip-entry-name"
    }
  }

  @Test func refusesANameThatIsNoText() {
    var builder = ZipBuilder(ZipArchiveTests.members)
    builder.members[0].name = [0xFF, 0xFE]
    builder.members[0].localName = [0xFF, 0xFE]
    #expect {
      try ZipArchiveTests.open(builder.bytes)
    } throws: {
      id(of: $0) == "zip-entry-name"
    }
  }

  @Test func namesTheFileAndTheEntry() {
    let file = TemporaryFile(Array("PK\u{5}\u{6}".utf8))
    let error = #expect(throws: Diagnostic.self) { try ZipArchive(path: file.path) }
    #expect(error?.location.file == file.path)
    var builder = ZipBuilder(ZipArchiveTests.members)
    builder.members[1].method = 12
    let bytes = builder.bytes
    let other = #expect(throws: Diagnostic.self) { try ZipArchiveTests.open(bytes) }
    #expect(other?.location.place == .entry("a/two"))
    #expect(
      other?.message == "an entry is stored (0) or deflated (8), and this one has method 12")
  }
}
