import Arrays
import Diagnostics
import Events
import Testing

/// What is no recording is refused, with its place.
@Suite struct BadRecordingTests {
  typealias Assembler = AEDATAssembler

  /// The id and the place of the diagnostic that reading gives.
  func refusal(
    _ bytes: [UInt8], limits: EventLimits = .standard
  ) -> (id: String?, place: Location.Place?) {
    do {
      _ = try Assembler.read(bytes, limits: limits)
      return (nil, nil)
    } catch {
      return (error.id, error.location.place)
    }
  }

  @Test(arguments: [
    ("#!AER-DAT4.0\r\n", "event-version", 0), ("#!AER-DAT3.0\r\n", "event-version", 0),
    ("#!AER-DAT\r\n", "event-version", 0), ("#!AER-DAT2.0", "event-header", 0),
    ("#!AER-DAT2.0\r\n# cut", "event-header", 14), ("#!AER-DAT3.1\r\n", "event-header", 14),
    ("#!AER-DAT3.1\n#Format: RAW\n#!END-HEADER\n", "event-header", 0),
    ("#!AER-DAT3.1\r\n#Format: RAW\n#!END-HEADER\r\n", "event-header", 14),
    ("#!AER-DAT3.1\r\n#Format: RAW\r\n\u{1}\u{0}", "event-header", 28),
  ])
  func headersAreChecked(_ text: String, _ id: String, _ offset: Int) {
    let found = refusal(Assembler.text(text))
    #expect(found.id == id)
    #expect(found.place == .offset(offset))
  }

  @Test func compressedRecordingsAreNamed() {
    let header = Assembler.text("#!AER-DAT3.1\r\n#Format: Serial-TS\r\n#!END-HEADER\r\n")
    #expect(refusal(header).id == "event-header")
  }

  /// A packet of two events with one field of its header changed.
  static let packets: [(name: String, packet: [UInt8])] = {
    let events = Assembler.event(1, 2, 3, 1) + Assembler.event(4, 5, 6, 0)
    return [
      ("type", Assembler.packet(type: -1, events)),
      ("source", Assembler.packet(source: -1, events)),
      ("size 0", Assembler.packet(size: 0, number: 2, events)),
      ("size", Assembler.packet(size: -8, number: 2, events)),
      ("other size", Assembler.packet(size: 16, events)),
      ("special size", Assembler.packet(type: 0, size: 16, events)),
      ("time", Assembler.packet(timeOffset: 0, events)),
      ("overflow", Assembler.packet(overflow: -1, events)),
      ("capacity", Assembler.packet(capacity: 3, events)),
      ("number", Assembler.packet(number: -2, events)),
      ("valid", Assembler.packet(valid: 3, events)),
      ("negative valid", Assembler.packet(valid: -1, events)),
    ]
  }()

  @Test(arguments: packets.map(\.name), [0, 36])
  func packetsAreChecked(_ name: String, _ before: Int) throws {
    let packet = try #require(Self.packets.first { $0.name == name }).packet
    let start = Assembler.header().count + before
    let first = before == 0 ? [] : Assembler.packet(Assembler.event(0, 0, 0, 0))
    let found = refusal(Assembler.header() + first + packet)
    #expect(found.id == "event-packet")
    #expect(found.place == .offset(start))
  }

  @Test func packetsOfAnySizeEndWithinTheFile() {
    for (size, number) in [(8, 3), (8, 0x7FFF_FFFF), (0x7FFF_FFFF, 0x7FFF_FFFF)] {
      for type in [1, 2] where type == 2 || size == 8 {
        let packet = Assembler.packet(
          type: type, size: size, number: number, [UInt8](repeating: 0, count: 16))
        let found = refusal(Assembler.header() + packet)
        #expect(found.id == "event-truncated")
        #expect(found.place == .offset(Assembler.header().count))
      }
    }
  }

