import CheckpointTestSupport
import Diagnostics
import Events
import Files

/// AEDAT files, byte by byte.
enum AEDATAssembler {
  /// A header of version 3.1, of a recording by `camera`.
  static func header(_ camera: String = "DVS128") -> [UInt8] {
    text("#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: \(camera)\r\n#-Source 0: DAVIS640\r\n")
      + text("#Start-Time: 2016-09-06 17:17:22 (TZ-0400)\r\n#!END-HEADER\r\n")
  }

  /// A header of version 2.0.
  static let oldHeader = text("#!AER-DAT2.0\r\n# a comment\r\n")

  /// A packet of version 3.1; what is not said is as cAER writes it.
  static func packet(
    type: Int = 1, source: Int = 1, size: Int = 8, timeOffset: Int = 4, overflow: Int = 0,
    capacity: Int? = nil, number: Int? = nil, valid: Int? = nil, _ contents: [UInt8]
  ) -> [UInt8] {
    let count = number ?? contents.count / max(size, 1)
    return little(type, 2) + little(source, 2) + little(size) + little(timeOffset)
      + little(overflow) + little(capacity ?? count) + little(count) + little(valid ?? count)
      + contents
  }

  /// A polarity event of version 3.1.
  static func event(_ time: Int, _ x: Int, _ y: Int, _ polarity: Int, valid: Int = 1) -> [UInt8] {
    little(x << 17 | y << 2 | polarity << 1 | valid) + little(time)
  }

  /// A special event that resets the clock.
  static let reset = packet(type: 0, little(1 << 1 | 1) + little(0))

  /// An event of version 2.0.
  static func oldEvent(_ address: Int, _ time: Int) -> [UInt8] {
    little(address).reversed() + little(time).reversed()
  }

  /// The bytes of a text.
  static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// A number, little-endian.
  static func little(_ value: Int, _ count: Int = 4) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// Reads a recording of these bytes.
  static func read(
    _ bytes: [UInt8], limits: EventLimits = .standard
  ) throws(Diagnostic) -> Recording {
    let file = TemporaryFile(bytes)
    return try Recording(MappedFile(path: file.path), limits: limits)
  }
}
