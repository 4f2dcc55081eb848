import Diagnostics
import Events
import Files
import Glibc
import SpikeIR
import Synchronization

/// Recordings of event cameras, as frames by the authors' rule: `[T, 2, H, W]` counts.
///
/// A recording is a sample; one with a table of gestures beside it has a sample for each gesture.
final class EventSamples: SampleSource {
  /// A sample: a recording, or the part of it that is a gesture.
  private struct Sample {
    let path: String
    let gesture: GestureTable.Gesture?
    let name: String
  }

  private let samples: [Sample]
  private let steps: Int
  private let sensor: Sensor
  private let domain: Domain

  /// The recording that was read last: the gestures of one stand behind each other.
  ///
  /// Several threads may ask for samples at once.
  private let last = Mutex<(path: String, recording: Recording)?>(nil)

  var count: Int { samples.count }

  /// The right answers, where every sample is a gesture.
  var labels: [Int]? {
    let labels = samples.compactMap { $0.gesture?.label }
    return labels.count == samples.count ? labels : nil
  }

  /// Opens the recordings at `paths` for `module`.
  ///
  /// - Parameter given: the table of the gestures of the only recording; without it, each recording's
  ///   is the file whose name goes on `_labels.csv`, as in DVS128 Gesture, if there is one.
  /// - Throws: `event-input` or `event-labels`, or what is wrong with a table.
  init(_ paths: [String], gestures given: String?, for module: Module) throws(Diagnostic) {
    guard Self.fit(module) else { throw .eventInput(module.sampleExtents).inFile(paths[0]) }
    guard given == nil || paths.count == 1 else { throw .eventLabels(paths.count) }
    steps = module.timeSteps
    sensor = Sensor(width: module.input.shape[2], height: module.input.shape[1])
    domain = module.input.domain
    var samples: [Sample] = []
    for path in paths {
      guard let table = given ?? Self.table(of: path) else {
        samples.append(Sample(path: path, gesture: nil, name: path))
        continue
      }
      let gestures = try GestureTable(MappedFile(path: table)).gestures
      samples += gestures.enumerated().map { index, gesture in
        Sample(path: path, gesture: gesture, name: "\(path)[\(index)]")
      }
    }
    self.samples = samples
  }

  /// Whether a module takes frames of events: two channels at each step.
  static func fit(_ module: Module) -> Bool {
    let extents = module.input.shape.extents
    return module.input.isTimed && extents.count == 3 && extents[0] == 2
  }

  /// The recording at `path`, or those in the folder there, sorted by name; `nil` where `path` is
  /// something else.
  ///
  /// In a folder, a file whose name ends like a recording's is one, so that a damaged one is found.
  ///
  /// - Throws: `no-recordings` where `path` is a folder without any, or `cannot-read-folder`.
  static func recordings(
    _ path: String, for module: Module
  ) throws(Diagnostic) -> [String]? {
    guard Folder.exists(at: path) else {
      // What cannot be read is no recording here; whoever reads it says why.
      guard let file = try? MappedFile(path: path) else { return nil }
      return Recording.isRecording(file) ? [path] : nil
    }
    guard fit(module) else { return nil }
    let names = try names(in: path)
    guard !names.isEmpty else { throw .noRecordings.inFile(path) }
    return names.map { Folder.base(path) + $0 }
  }

  /// Whether `path` is no folder, or one with recordings of its own: otherwise they are in its
  /// folders.
  static func hasOwn(_ path: String) throws(Diagnostic) -> Bool {
    guard Folder.exists(at: path) else { return true }
    return try !names(in: path).isEmpty
  }

  /// The names of the recordings in a folder.
  private static func names(in folder: String) throws(Diagnostic) -> [String] {
    try Folder.names(in: folder).filter { name in
      [".aedat", ".npz"].contains(where: name.hasSuffix)
    }
  }

  /// The table beside a recording, if there is one.
  static func table(of path: String) -> String? {
    guard path.hasSuffix(".aedat") else { return nil }
    let table = String(path.dropLast(".aedat".count)) + "_labels.csv"
    return access(table, F_OK) == 0 ? table : nil
  }

  func name(of index: Int) -> String { samples[index].name }

  func sample(_ index: Int) throws(Diagnostic) -> [Float] {
    let sample = samples[index]
    do throws(Diagnostic) {
      let recording = try recording(sample.path)
      if let camera = recording.sensor, camera != sensor { throw .eventSensor(camera, sensor) }
      let part = sample.gesture.map(recording.during) ?? recording
      let frames = try part.frames(steps, of: sensor)
      if let value = frames.first(where: { !domain.contains($0) }) {
        throw .eventDomain(value, domain)
      }
      return frames
    } catch {
      throw error.inFile(sample.name)
    }
  }

  /// Reads a recording, unless it is the one that was read last.
  private func recording(_ path: String) throws(Diagnostic) -> Recording {
    if let known = last.withLock({ $0?.path == path ? $0?.recording : nil }) { return known }
    last.withLock { $0 = nil }
    let recording = try Recording(MappedFile(path: path))
    last.withLock { $0 = (path, recording) }
    return recording
  }
}

extension Diagnostic {
  fileprivate static var noRecordings: Diagnostic {
    .error(
      "no-recordings", "the folder has no recording, .aedat or .npz",
      notes: ["folders in it are not looked into"], status: .noInput)
  }

  fileprivate static func eventDomain(_ value: Float, _ domain: Domain) -> Diagnostic {
    .error(
      "event-domain", "the module's input is \(domain), and a pixel counts \(Int(value)) events")
  }

  fileprivate static func eventInput(_ extents: [Int]) -> Diagnostic {
    .error(
      "event-input",
      "events are frames of [2, rows, columns] at each step, and the module takes \(extents)")
  }

  /// The error of a table of gestures with something else than one recording.
  static func eventLabels(_ recordings: Int) -> Diagnostic {
    .error(
      "event-labels",
      "a table of gestures belongs to one recording, and there are \(recordings) here",
      notes: ["in a folder, the table of NAME.aedat is NAME_labels.csv"], status: .usage)
  }

  fileprivate static func eventSensor(_ camera: Sensor, _ sensor: Sensor) -> Diagnostic {
    .error(
      "event-sensor",
      "the module takes frames of \(sensor), and the recording's camera has \(camera)",
      notes: [
        "set the module's size with: snnc import --image-size N",
        "or make the frames as the training script does, and pass them as an array",
      ])
  }
}
