import Checkpoint
import Diagnostics
import Families
import SpikeIR

/// What `snnc import` makes of a checkpoint, by a family or by the text of the user's own
/// architecture.
struct Imported {
  /// The module, before the passes.
  let module: Module
  /// What was recognised and decided, as rows of the summary.
  let rows: [[String]]
  /// What the user should know.
  let warnings: [Diagnostic]
  /// What the network uses.
  let used: ModelImport.ParameterCount
  /// What is in the checkpoint and not in the network.
  let unused: ModelImport.ParameterCount
  /// The names of the unused tensors, in the file's order.
  let unusedNames: [String]

  /// The import of a family's model.
  init(_ model: ModelImport) {
    module = model.module
    rows =
      [
        [
          "family", "\(model.family), \(model.dataset.rawValue) (settled by \(model.familySource))",
        ],
        ["", "recognised by \(model.recognition.reason)"],
      ] + model.notes.map { ["note", $0] }
      + model.decisions.map { [$0.key.rawValue, "\($0.value)  (\($0.source))"] }
    warnings = model.warnings
    used = model.used
    unused = model.unused
    unusedNames = model.unusedNames
  }

  /// The import of a model of the user's own.
  init(_ model: ArchitectureImport) {
    module = model.module
    rows = [["family", escaped(model.family)]]
    warnings = []
    used = model.used
    unused = model.unused
    unusedNames = model.unusedNames
  }

  /// Imports `checkpoint` as the options say; a family that ends in `.snnir` is a file.
  init(
    _ checkpoint: Checkpoint, named name: String, _ options: ModelImport.Options
  ) throws(Diagnostic) {
    guard let file = options.architectureFile else {
      self.init(try ModelImport(checkpoint, named: name, options))
      return
    }
    self.init(
      try ArchitectureImport(checkpoint, text: try TextFile.read(file), file: file))
  }
}

extension ModelImport.Options {
  /// The file with the user's own architecture; `nil` where a family is asked for, or none.
  var architectureFile: String? {
    family.flatMap { $0.hasSuffix(TextFile.ending) ? $0 : nil }
  }

  /// Checks that no flag settles what the user's own architecture says itself.
  ///
  /// - Throws: `architecture-settings` (exit status 64).
  func checkArchitecture() throws(Diagnostic) {
    guard let file = architectureFile else { return }
    let given =
      (variant == nil ? [] : ["--variant"]) + (preset == nil ? [] : ["--preset"])
      + Settings.Key.allCases.filter { flags[$0] != nil }.map(\.flag)
    guard given.isEmpty else { throw .settings(given, file) }
  }
}

extension Diagnostic {
  fileprivate static func settings(_ flags: [String], _ file: String) -> Diagnostic {
    let flags = flags.joined(separator: ", ")
    return .error(
      "architecture-settings",
      "flags settle what a family leaves open, and '\(escaped(file))' leaves nothing open: \(flags)",
      notes: ["leave out \(flags), or write it into the text"], status: .usage)
  }
}
