import Arrays
import Diagnostics
import Files

/// Events as spikingjelly stores them: an `.npz` with the members t, x, y and p of one length.
struct EventArchive {
  /// The members: times, columns, rows and polarities.
  private static let members = ["t", "x", "y", "p"]

  /// The arrays.
  private let archive: NPZArchive

  /// Opens `file`; `nil` where it is no archive with those members.
  init?(_ file: MappedFile) {
    // What is wrong with an archive, reading it as one of samples says.
    guard NPZArchive.isArchive(file), let archive = try? NPZArchive(file),
      Self.members.allSatisfy(archive.contains)
    else { return nil }
    self.archive = archive
  }

  /// Reads the events in the order of the arrays.
  ///
  /// - Throws: `event-members`, `event-coordinate`, `event-limit`, or what is wrong with the
  ///   archive or an array.
  func events(_ limits: EventLimits) throws(Diagnostic) -> [Event] {
    let count = try archive.member(Self.members[0]).count
    guard count <= limits.events else { throw .tooManyEvents(limits.events) }
    var columns: [[Int]] = []
    for name in Self.members {
      let array = try archive.member(name)
      guard array.shape == [count] else { throw .shape(name, array.shape, count) }
      do throws(Diagnostic) {
        columns.append(try array.integers())
      } catch {
        throw error.at(.entry(name))
      }
    }
    var events: [Event] = []
    events.reserveCapacity(count)
    for index in 0..<count {
      events.append(
        Event(
          time: columns[0][index],
          x: try Self.coordinate(columns[1][index], "x", index, limits),
          y: try Self.coordinate(columns[2][index], "y", index, limits),
          polarity: columns[3][index] == 0 ? 0 : 1))
    }
    return events
  }

  /// A column or row that a sensor may have.
  private static func coordinate(
    _ value: Int, _ name: String, _ index: Int, _ limits: EventLimits
  ) throws(Diagnostic) -> UInt16 {
    guard (0...limits.coordinate).contains(value) else {
      throw .coordinate(value, name, index, limits.coordinate)
    }
    return UInt16(value)
  }
}

extension Diagnostic {
  fileprivate static func shape(_ name: String, _ shape: [Int], _ count: Int) -> Diagnostic {
    .error(
      "event-members",
      "t, x, y and p must have one dimension and one length, and \(name) is \(shape) "
        + "where t has \(count) elements",
      at: Location(place: .entry(name)))
  }

  fileprivate static func coordinate(
    _ value: Int, _ name: String, _ index: Int, _ limit: Int
  ) -> Diagnostic {
    .error(
      "event-coordinate", "a coordinate is 0 to \(limit), and that of event \(index) is \(value)",
      at: Location(place: .entry(name)))
  }
}
