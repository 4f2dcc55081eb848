public import Diagnostics
public import Files

/// What an event camera recorded: the events in the order of the file.
///
/// Three formats are read, told apart by their content: AEDAT 2.0 (CIFAR10-DVS), AEDAT 3.1 (DVS128
/// Gesture), and `.npz` with the members t, x, y and p, as spikingjelly writes it. Each gives the
/// numbers that spikingjelly 0.0.0.0.12 gives, since the published models were trained on those.
public struct Recording: Sendable {
  /// The events.
  public let events: [Event]

  /// The camera's pixels, where the file says or implies what camera it was.
  public let sensor: Sensor?

  /// A recording of these events.
  public init(events: [Event], sensor: Sensor?) {
    self.events = events
    self.sensor = sensor
  }

  /// Whether `file` claims to be a recording: it starts as AEDAT files do, or has their members.
  public static func isRecording(_ file: MappedFile) -> Bool {
    file.withSpan(AEDATHeader.isAEDAT) || EventArchive(file) != nil
  }

  /// Reads the recording that `file` holds.
  ///
  /// - Throws: what is wrong with it: an id that starts with `event-`, or what `NPZArchive` throws.
  public init(_ file: MappedFile, limits: EventLimits = .standard) throws(Diagnostic) {
    do throws(Diagnostic) {
      guard file.count <= limits.bytes else { throw .tooLarge(file.count, limits.bytes) }
      if let archive = EventArchive(file) {
        self.init(events: try archive.events(limits), sensor: nil)
      } else {
        self = try file.withSpan { (span) throws(Diagnostic) in
          try Recording(aedat: span, limits)
        }
      }
    } catch {
      throw error.inFile(file.path)
    }
  }

  /// Reads an AEDAT file of either version.
  init(aedat file: Span<UInt8>, _ limits: EventLimits) throws(Diagnostic) {
    guard AEDATHeader.isAEDAT(file) else { throw .noRecording }
    let header = try AEDATHeader(of: file, limits)
    self =
      switch header.version {
      case .two: try AEDAT2.recording(in: file, behind: header, limits)
      case .three: try AEDAT3.recording(in: file, behind: header, limits)
      }
  }
}

extension Diagnostic {
  fileprivate static var noRecording: Diagnostic {
    .error(
      "event-format",
      "a recording must be AEDAT 2.0, AEDAT 3.1, or an .npz with the members t, x, y and p")
  }

  fileprivate static func tooLarge(_ count: Int, _ limit: Int) -> Diagnostic {
    .error("event-limit", "a recording may have \(limit) bytes, and this one has \(count)")
  }

  /// The error of a recording with too many events.
  static func tooManyEvents(_ limit: Int) -> Diagnostic {
    .error("event-limit", "a recording may have \(limit) events, and this one has more")
  }

  /// The error of an event beyond the sensor's edges.
  static func outside(_ event: Event, _ number: Int, _ sensor: Sensor) -> Diagnostic {
    .error(
      "event-outside",
      "an event must lie on the sensor of \(sensor), and event \(number) is at column \(event.x), "
        + "row \(event.y)")
  }
}