  @Test func eventsAreChecked() {
    let header = Assembler.header()
    /// The refusal of a packet of two events, the first of them at 5 us.
    func second(_ event: [UInt8]) -> (id: String?, place: Location.Place?) {
      refusal(header + Assembler.packet(Assembler.event(5, 0, 0, 0) + event))
    }
    let offset = header.count + 28 + 8
    #expect(second(Assembler.event(5, 127, 127, 1)).id == nil)
    for (event, id) in [
      (Assembler.event(4, 0, 0, 0), "event-time"),
      (Assembler.event(1 << 31, 0, 0, 0), "event-time"),
      (Assembler.event(6, 128, 0, 0), "event-outside"),
      (Assembler.event(6, 0, 128, 0), "event-outside"),
      (Assembler.event(6, 0x7FFF, 0x7FFF, 1), "event-outside"),
    ] {
      #expect(second(event).id == id)
      #expect(second(event).place == .offset(offset))
    }
  }

  @Test func twoCamerasAreRefused() {
    let events = Assembler.event(5, 0, 0, 0)
    let first = Assembler.header() + Assembler.packet(events)
    let found = refusal(first + Assembler.packet(source: 2, events))
    #expect(found.id == "event-sources")
    #expect(found.place == .offset(first.count))
  }

  @Test func addressesOfOtherCamerasAreRefused() {
    let first = Assembler.oldHeader + Assembler.oldEvent(0xFFFF, 0)
    for address in [0x1_0000, 0x8000_0000, 0xFFFF_FFFF] {
      let found = refusal(first + Assembler.oldEvent(address, 0))
      #expect(found.id == "event-address")
      #expect(found.place == .offset(first.count))
    }
  }

  /// Truncations end in an error, but for those between two packets: the format has no end.
  @Test func everyTruncationOfVersion3IsRefusedOrHasFewerEvents() throws {
    let header = Assembler.header()
    let packets = [
      Assembler.reset,
      Assembler.packet(Assembler.event(5, 0, 127, 1) + Assembler.event(5, 127, 3, 0)),
      Assembler.packet(type: 3, size: 40, [UInt8](repeating: 0xFF, count: 80)),
      Assembler.packet(Assembler.event(6, 1, 2, 0)),
    ]
    let file = header + packets.flatMap { $0 }
    var whole = [header.count: 0]
    var end = header.count
    for (packet, events) in zip(packets, [0, 2, 2, 3]) {
      end += packet.count
      whole[end] = events
    }
    for count in 0...file.count {
      let bytes = Array(file[..<count])
      if let events = whole[count] {
        #expect(try Assembler.read(bytes).events.count == events)
      } else {
        #expect(refusal(bytes).id?.hasPrefix("event-") == true, "\(count) bytes")
      }
    }
  }

  @Test func everyTruncationOfVersion2IsRefusedOrHasFewerEvents() throws {
    let file = Assembler.oldHeader + (0..<3).flatMap { Assembler.oldEvent(0x1234, $0) }
    for count in Assembler.oldHeader.count...file.count {
      let rest = count - Assembler.oldHeader.count
      let bytes = Array(file[..<count])
      if rest % 8 == 0 {
        #expect(try Assembler.read(bytes).events.count == rest / 8)
      } else {
        let found = refusal(bytes)
        #expect(found.id == "event-truncated")
        #expect(found.place == .offset(count - rest % 8))
      }
    }
  }

  /// A flipped bit anywhere is refused or gives another recording, and never a trap.
  @Test func everyFlippedBitIsRefusedOrRead() {
    let events = Assembler.event(5, 0, 127, 1) + Assembler.event(5, 127, 3, 0)
    let file = Assembler.header() + Assembler.packet(events) + Assembler.packet(events)
    var refused = 0
    for offset in file.indices {
      for bit in 0..<8 {
        var bytes = file
        bytes[offset] ^= 1 << bit
        if refusal(bytes).id != nil { refused += 1 }
      }
    }
    #expect(refused > 500)
  }

  @Test func limitsHold() {
    var limits = EventLimits.standard
    limits.events = 2
    let event = Assembler.event(0, 0, 0, 0)
    let two = Assembler.packet(event + event)
    #expect(refusal(Assembler.header() + two, limits: limits).id == nil)
    #expect(
      refusal(Assembler.header() + two + Assembler.packet(event), limits: limits).id
        == "event-limit")
    let old = Assembler.oldHeader + (0..<3).flatMap { Assembler.oldEvent(0, $0) }
    #expect(refusal(old, limits: limits).id == "event-limit")
    limits = .standard
    limits.bytes = 10
    #expect(refusal(old, limits: limits).id == "event-limit")
    limits = .standard
    limits.headerBytes = 20
    #expect(refusal(old, limits: limits).id == "event-header")
  }
}
