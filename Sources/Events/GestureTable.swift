public import Diagnostics
public import Files

/// The gestures of a recording of DVS128 Gesture: which class, from when to when.
///
///     class,startTime_usec,endTime_usec
///     1,80048239,85092709
///
/// Gestures may overlap and stand in any order, as they do in the data set.
public struct GestureTable: Sendable {
  /// A line of the table.
  public struct Gesture: Hashable, Sendable {
    /// The class from 0: the table's less 1, as the models count them.
    public let label: Int

    /// From its first microsecond up to, but without, its last.
    public let times: Range<Int>
  }

  /// The gestures, in the order of the table.
  public let gestures: [Gesture]

  /// The first line.
  private static let header = "class,startTime_usec,endTime_usec"

  /// Reads the table that `file` holds.
  ///
  /// - Throws: `gesture-table`, with the line.
  public init(_ file: MappedFile, limits: EventLimits = .standard) throws(Diagnostic) {
    do throws(Diagnostic) {
      let bytes = file.withSpan { $0.bytes(in: 0..<min($0.count, limits.tableBytes + 1)) } ?? []
      guard bytes.count <= limits.tableBytes else { throw .tooLarge(limits.tableBytes) }
      guard let text = validText(bytes) else { throw .table("it must be UTF-8", 1) }
      gestures = try Self.gestures(in: text, limits)
    } catch {
      throw error.inFile(file.path)
    }
  }

  /// The gestures that a table's text says.
  private static func gestures(
    in text: String, _ limits: EventLimits
  ) throws(Diagnostic) -> [Gesture] {
    var gestures: [Gesture] = []
    // CR LF is one character to Swift, so lines are split where either is.
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    guard lines[0] == header else {
      throw .table("the first line must be '\(header)', not '\(escaped(lines[0].prefix(80)))'", 1)
    }
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      gestures.append(try gesture(line, index + 1, limits))
    }
    guard !gestures.isEmpty else { throw .table("there must be a gesture, and there is none", 2) }
    return gestures
  }

  /// The gesture that a line says.
  private static func gesture(
    _ line: Substring, _ number: Int, _ limits: EventLimits
  ) throws(Diagnostic) -> Gesture {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    let values = fields.compactMap { UInt32($0) }
    guard fields.count == 3, values.count == 3 else {
      throw .table(
        "a line must be three numbers below 2^32, and this one is '\(escaped(line.prefix(80)))'",
        number)
    }
    guard (1...limits.classes).contains(Int(values[0])) else {
      throw .table("a class must be 1 to \(limits.classes), and this one is \(values[0])", number)
    }
    guard values[1] < values[2] else {
      throw .table(
        "a gesture must end behind its start, and this one is from \(values[1]) to \(values[2])",
        number)
    }
    return Gesture(label: Int(values[0]) - 1, times: Int(values[1])..<Int(values[2]))
  }
}

extension Diagnostic {
  fileprivate static func table(_ message: String, _ line: Int) -> Diagnostic {
    .error("gesture-table", message, at: Location(place: .text(line: line, column: 1)))
  }

  fileprivate static func tooLarge(_ limit: Int) -> Diagnostic {
    .error("gesture-table", "a table of gestures may have \(limit) bytes, and this one has more")
  }
}
