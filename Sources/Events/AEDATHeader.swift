import Diagnostics
import Files

/// The header of an AEDAT file: lines that start with `#`, the first of them the version.
struct AEDATHeader {
  /// The versions that are read.
  enum Version: String {
    case two = "2.0"
    case three = "3.1"
  }

  /// The version that the first line states.
  let version: Version

  /// The lines behind the first, without their ends.
  let lines: [String]

  /// Where the data start.
  let end: Int

  /// How the first line starts.
  private static let magic = Array("#!AER-DAT".utf8)

  /// The line behind which data of version 3.1 start.
  private static let endLine = "#!END-HEADER"

  /// Whether `file` starts as AEDAT files do.
  static func isAEDAT(_ file: Span<UInt8>) -> Bool {
    file.bytes(in: 0..<magic.count) == magic
  }

  /// Reads the header at the start of `file`.
  ///
  /// - Throws: `event-version` or `event-header`.
  init(of file: Span<UInt8>, _ limits: EventLimits) throws(Diagnostic) {
    var line = try Self.line(of: file, at: 0, limits)
    let text = line.text.dropFirst(Self.magic.count)
    guard let version = Version(rawValue: String(text)) else { throw .unknownVersion(text) }
    guard line.isCRLF || version == .two else { throw .lineEnd(line.start) }
    var lines: [String] = []
    while line.next < file.count, file[line.next] == UInt8(ascii: "#"), lines.last != Self.endLine {
      line = try Self.line(of: file, at: line.next, limits)
      lines.append(line.text)
      // A text transfer makes CR LF to LF, in the header and in the events alike.
      guard line.isCRLF || version == .two else { throw .lineEnd(line.start) }
    }
    guard version == .two || lines.last == Self.endLine else { throw .noEnd(line.next) }
    self.version = version
    self.lines = lines
    end = line.next
  }

  /// The line at `offset`: where it starts, how it ends, and where the next one starts.
  private static func line(
    of file: Span<UInt8>, at offset: Int, _ limits: EventLimits
  ) throws(Diagnostic) -> (start: Int, text: String, isCRLF: Bool, next: Int) {
    var end = offset
    while end < file.count, file[end] != UInt8(ascii: "\n") {
      guard end < limits.headerBytes else { throw .longHeader(limits.headerBytes) }
      end += 1
    }
    guard end < file.count else { throw .noLineEnd(offset) }
    let isCRLF = file[end - 1] == UInt8(ascii: "\r")
    let text = file.bytes(in: offset..<(isCRLF ? end - 1 : end)) ?? []
    return (offset, String(decoding: text, as: UTF8.self), isCRLF, end + 1)
  }

  /// The camera of the events of a source, as version 3.1 states it: `#Source 1: DVS128`.
  func sensor(ofSource source: Int) -> Sensor? {
    let start = "#Source \(source): "
    guard let line = lines.first(where: { $0.hasPrefix(start) }) else { return nil }
    return Sensor(camera: line.dropFirst(start.count))
  }
}

extension Diagnostic {
  fileprivate static func unknownVersion(_ text: some StringProtocol) -> Diagnostic {
    .error(
      "event-version", "AEDAT 2.0 and 3.1 are read, and this file is '\(escaped(text))'",
      at: Location(place: .offset(0)),
      notes: ["convert it, or store t, x, y and p of its events with numpy.savez"])
  }

  fileprivate static func longHeader(_ limit: Int) -> Diagnostic {
    .error("event-header", "a header may have \(limit) bytes, and this one has more")
  }

  fileprivate static func noLineEnd(_ offset: Int) -> Diagnostic {
    .error(
      "event-header", "a line of the header must end, and the file ends before this one does",
      at: Location(place: .offset(offset)), notes: ["the file was cut short: copy it again"])
  }

  fileprivate static func lineEnd(_ offset: Int) -> Diagnostic {
    .error(
      "event-header", "a header's line must end with CR LF, and this one ends with LF",
      at: Location(place: .offset(offset)),
      notes: ["a transfer as text damages events: transfer the file as binary"])
  }

  fileprivate static func noEnd(_ offset: Int) -> Diagnostic {
    .error(
      "event-header", "the header must end with the line #!END-HEADER, and this one has none",
      at: Location(place: .offset(offset)))
  }
}
