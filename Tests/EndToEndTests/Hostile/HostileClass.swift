import Foundation

/// A class of hostile files: a row of the table in SECURITY.md.
struct HostileClass {
  /// The number.
  let number: Int
  /// What its files have in common.
  let name: String
  /// Its files.
  let files: [HostileFile]

  /// All classes.
  static let all = (Array(checkpoints) + others).map { number, name in
    HostileClass(number: number, name: name, files: HostileFile.all.filter { $0.number == number })
  }

  /// The columns that do not depend on the machine: class, name, files, and what must come of them.
  var row: String {
    " \(number) | \(name) | \(files.count) | \(outcomes) "
  }

  /// What must come of the files: each outcome once, in order.
  private var outcomes: String {
    var all: [String] = []
    for file in files {
      let outcome =
        switch file.outcome {
        case .read: "read"
        case .refused(let id), .denied(let id): "`\(id)`"
        case .anyRefusal: "refused"
        }
      if !all.contains(outcome) { all.append(outcome) }
    }
    return all.joined(separator: ", ")
  }

  /// The columns that do: the most memory and the most time of a file, by GNU time.
  func worst() throws -> String {
    let report = Folder()
    var (memory, seconds) = (0, 0.0)
    for file in files {
      let path = report.path("time")
      _ = try Seen(file, measuring: ["/usr/bin/time", "-q", "-o", path, "-f", "%M %e"])
      let words = try String(contentsOfFile: path, encoding: .utf8).split {
        $0 == " " || $0 == "\n"
      }
      memory = max(memory, Int(words[0]) ?? .max)
      seconds = max(seconds, Double(words[1]) ?? .infinity)
    }
    return "\(memory >> 10) MiB | \(String(format: "%.2f", seconds)) s"
  }

  /// What the files of the classes 1 to 50 have in common: checkpoints.
  private static let checkpoints = zip(1..., checkpointNames)

  /// The classes from 58 on: other inputs.
  ///
  /// Those between are no files; SECURITY.md has them.
  private static let others = [
    (58, "`.snn`: no module"), (59, "`.snn`: a module that does not hold"),
    (60, "`.snnir`: no text of a module"), (61, "`.snnir`: a module that does not hold"),
    (62, "`.npy`: no array"), (63, "`.npy`: an array that does not fit"), (64, "`.npz`"),
    (65, "pictures"), (66, "recordings of event cameras"), (67, "certificates"),
    (68, "energy models"), (69, "published rates"), (70, "results of evaluations"),
    (71, "NIR graphs"),
  ]

  private static let checkpointNames = [
    "empty, or a byte", "files of another kind", "archive cut short",
    "archive without its pickle, or with two", "unsafe names of entries", "names twice",
    "local header and directory disagree", "entries overlap or leave the file",
    "stored with two sizes", "other compression, encryption", "wrong checksums",
    "no checksums at all", "saved without data", "zip64 records lie",
    "deflate bombs and wrong sizes",
    "bytes that belong to nobody", "byte order", "version", "unusual archives",
    "protocol of the pickle", "end of the pickle", "each opcode alone", "pickle cut short",
    "operands of up to 2^64 bytes", "frames", "memo", "bombs of objects", "circles",
    "operations on the wrong type", "opcodes that act", "calls beside the model",
    "calls in the place of a weight", "names of classes", "names of tensors",
    "references to storages", "sizes of storages", "views that lie", "views without end",
    "unusual views", "elements at the edge", "elements that are no numbers",
    "tensors of other kinds",
    "objects of NumPy", "containers", "models saved whole", "TorchScript programs",
    "legacy streams", "byte order of legacy streams", "tar archives", "safetensors",
  ]
}
