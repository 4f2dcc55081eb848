import CheckpointTestSupport
import Diagnostics
import Events
import Files
import Testing

/// Tables of gestures, as DVS128 Gesture has one beside each recording.
@Suite struct GestureTableTests {
  /// The first line of a table.
  static let header = "class,startTime_usec,endTime_usec\n"

  /// Reads a table of this text.
  func read(_ text: String, limits: EventLimits = .standard) throws(Diagnostic) -> GestureTable {
    let file = TemporaryFile(Array(text.utf8), suffix: ".csv")
    return try GestureTable(MappedFile(path: file.path), limits: limits)
  }

  @Test(arguments: ["\n", "\r\n"])
  func readsClassesFrom1AndTimes(_ end: String) throws {
    let text = "\(Self.header)1,80,90\n11,85,4294967295\n\n".replacing("\n", with: end)
    let gestures = try read(text).gestures
    #expect(gestures.map(\.label) == [0, 10])
    #expect(gestures.map(\.times) == [80..<90, 85..<4_294_967_295])
  }

  @Test func aGestureHasItsStartAndNotItsEnd() throws {
    let gesture = try #require(try read(Self.header + "2,5,7\n").gestures.first)
    let events = [4, 5, 6, 7].map { Event(time: $0, x: 0, y: 0, polarity: 0) }
    let recording = Recording(events: events, sensor: .dvs128)
    #expect(recording.during(gesture).events.map(\.time) == [5, 6])
    #expect(recording.during(gesture).sensor == .dvs128)
  }

  @Test(arguments: [
    ("", 1), ("1,80,90\n", 1), ("class,start,end\n1,80,90\n", 1), (header, 2),
    ("\(header)1,80\n", 2), ("\(header)1,80,90,4\n", 2), ("\(header)1,80,90\na,80,90\n", 3),
    ("\(header)1,-80,90\n", 2), ("\(header)1,80,4294967296\n", 2), ("\(header)0,80,90\n", 2),
    ("\(header)65537,80,90\n", 2), ("\(header)1,90,90\n", 2), ("\(header)1,91,90\n", 2),
    ("\(header)1, 80,90\n", 2),
  ])
  func otherTablesAreRefused(_ text: String, _ line: Int) {
    let error = #expect(throws: Diagnostic.self) { try read(text) }
    #expect(error?.id == "gesture-table")
    #expect(error?.location.place == .text(line: line, column: 1))
  }

  @Test func tablesAreTextOfALimitedSize() throws {
    let file = TemporaryFile(Array(Self.header.utf8) + [0xFF])
    let notText = #expect(throws: Diagnostic.self) {
      try GestureTable(MappedFile(path: file.path))
    }
    #expect(notText?.id == "gesture-table")
    var limits = EventLimits.standard
    limits.tableBytes = 45
    #expect(try read(Self.header + "1,80,90\n", limits: limits).gestures.count == 1)
    let long = #expect(throws: Diagnostic.self) {
      try read(Self.header + "1,80,90\n2,90,99\n", limits: limits)
    }
    #expect(long?.id == "gesture-table")
  }
}
