import Archive
import CheckpointTestSupport
import Foundation

/// Classes 65 and 66: pictures, and recordings of event cameras.
extension HostileFile {
  static let recorded: [HostileFile] = pictures + recordings

  /// A stored picture, changed.
  private static func picture(
    _ name: String, _ stored: String, _ id: String,
    _ change: @escaping @Sendable (inout [UInt8]) -> Void
  ) -> HostileFile {
    HostileFile(65, name, .refused(id), by: .picture) {
      let url = Snnc.root.appending(path: "Tests/ImagesTests/Pictures/\(stored)")
      var bytes = ((try? Data(contentsOf: url)).map { Array($0) }) ?? []
      change(&bytes)
      return bytes
    }
  }

  /// 65: `ImagesTests` cuts and damages every kind of picture at every byte.
  private static let pictures: [HostileFile] = [
    picture("a PNG that is cut", "colors-8.png", "bad-picture") { $0.removeLast(50) },
    picture("a JPEG that is cut", "colors-420.jpg", "bad-picture") { $0.removeLast(50) },
    picture("a PNG of 2^31 by 2^31 pixels", "colors-8.png", "picture-limit") {
      $0.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
    },
    picture("a PNG of 13,000 by 13,000 pixels in 3 kB", "colors-8.png", "bad-picture") {
      $0.replaceSubrange(16..<24, with: [0, 0, 0x32, 0xC8, 0, 0, 0x32, 0xC8])
      $0.sealFirstChunk()
    },
    picture("a JPEG of 13,000 by 13,000 pixels in 2 kB", "colors-420.jpg", "bad-picture") {
      guard let frame = $0.firstRange(of: [0xFF, 0xC0]) else { return }
      let size = frame.lowerBound + 5
      $0.replaceSubrange(size..<size + 4, with: [0x32, 0xC8, 0x32, 0xC8])
    },
    picture("a JPEG of 60,000 by 60,000 pixels", "colors-420.jpg", "picture-limit") {
      guard let frame = $0.firstRange(of: [0xFF, 0xC0]) else { return }
      let size = frame.lowerBound + 5
      $0.replaceSubrange(size..<size + 4, with: [0xEA, 0x60, 0xEA, 0x60])
    },
  ]

  /// A recording of version 3.1: a header and a packet, whose header has six more numbers of 32 bits.
  private static func recording(
    _ name: String, _ id: String, size: Int32 = 8, capacity: Int32 = 1, number: Int32 = 1,
    event: UInt32 = 1, cut: Int = 0
  ) -> HostileFile {
    HostileFile(66, name, .refused(id), by: .recording) {
      let header = "#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DVS128\r\n#!END-HEADER\r\n"
      let numbers = [size, 4, 0, capacity, number, number].flatMap { le($0) }
      let packet = le(1 as Int16) + le(1 as Int16) + numbers + le(event) + le(1 as Int32)
      return Array((Array(header.utf8) + packet).dropLast(cut))
    }
  }

  /// 66: `EventsTests` cuts recordings at every byte and flips every bit.
  private static let recordings: [HostileFile] = [
    HostileFile(66, "an unknown version", .refused("event-version"), by: .recording) {
      Array("#!AER-DAT4.0\r\n".utf8)
    },
    recording("a header without its end", "event-header", cut: 50),
    recording("a packet that is cut", "event-truncated", cut: 4),
    recording("2^31 events", "event-truncated", capacity: .max, number: .max),
    recording("fewer than no events", "event-packet", capacity: -1, number: -1),
    recording("events of other sizes", "event-packet", size: 1 << 30),
    recording("an event outside of the sensor", "event-outside", event: 500 << 17 | 1),
  ]
}

extension [UInt8] {
  /// Makes the checksum of a PNG's first chunk right again: CRC-32 of its type and contents.
  fileprivate mutating func sealFirstChunk() {
    let checksum = CRC32.of(Array(self[12..<29]).span)
    replaceSubrange(29..<33, with: le(checksum).reversed())
  }
}
