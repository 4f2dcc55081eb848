import Arrays
import Diagnostics
import Events
import Testing

/// Archives of events whose arrays do not fit each other or a sensor.
@Suite struct BadArchiveTests {
  /// Two events, with one member changed; the id and the member of the diagnostic.
  func refusal(
    _ name: String, _ array: NumPyArray, limits: EventLimits = .standard
  ) -> (id: String?, place: Location.Place?) {
    let usual = NumPyArray(shape: [2], bytes: [1, 0])
    let members = ["t", "x", "y", "p"].map { ($0, $0 == name ? array : usual) }
    do {
      _ = try AEDATAssembler.read(NPZArchive.bytes(of: members), limits: limits)
      return (nil, nil)
    } catch {
      return (error.id, error.location.place)
    }
  }

  @Test func polaritiesAreZeroOrNot() throws {
    let usual = NumPyArray(shape: [3], bytes: [0, 1, 2])
    let members = ["t", "x", "y", "p"].map { ($0, usual) }
    let recording = try AEDATAssembler.read(NPZArchive.bytes(of: members))
    #expect(recording.events.map(\.polarity) == [0, 1, 1])
  }

  @Test(arguments: ["x", "y", "p"])
  func arraysHaveOneLength(_ name: String) throws {
    for shape in [[1], [3], [2, 1]] {
      let bytes = [UInt8](repeating: 0, count: shape.reduce(1, *))
      let array = NumPyArray(shape: shape, bytes: bytes)
      let found = refusal(name, array)
      #expect(found.id == "event-members")
      #expect(found.place == .entry(name))
    }
  }

  @Test(arguments: ["t", "x", "y", "p"])
  func numbersAreIntegers(_ name: String) throws {
    let found = refusal(name, NumPyArray(shape: [2], floats: [0, 1]))
    #expect(found.id == "array-type")
    #expect(found.place == .entry(name))
  }

  @Test func limitsHold() throws {
    var limits = EventLimits.standard
    limits.coordinate = 1
    let usual = NumPyArray(shape: [2], bytes: [1, 0])
    #expect(refusal("x", usual, limits: limits).id == nil)
    let found = refusal("y", NumPyArray(shape: [2], bytes: [0, 2]), limits: limits)
    #expect(found.id == "event-coordinate")
    #expect(found.place == .entry("y"))
    limits.events = 1
    #expect(refusal("x", usual, limits: limits).id == "event-limit")
  }
}
