public import Diagnostics
import Files

/// A PyTorch checkpoint: the one state dict in it, and what else it says about the model.
///
/// Opening reads no tensor's elements, and nothing of the file is executed: classes and functions
/// in it are names. What the state dict does not refer to cannot stop it from being read.
public struct Checkpoint: Sendable {
  /// The path as the user gave it.
  public let path: String

  /// How the file is made, such as `zip archive, pickle protocol 2`.
  public let format: String

  /// Who would have written it, such as `timm (state_dict)` or `plain state dict`.
  public let container: String

  /// What was done or left out on the way, one line each.
  public let notes: [String]

  /// What the user should know.
  public let warnings: [Diagnostic]

  /// The model's parameters and buffers.
  public let stateDict: StateDict

  /// The arguments of the training script, from `args`, a namespace or a dictionary; of a
  /// safetensors file, its metadata.
  public let hints: [String: Hint]

  /// Where the hints stand in the file: `args` or `metadata`.
  public let hintsName: String

  /// The plain values at the top level, such as `epoch` and `arch`, in the order of the file.
  public let metadata: [NamedHint]

  /// Opens the checkpoint at `path`: as what its first bytes say, whatever its name ends in.
  ///
  /// - Throws: what `MappedFile` throws; `not-a-checkpoint`; or what is wrong with the archive, the
  ///   pickle, the state dict or a tensor's place in it.
  public init(path: String, limits: Limits = .standard) throws(Diagnostic) {
    let file = try MappedFile(path: path)
    do throws(Diagnostic) {
      switch file.withSpan({ span in FileKind(of: span) }) {
      case .zip: try self.init(.zip(file, limits: limits), path: path, limits: limits)
      case .pickle: try self.init(.legacyStream(file, limits: limits), path: path, limits: limits)
      case .safetensors: try self.init(SafetensorsFile(file, limits: limits), path: path)
      case .other(let name, let advice): throw Diagnostic.noCheckpoint(name, advice)
      }
    } catch {
      throw error.inFile(path)
    }
  }

  /// Finds the state dict among the objects of a pickle.
  private init(_ file: Container, path: String, limits: Limits) throws(Diagnostic) {
    let choice = try StateDictChoice(in: file.graph, root: file.root, limits: limits)
    let entries = try StateDictEntries(of: choice.id, in: file.graph, limits: limits)
    var reader = TensorReader(file, file: path, limits: limits)
    var tensors: [Tensor] = []
    for entry in entries.tensors {
      tensors.append(try reader.read(entry.id, named: entry.name))
    }
    self.path = path
    format = file.format
    container = choice.container
    notes = choice.notes + entries.notes
    warnings = file.warnings
    stateDict = try StateDict(tensors)
    try file.graph.checkKeys(of: file.root)
    if choice.id != file.root { try file.graph.checkKeys(of: choice.id) }
    metadata = file.graph.hints(of: file.root, limits: limits)
    let arguments = file.graph.value(of: "args", in: file.root)
    hints = Dictionary(
      (arguments.map { file.graph.hints(of: $0, limits: limits) } ?? [])
        .map { ($0.name, $0.value) },
      uniquingKeysWith: { _, last in last })
    hintsName = "args"
  }

  /// Takes the tensors of a file that holds nothing else.
  private init(_ file: SafetensorsFile, path: String) throws(Diagnostic) {
    self.path = path
    format = "safetensors"
    container = "plain state dict"
    notes = file.notes
    warnings = []
    stateDict = try StateDict(file.tensors)
    metadata = []
    hints = Dictionary(
      file.hints.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
    hintsName = "metadata"
  }
}

extension Diagnostic {
  fileprivate static func noCheckpoint(_ name: String, _ advice: String) -> Diagnostic {
    .error(
      "not-a-checkpoint", "a checkpoint of PyTorch is needed, and this is \(name)",
      notes: [advice])
  }
}
