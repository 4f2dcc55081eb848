import Diagnostics
import Files

/// A packet of AEDAT 3.1: a header of 28 bytes, and events of one type and size.
struct EventPacket {
  /// The type of special events, such as resets of the clock.
  static let special = 0

  /// The type of polarity events.
  static let polarity = 1

  /// Bytes of a packet's header.
  private static let headerBytes = 28

  /// Bytes of a special or polarity event: its data, and from byte 4 its time.
  private static let eventBytes = 8

  /// Where the packet starts.
  let start: Int
  /// The type of its events.
  let type: Int
  /// What made them, a number that the file's header explains.
  let source: Int
  /// How often the 31 bits of the events' times had run over.
  let overflow: Int
  /// The number of events.
  let number: Int
  /// Bytes of an event.
  private let size: Int

  /// Where each event starts.
  var offsets: StrideTo<Int> {
    stride(from: start + Self.headerBytes, to: end, by: size)
  }

  /// Bytes of all events; both factors are below 2^31.
  fileprivate var eventsByteCount: Int { number * size }

  /// Where the packet ends.
  var end: Int { start + Self.headerBytes + eventsByteCount }

  /// Reads the header of the packet at `start`, and checks that `file` holds all of it.
  ///
  /// - Throws: `event-truncated` or `event-packet`.
  init(of file: Span<UInt8>, at start: Int) throws(Diagnostic) {
    guard let type: Int16 = file.littleEndian(at: start),
      let source: Int16 = file.littleEndian(at: start + 2),
      let size: Int32 = file.littleEndian(at: start + 4),
      let timeOffset: Int32 = file.littleEndian(at: start + 8),
      let overflow: Int32 = file.littleEndian(at: start + 12),
      let capacity: Int32 = file.littleEndian(at: start + 16),
      let number: Int32 = file.littleEndian(at: start + 20),
      let valid: Int32 = file.littleEndian(at: start + 24)
    else { throw .noHeader(start, file.count - start) }
    self.start = start
    self.type = Int(type)
    self.source = Int(source)
    self.size = Int(size)
    self.overflow = Int(overflow)
    self.number = Int(number)
    guard type >= 0, source >= 0, size > 0, overflow >= 0, number >= 0, valid >= 0 else {
      throw .packet("the numbers of a packet's header must not be negative", start)
    }
    // Readers disagree on which of the two says how many bytes follow, so they must be equal.
    guard capacity == number else {
      throw .packet(
        "a packet in a file must be full, and this one has \(number) of \(capacity) events", start)
    }
    guard valid <= number else {
      throw .packet("\(valid) of the packet's \(number) events cannot be valid", start)
    }
    if self.type == Self.special || self.type == Self.polarity {
      guard self.size == Self.eventBytes, timeOffset == 4 else {
        throw .packet(
          "an event of type \(type) has 8 bytes and its time at byte 4, not \(size) bytes and "
            + "byte \(timeOffset)", start)
      }
    }
    guard end <= file.count else { throw .cutShort(self, file.count - start - Self.headerBytes) }
  }
}

extension Diagnostic {
  fileprivate static func noHeader(_ offset: Int, _ rest: Int) -> Diagnostic {
    .error(
      "event-truncated",
      "a packet's header takes 28 bytes, and the file ends after \(rest) of this one",
      at: Location(place: .offset(offset)), notes: ["the file was cut short: copy it again"])
  }

  fileprivate static func cutShort(_ packet: EventPacket, _ rest: Int) -> Diagnostic {
    .error(
      "event-truncated",
      "the packet's \(packet.number) events take \(packet.eventsByteCount) bytes, and the file "
        + "ends after \(rest)",
      at: Location(place: .offset(packet.start)), notes: ["the file was cut short: copy it again"])
  }

  fileprivate static func packet(_ message: String, _ offset: Int) -> Diagnostic {
    .error("event-packet", message, at: Location(place: .offset(offset)))
  }
}
