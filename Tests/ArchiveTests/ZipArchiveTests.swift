import Archive
import Diagnostics
import Files
import CheckpointTestSupport
import Testing

/// What an archive that is fine gives, and how.
@Suite struct ZipArchiveTests {
  /// Two members that the tests build archives of.
  static let members = [
    ("a/one", Array("hello".utf8)),
    ("a/two", [UInt8](repeating: 7, count: 99)),
  ]

  /// Opens an archive of `bytes`.
  static func open(
    _ bytes: [UInt8], limits: ArchiveLimits = .standard
  ) throws(Diagnostic) -> ZipArchive {
    // The mapping outlives the file's name.
    let file = TemporaryFile(bytes)
    return try ZipArchive(path: file.path, limits: limits)
  }

  @Test(arguments: ["spikingformer-cifar10-half-tiny.pth", "spikingformer-dvs128-tiny.pth"])
  func readsWhatPyTorchWrites(name: String) throws {
    let archive = try ZipArchive(path: Fixture.path(name))
    #expect(archive.entries.count == 79)
    #expect(archive.hasChecksums)
    for entry in archive.entries {
      #expect(try archive.read(entry).count == entry.size)
    }
    let version = try #require(archive.entry(named: "\(name.dropLast(4))/version"))
    #expect(try archive.read(version) == Array("3\n".utf8))
  }

  @Test(arguments: [ZipArchive.Method.stored, .deflated])
  func readsBackWhatTheWriterWrites(method: ZipArchive.Method) throws {
    let members = Self.members.map { (name: $0.0, bytes: $0.1) } + [(name: "empty", bytes: [])]
    let bytes = try ZipWriter.bytes(of: members, method: method)
    #expect(try ZipWriter.bytes(of: members, method: method) == bytes)
    let archive = try Self.open(bytes)
    #expect(archive.entries.map(\.name) == members.map { Array($0.name.utf8) })
    for (name, contents) in members {
      let entry = try #require(archive.entry(named: name))
      #expect(try archive.read(entry) == contents)
      let count = try archive.withBytes(of: entry) { bytes in bytes.count }
      #expect(count == contents.count)
    }
  }

  @Test func refusesToWriteUnsafeOrDoubleNames() {
    #expect { try ZipWriter.bytes(of: [("../x", [])]) } throws: { id(of: $0) == "zip-entry-name" }
    #expect {
      try ZipWriter.bytes(of: [("x", []), ("x", [])])
    } throws: {
      id(of: $0) == "zip-write"
    }
  }

  @Test func acceptsDescriptorsPaddingAndLongRecords() throws {
    var builder = ZipBuilder(Self.members)
    builder.isLong = true
    for index in builder.members.indices {
      builder.members[index].hasDescriptor = true
      builder.members[index].localExtra = [0x46, 0x42, 5, 0] + Array("ZZZZZ".utf8)
    }
    let archive = try Self.open(builder.bytes)
    let entry = try #require(archive.entry(named: "a/one"))
    #expect(try archive.read(entry) == Array("hello".utf8))
  }

  @Test func acceptsNamesThatDifferInCaseOrNormalForm() throws {
    let archive = try Self.open(
      ZipBuilder([("a", [1]), ("A", [2]), ("\u{E9}", [3]), ("e\u{301}", [4])]).bytes)
    #expect(archive.entries.count == 4)
    let entry = try #require(archive.entry(named: "e\u{301}"))
    #expect(try archive.read(entry) == [4])
  }

  @Test func skipsChecksumsWhereNoneAreStated() throws {
    var builder = ZipBuilder(Self.members)
    for index in builder.members.indices { builder.members[index].crc = 0 }
    let archive = try Self.open(builder.bytes)
    #expect(!archive.hasChecksums)
    #expect(try archive.read(archive.entries[1]) == Self.members[1].1)
  }

  @Test func tellsSkippedDataFromDamage() throws {
    var builder = ZipBuilder(Self.members)
    builder.members[1].crc = 0
    let archive = try Self.open(builder.bytes)
    #expect(try archive.read(archive.entries[0]) == Self.members[0].1)
    #expect { try archive.read(archive.entries[1]) } throws: { id(of: $0) == "zip-no-data" }
  }

  @Test(arguments: [ZipArchive.Method.stored, .deflated])
  func findsAFlippedBit(method: ZipArchive.Method) throws {
    let contents = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
    var bytes = try ZipWriter.bytes(of: [("a", contents)], method: method)
    bytes[31 + (method == .stored ? 1000 : 40)] ^= 4
    let archive = try Self.open(bytes)
    #expect { try archive.read(archive.entries[0]) } throws: {
      ["zip-checksum", "zip-inflate"].contains(id(of: $0))
    }
  }

  @Test func boundsWhatEntriesInflateTo() throws {
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    let bytes = try ZipWriter.bytes(of: [("zeros", zeros)], method: .deflated)
    var limits = ArchiveLimits.standard
    limits.inflationAllowance = 0
    limits.inflationFactor = 64
    #expect { try Self.open(bytes, limits: limits) } throws: { id(of: $0) == "zip-limit" }
    let archive = try Self.open(bytes)
    #expect(try archive.read(archive.entries[0]) == zeros)
  }

  @Test(arguments: [-1, 1])
  func refusesADeflatedSizeThatIsOff(by difference: Int) throws {
    let contents = [UInt8](repeating: 65, count: 5000)
    let bytes = try ZipWriter.bytes(of: [("a", contents)], method: .deflated)
    let wrong = le(UInt32(5000 + difference))
    let patched = replacing(le(UInt32(5000)), with: wrong, in: bytes)
    let archive = try Self.open(patched)
    #expect { try archive.read(archive.entries[0]) } throws: { id(of: $0) == "zip-inflate" }
  }

  @Test func everyTruncationIsAnError() {
    let bytes = ZipBuilder(Self.members).bytes
    for count in 0..<bytes.count {
      #expect(throws: Diagnostic.self) { try Self.open(Array(bytes[..<count])) }
    }
  }

  @Test func noFlippedByteTrapsOrChangesContents() throws {
    var builder = ZipBuilder(Self.members)
    builder.isLong = true
    let bytes = builder.bytes
    for offset in bytes.indices {
      for mask: UInt8 in [1, 0x80, 0xFF] {
        var damaged = bytes
        damaged[offset] ^= mask
        guard let archive = try? Self.open(damaged) else { continue }
        for entry in archive.entries {
          guard let contents = try? archive.read(entry) else { continue }
          #expect(Self.members.contains { $0.1 == contents })
        }
      }
    }
  }

  @Test func limitsEntries() {
    var limits = ArchiveLimits.standard
    limits.entries = 2
    let two = ZipBuilder([("a", []), ("b", [])]).bytes
    let three = ZipBuilder([("a", []), ("b", []), ("c", [])]).bytes
    #expect(throws: Never.self) { try Self.open(two, limits: limits) }
    #expect { try Self.open(three, limits: limits) } throws: { id(of: $0) == "zip-limit" }
  }
}

/// Returns the id of a diagnostic, and an empty text for any other error.
func id(of error: any Error) -> String {
  (error as? Diagnostic)?.id ?? ""
}

/// Returns `bytes` with each occurrence of `old` replaced by `new`, which is as long.
func replacing(_ old: [UInt8], with new: [UInt8], in bytes: [UInt8]) -> [UInt8] {
  var bytes = bytes
  for start in 0...(bytes.count - old.count)
  where Array(bytes[start..<start + old.count]) == old {
    bytes.replaceSubrange(start..<start + old.count, with: new)
  }
  return bytes
}
