import Arrays
import Diagnostics
import Events
import Files
import Testing

/// Frames are those of spikingjelly, bit for bit.
@Suite struct FramesTests {
  /// The frames of a recording, as integers that the stored ones are.
  func frames(_ recording: Recording, _ steps: Int) throws -> [Int] {
    try recording.frames(steps, of: .dvs128).map { Int($0) }
  }

  /// What spikingjelly made of the stored recordings: `scripts/check-events --record`.
  func stored(_ name: String) throws -> [Int] {
    let array = try NPZArchive(path: RecordingTests.stored("frames.npz")).member(name)
    #expect(array.shape.dropFirst() == [2, 128, 128])
    return try array.integers()
  }

  @Test(arguments: ["cifar10-dvs.aedat", "events.npz"], [10, 16])
  func recordingsGiveTheAuthorsFrames(_ name: String, _ steps: Int) throws {
    let recording = try Recording(MappedFile(path: RecordingTests.stored(name)))
    let expected = try stored("\(name.prefix { $0 != "." })/\(steps)")
    #expect(expected.reduce(0, +) == recording.events.count)
    #expect(try frames(recording, steps) == expected)
  }

  @Test(arguments: [10, 16])
  func gesturesGiveTheAuthorsFrames(_ steps: Int) throws {
    let recording = try Recording(MappedFile(path: RecordingTests.stored("gestures.aedat")))
    let table = try GestureTable(
      MappedFile(path: RecordingTests.stored("gestures_labels.csv")))
    #expect(table.gestures.map(\.label) == [0, 7, 10, 2])
    for (index, gesture) in table.gestures.enumerated() {
      let expected = try stored("gestures-\(index)/\(steps)")
      #expect(expected.contains(1))
      #expect(try frames(recording.during(gesture), steps) == expected)
    }
  }

  /// A recording of `count` events at one pixel.
  func repeated(_ count: Int, x: UInt16 = 3) -> Recording {
    let event = Event(time: 0, x: x, y: 1, polarity: 1)
    return Recording(events: [Event](repeating: event, count: count), sensor: nil)
  }

  @Test(arguments: [
    (1, [0, 0, 1]), (2, [0, 0, 2]), (3, [1, 1, 1]), (8, [2, 2, 4]), (11, [3, 3, 5]),
  ])
  func theLastFrameHasWhatIsLeft(_ count: Int, _ shares: [Float]) throws {
    let sensor = Sensor(width: 4, height: 2)
    let frames = try repeated(count).frames(3, of: sensor)
    #expect(frames.count == 3 * 2 * 8)
    // Channel 1, row 1, column 3.
    #expect([15, 31, 47].map { frames[$0] } == shares)
    #expect(frames.reduce(0, +) == Float(count))
  }

  @Test func eventsBeyondTheSensorAreRefused() throws {
    let error = #expect(throws: Diagnostic.self) {
      try repeated(1, x: 4).frames(3, of: Sensor(width: 4, height: 2))
    }
    #expect(error?.id == "event-outside")
    #expect(error?.message.contains("event 0 is at column 4, row 1") == true)
  }

  @Test func noEventsAreNoSample() throws {
    let error = #expect(throws: Diagnostic.self) { try repeated(0).frames(3, of: .dvs128) }
    #expect(error?.id == "event-none")
  }
}
