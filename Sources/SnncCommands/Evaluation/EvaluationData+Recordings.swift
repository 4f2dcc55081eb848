import Diagnostics
import Files
import Glibc
import SpikeIR

/// Recordings of event cameras: with tables of gestures, as DVS128 Gesture lies; in class folders, as
/// CIFAR10-DVS lies; or with a file of labels.
extension EvaluationData {
  /// Opens the recording at `path` or those in the folder there; `nil` where they are none, or where
  /// `module` takes something else than frames of events.
  ///
  /// - Parameter labels: the file of the labels, in the order of the recordings' names.
  static func recordings(
    _ path: String, labels: String?, for module: Module, outputs: Int
  ) throws(Diagnostic) -> EvaluationData? {
    guard EventSamples.fit(module) else { return nil }
    let folders = try EventSamples.hasOwn(path) ? nil : ClassFolders(in: path, for: module)
    let paths: [String]
    if let folders {
      paths = try folders.recordings(for: module)
    } else {
      guard let own = try EventSamples.recordings(path, for: module) else { return nil }
      paths = own
    }
    let source = try EventSamples(paths, gestures: nil, for: module)
    // Names do not depend on where the data lie.
    let base =
      Folder.exists(at: path)
      ? Folder.base(path).utf8.count
      : path.lastIndex(of: "/").map { path[...$0].utf8.count } ?? 0
    let names = (0..<source.count).map { index in
      String(Substring(source.name(of: index).utf8.dropFirst(base)))
    }
    let (values, classes) =
      if let labels {
        (try Labels(labels, samples: source.count, outputs: outputs).values, "as the labels say")
      } else if let folders {
        try folders.labels(of: names)
      } else if let gestures = source.labels {
        (try Labels(gestures, outputs: outputs).values, "as the tables of gestures say")
      } else {
        throw Diagnostic.noGestures.inFile(path)
      }
    return EvaluationData(
      source: source, labels: values, names: names, hash: hash(paths, names, values),
      outputs: outputs, classes: classes,
      input: "recordings: \(module.timeSteps) frames of nearly equal numbers of events")
  }
}

extension Diagnostic {
  fileprivate static var noGestures: Diagnostic {
    .error(
      "no-labels", "an evaluation needs the right answers, and these recordings have none",
      notes: [
        "they are the table NAME_labels.csv beside NAME.aedat, class folders, or a file of --labels"
      ], status: .usage)
  }
}
