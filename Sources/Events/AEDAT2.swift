import Diagnostics
import Files

/// Events in AEDAT 2.0, of the DVS128: pairs of a 32-bit address and a 32-bit time, big-endian.
///
/// An address has the polarity in bit 0, seven bits of x from bit 1, seven of y from bit 8, and in
/// bit 15 whether a signal from outside made it. Source: iniVation's description of the format.
/// What is made of them is what spikingjelly's `CIFAR10DVS` makes: the axes are exchanged and
/// mirrored, so that pictures stand upright, the polarity is inverted, and bit 15 is not looked at.
/// Times may go back: old cameras let them, and nothing here depends on them.
enum AEDAT2 {
  /// Bytes of an event.
  private static let eventBytes = 8

  /// Reads the events behind a header.
  ///
  /// - Throws: `event-truncated`, `event-address` or `event-limit`.
  static func recording(
    in file: Span<UInt8>, behind header: AEDATHeader, _ limits: EventLimits
  ) throws(Diagnostic) -> Recording {
    let count = (file.count - header.end) / eventBytes
    guard count <= limits.events else { throw .tooManyEvents(limits.events) }
    var events: [Event] = []
    events.reserveCapacity(count)
    var offset = header.end
    while offset < file.count {
      guard let address: UInt32 = file.littleEndian(at: offset),
        let time: UInt32 = file.littleEndian(at: offset + 4)
      else { throw .cutShort(offset, file.count - offset) }
      events.append(try event(address.byteSwapped, time.byteSwapped, offset))
      offset += eventBytes
    }
    return Recording(events: events, sensor: .dvs128)
  }

  /// The event that an address and a time say.
  private static func event(
    _ address: UInt32, _ time: UInt32, _ offset: Int
  ) throws(Diagnostic) -> Event {
    guard address >> 16 == 0 else { throw .address(address, offset) }
    return Event(
      time: Int(time), x: 127 - UInt16(address >> 8 & 127), y: 127 - UInt16(address >> 1 & 127),
      polarity: 1 - UInt8(address & 1))
  }
}

extension Diagnostic {
  fileprivate static func cutShort(_ offset: Int, _ rest: Int) -> Diagnostic {
    .error(
      "event-truncated", "an event takes 8 bytes, and the file ends after \(rest) of this one",
      at: Location(place: .offset(offset)), notes: ["the file was cut short: copy it again"])
  }

  fileprivate static func address(_ address: UInt32, _ offset: Int) -> Diagnostic {
    .error(
      "event-address",
      "an address of the DVS128 has 16 bits, and this one is 0x\(String(address, radix: 16))",
      at: Location(place: .offset(offset)),
      notes: ["another camera's recording: store t, x, y and p of its events with numpy.savez"])
  }
}
