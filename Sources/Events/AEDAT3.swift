import Diagnostics
import Files

/// Events in AEDAT 3.1: packets of one type of events each, little-endian.
///
/// Of the packets those of polarity events count; those of special events may reset the clock; all
/// others are passed over. Source: iniVation's description of the format. As in spikingjelly's
/// `load_aedat_v3`, an event whose mark says that it is not valid counts like any other, since the
/// published models were trained on such frames.
struct AEDAT3 {
  /// What is read so far.
  private var events: [Event] = []

  /// Where the events come from.
  private var source: Int?

  /// The camera's pixels.
  private var sensor: Sensor?

  /// The time of the last event.
  private var clock = 0

  private let header: AEDATHeader
  private let limits: EventLimits

  private init(_ header: AEDATHeader, _ limits: EventLimits) {
    self.header = header
    self.limits = limits
  }

  /// Reads the events behind a header.
  ///
  /// - Throws: `event-header`, `event-truncated`, `event-packet`, `event-sources`, `event-time`,
  ///   `event-outside` or `event-limit`.
  static func recording(
    in file: Span<UInt8>, behind header: AEDATHeader, _ limits: EventLimits
  ) throws(Diagnostic) -> Recording {
    let format = header.lines.first { $0.hasPrefix("#Format: ") }
    if let format, format != "#Format: RAW" { throw .format(format) }
    var reader = AEDAT3(header, limits)
    var offset = header.end
    while offset < file.count {
      let packet = try EventPacket(of: file, at: offset)
      switch packet.type {
      case EventPacket.special: reader.reset(by: packet, in: file)
      case EventPacket.polarity: try reader.add(packet, of: file)
      default: break
      }
      offset = packet.end
    }
    return Recording(events: reader.events, sensor: reader.sensor)
  }

  /// Sets the clock back where a special event says so: type 1, TIMESTAMP_RESET.
  private mutating func reset(by packet: EventPacket, in file: Span<UInt8>) {
    for offset in packet.offsets {
      guard let data: UInt32 = file.littleEndian(at: offset) else { continue }
      if data & 1 == 1, data >> 1 & 127 == 1 { clock = 0 }
    }
  }

  /// Adds the events of a packet.
  private mutating func add(_ packet: EventPacket, of file: Span<UInt8>) throws(Diagnostic) {
    if let source {
      guard source == packet.source else {
        throw .sources(source, packet.source, packet.start)
      }
    } else {
      source = packet.source
      sensor = header.sensor(ofSource: packet.source)
    }
    guard packet.number <= limits.events - events.count else {
      throw .tooManyEvents(limits.events)
    }
    for offset in packet.offsets {
      guard let data: UInt32 = file.littleEndian(at: offset),
        let time: UInt32 = file.littleEndian(at: offset + 4)
      else { continue }
      try add(data, time, packet, offset)
    }
  }

  /// Adds an event: its mark in bit 0, the polarity in bit 1, y in bits 2 to 16 and x above.
  private mutating func add(
    _ data: UInt32, _ time: UInt32, _ packet: EventPacket, _ offset: Int
  ) throws(Diagnostic) {
    guard time >> 31 == 0 else { throw .negativeTime(offset) }
    let event = Event(
      time: packet.overflow << 31 | Int(time), x: UInt16(data >> 17), y: UInt16(data >> 2 & 0x7FFF),
      polarity: UInt8(data >> 1 & 1))
    guard event.time >= clock else { throw .timeGoesBack(clock, event.time, offset) }
    if let sensor, !sensor.contains(event) {
      throw .outside(event, events.count, sensor).at(.offset(offset))
    }
    clock = event.time
    events.append(event)
  }
}

extension Diagnostic {
  fileprivate static func format(_ line: String) -> Diagnostic {
    .error(
      "event-header",
      "events are read where the header says '#Format: RAW', not '\(escaped(line))'",
      notes: ["write the recording again, without compression"])
  }

  fileprivate static func sources(_ first: Int, _ second: Int, _ offset: Int) -> Diagnostic {
    .error(
      "event-sources",
      "all events must come from one camera, and this packet's are from source \(second), "
        + "others from \(first)",
      at: Location(place: .offset(offset)), notes: ["record or export one camera alone"])
  }

  fileprivate static func negativeTime(_ offset: Int) -> Diagnostic {
    .error(
      "event-time", "a time must not be negative, and this event's is",
      at: Location(place: .offset(offset)))
  }

  fileprivate static func timeGoesBack(_ last: Int, _ time: Int, _ offset: Int) -> Diagnostic {
    .error(
      "event-time",
      "times must not go back without a reset, and this event is at \(time) us, behind one at "
        + "\(last) us",
      at: Location(place: .offset(offset)))
  }
}
