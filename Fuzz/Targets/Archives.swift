import Archive
import CheckpointTestSupport
import Diagnostics

extension FuzzTarget {
  /// The audit of zip archives: whatever it lets pass can be read, and each entry in its size.
  static let archive = FuzzTarget(
    name: "archive",
    run: { bytes in
      guard let archive = try? ZipArchive(path: MemoryFile.path(of: bytes)) else { return }
      for entry in archive.entries {
        guard let contents = try? archive.read(entry) else { continue }
        if contents.count != entry.size { finding("an entry of another size") }
      }
    },
    seeds: {
      var long = TinyCheckpoint.plain.zip
      long.isLong = true
      for index in long.members.indices {
        long.members[index].hasDescriptor = true
        long.members[index].localExtra = [0x46, 0x42, 4, 0] + Array("ZZZZ".utf8)
      }
      let members = TinyCheckpoint.plain.zip.members.map {
        (name: String(decoding: $0.name, as: UTF8.self), bytes: $0.contents)
      }
      return [
        ("plain", TinyCheckpoint.plain.zip.bytes), ("long", long.bytes),
        ("deflated", try ZipWriter.bytes(of: members, method: .deflated)),
      ]
    })
}
