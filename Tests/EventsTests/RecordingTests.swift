import Arrays
import CheckpointTestSupport
import Diagnostics
import Events
import Files
import Testing

/// What events each format holds.
@Suite struct RecordingTests {
  typealias Assembler = AEDATAssembler

  @Test func readsPolarityEventsAmongOtherPackets() throws {
    let recording = try Assembler.read(
      Assembler.header() + Assembler.reset
        + Assembler.packet(Assembler.event(5, 0, 127, 1) + Assembler.event(5, 127, 3, 0))
        + Assembler.packet(type: 3, size: 40, [UInt8](repeating: 0xFF, count: 80))
        + Assembler.packet([]) + Assembler.packet(Assembler.event(6, 1, 2, 0)))
    #expect(recording.sensor == .dvs128)
    #expect(
      recording.events == [
        Event(time: 5, x: 0, y: 127, polarity: 1), Event(time: 5, x: 127, y: 3, polarity: 0),
        Event(time: 6, x: 1, y: 2, polarity: 0),
      ])
  }

  @Test func eventsThatAreMarkedAsNotValidCountAsForTheAuthors() throws {
    let events = Assembler.event(1, 1, 1, 1, valid: 0) + Assembler.event(2, 2, 2, 1)
    let recording = try Assembler.read(Assembler.header() + Assembler.packet(valid: 1, events))
    #expect(recording.events.map(\.x) == [1, 2])
  }

  @Test func timesGoOnWhereTheir31BitsRunOver() throws {
    let recording = try Assembler.read(
      Assembler.header() + Assembler.packet(Assembler.event(0x7FFF_FFFF, 0, 0, 0))
        + Assembler.packet(overflow: 1, Assembler.event(0, 0, 0, 0))
        + Assembler.packet(overflow: 3, Assembler.event(7, 0, 0, 0)))
    #expect(recording.events.map(\.time) == [0x7FFF_FFFF, 0x8000_0000, 3 << 31 | 7])
  }

  @Test func aResetSetsTheClockBack() throws {
    let late = Assembler.packet(Assembler.event(9, 0, 0, 0))
    let early = Assembler.packet(Assembler.event(1, 0, 0, 0))
    let recording = try Assembler.read(Assembler.header() + late + Assembler.reset + early)
    #expect(recording.events.map(\.time) == [9, 1])
    // A special event of another type, or one that is not valid, resets nothing.
    for data in [2 << 1 | 1, 1 << 1] {
      let other = Assembler.packet(type: 0, Assembler.little(data) + Assembler.little(0))
      let error = #expect(throws: Diagnostic.self) {
        try Assembler.read(Assembler.header() + late + other + early)
      }
      #expect(error?.id == "event-time")
    }
  }

  @Test(arguments: [
    ("DVS128", Sensor.dvs128), ("DAVIS240C", Sensor(width: 240, height: 180)),
    ("DAVIS346B", Sensor(width: 346, height: 260)), ("Unheard-of", nil),
  ])
  func theHeaderNamesTheCamera(_ name: String, _ sensor: Sensor?) throws {
    let recording = try Assembler.read(
      Assembler.header(name) + Assembler.packet(Assembler.event(0, 0, 0, 0)))
    #expect(recording.sensor == sensor)
  }

  @Test func oldAddressesAreMirroredAndInvertedAsForTheAuthors() throws {
    // Bit 0 is the polarity, 1 to 7 are x, 8 to 14 y, and 15 is a signal from outside.
    let recording = try Assembler.read(
      Assembler.oldHeader + Assembler.oldEvent(5 << 8 | 3 << 1 | 1, 10)
        + Assembler.oldEvent(0x7FFE, 4) + Assembler.oldEvent(0x8000, 0xFFFF_FFFF))
    #expect(recording.sensor == .dvs128)
    #expect(
      recording.events == [
        Event(time: 10, x: 122, y: 124, polarity: 0), Event(time: 4, x: 0, y: 0, polarity: 1),
        Event(time: 0xFFFF_FFFF, x: 127, y: 127, polarity: 1),
      ])
  }

  @Test func archivesOfFourArraysAreRecordings() throws {
    let path = Self.stored("events.npz")
    let file = try MappedFile(path: path)
    #expect(Recording.isRecording(file))
    let recording = try Recording(file)
    #expect(recording.events.count == 300 && recording.sensor == nil)
    let archive = try NPZArchive(path: path)
    #expect(try recording.events.map(\.time) == archive.member("t").integers())
    #expect(try recording.events.map { Int($0.x) } == archive.member("x").integers())
    #expect(try recording.events.map { Int($0.y) } == archive.member("y").integers())
    #expect(try recording.events.map { Int($0.polarity) } == archive.member("p").integers())
  }

  @Test func otherFilesAreNoRecordings() throws {
    let array = NumPyArray(shape: [1], floats: [0])
    let bytes = NumPyArray(shape: [1], bytes: [0])
    let archive = try NPZArchive.bytes(of: [("t", bytes), ("x", bytes), ("y", bytes)])
    for contents in [[], Assembler.text("#!AER"), try array.npy(), archive] {
      let file = TemporaryFile(contents)
      #expect(!Recording.isRecording(try MappedFile(path: file.path)))
      let error = #expect(throws: Diagnostic.self) { try Assembler.read(contents) }
      #expect(error?.id == "event-format")
    }
  }

  /// The path of a recording in `Stored`.
  static func stored(_ name: String, from file: String = #filePath) -> String {
    "/" + file.split(separator: "/").dropLast().joined(separator: "/") + "/Stored/\(name)"
  }
}
