import Diagnostics
import Families
import SpikeIR

/// The folders of a data set of pictures or recordings, each of which holds those of one class.
struct ClassFolders {
  private let path: String

  /// The output that a folder's class has, by the bytes of the folder's name: Swift compares texts by
  /// what they look like.
  private let outputs: [[UInt8]: Int]

  /// The folders, in the order of their names.
  private let folders: [String]

  /// Which output stands for which class, in words.
  private let rule: String

  /// Lists the folders in `path`, and settles their outputs.
  ///
  /// Where all are named like classes of the data set that `module` was trained on, such as
  /// `n01440764`, they have these classes' outputs, and some may be missing. Otherwise they stand in
  /// the order of the outputs, and there is one for each.
  ///
  /// - Throws: `no-labels` where there are none, `class-folders`, or `cannot-read-folder`.
  init(in path: String, for module: Module) throws(Diagnostic) {
    self.path = path
    folders = try Folder.names(in: path).filter { Folder.exists(at: Folder.base(path) + $0) }
    guard !folders.isEmpty else { throw .noFolders.inFile(path) }
    let list = ClassNames(of: module)
    let listed = folders.map { list?.output(ofFolder: $0) }
    var order = Array(folders.indices)
    if let odd = folders.first(where: { $0.unicodeScalars.contains("\u{FFFD}") }) {
      throw .noText(odd).inFile(path)
    }
    if let unknown = listed.firstIndex(of: nil) {
      // One folder too many among those of known names would move all classes behind it.
      let isListed = listed.contains { $0 != nil }
      guard folders.count == module.outputCount, !isListed else {
        let name = list == nil ? nil : folders[unknown]
        throw .count(folders.count, module.outputCount, unknown: name).inFile(path)
      }
      rule = "\(folders.count) folders, in the order of their names"
    } else {
      order = listed.compactMap(\.self)
      rule = "\(folders.count) of \(module.outputCount) folders, named like the classes"
    }
    outputs = Dictionary(uniqueKeysWithValues: zip(folders.map { Array($0.utf8) }, order))
  }

  /// The recordings in all folders, in the order of their names.
  ///
  /// - Throws: `no-recordings` where a folder has none.
  func recordings(for module: Module) throws(Diagnostic) -> [String] {
    var paths: [String] = []
    for folder in folders {
      paths += try EventSamples.recordings(Folder.base(path) + folder, for: module) ?? []
    }
    return paths
  }

  /// The labels of samples by their names, such as `n01440764/1.JPEG`; and the rule, in words.
  ///
  /// A folder without a picture is told of.
  ///
  /// - Throws: `class-folders` where a picture stands in no folder.
  func labels(of names: [String]) throws(Diagnostic) -> ([Int], rule: String) {
    var labels: [Int] = []
    for name in names {
      let folder = Array(name.utf8.prefix { $0 != UInt8(ascii: "/") })
      guard let output = outputs[folder] else { throw .outside(name).inFile(path) }
      labels.append(output)
    }
    let seen = Set(labels)
    for folder in folders where !seen.contains(outputs[Array(folder.utf8)] ?? 0) {
      Console.report(Diagnostic.empty(folder).inFile(path))
    }
    return (labels, rule)
  }
}

extension Diagnostic {
  fileprivate static func noText(_ name: String) -> Diagnostic {
    .error(
      "class-folders", "a class folder's name must be UTF-8, and '\(escaped(name))' is none")
  }

  fileprivate static var noFolders: Diagnostic {
    .error(
      "no-labels", "an evaluation needs the right answers, and these pictures have none",
      notes: [
        "put them in a folder for each class, or name a file of labels with --labels, in the order "
          + "of the pictures' names"
      ], status: .usage)
  }

  fileprivate static func count(_ found: Int, _ outputs: Int, unknown: String?) -> Diagnostic {
    .error(
      "class-folders",
      "folders in the order of the outputs are as many, and there are \(found) for \(outputs)",
      notes: unknown.map { ["'\(escaped($0))' is the name of no class of the module's data set"] }
        ?? ["the names of the classes of this module's data set are not known"])
  }

  fileprivate static func outside(_ name: String) -> Diagnostic {
    .error(
      "class-folders", "a picture must be in the folder of its class, and '\(escaped(name))' is not"
    )
  }

  fileprivate static func empty(_ folder: String) -> Diagnostic {
    .warning("empty-class", "the class folder '\(escaped(folder))' has no picture")
  }
}
