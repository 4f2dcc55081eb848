import Diagnostics
import Families
import Files
import Glibc
import SpikeIR

/// Pictures in class folders, as ImageNet's validation set lies, or in a folder with a file of labels.
extension EvaluationData {
  /// Opens the folder at `path`.
  ///
  /// - Parameter labels: the file of the labels, in the order of the pictures' names; `nil` where
  ///   the folders say what the pictures show.
  static func pictures(
    _ path: String, labels: String?, for module: Module, outputs: Int
  ) throws(Diagnostic) -> EvaluationData {
    let source = try SampleInput.pictures(at: path, for: module)
    let base = Folder.base(path).utf8.count
    let names = source.paths.map { String(Substring($0.utf8.dropFirst(base))) }
    let (values, classes) =
      if let labels {
        (
          try Labels(labels, samples: source.count, outputs: outputs).values, "as the labels say"
        )
      } else {
        try ClassFolders(in: path, for: module).labels(of: names)
      }
    return EvaluationData(
      source: source, labels: values, names: names, hash: hash(source.paths, names, values),
      outputs: outputs, classes: classes, input: text(source.settings))
  }

  /// A hash of files' names and sizes and of the labels, for pictures and recordings.
  ///
  /// What is in them is not read, which would take as long as the evaluation.
  static func hash(_ paths: [String], _ names: [String], _ labels: [Int]) -> String {
    var text: [UInt8] = []
    for path in paths {
      var status = stat()
      text += Array("\(stat(path, &status) == 0 ? Int(status.st_size) : -1)\n".utf8)
    }
    for (name, label) in zip(names, labels) {
      text += Array("\(name.utf8.count):\(name) \(label)\n".utf8)
    }
    return "xxh64:" + text.withUnsafeBytes { XXHash64.digits(of: $0) }
  }

  /// How the pictures are prepared, in words.
  private static func text(_ settings: PictureSettings) -> String {
    "pictures of \(settings.size) by \(settings.size): "
      + settings.decisions.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
  }
}
