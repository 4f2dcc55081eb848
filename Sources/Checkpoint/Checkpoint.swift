public import Diagnostics

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

  /// The arguments of the training script, from `args`: a namespace or a dictionary.
  public let hints: [String: Hint]

  /// The plain values at the top level, such as `epoch` and `arch`, in the order of the file.
  public let metadata: [NamedHint]

  /// Opens the checkpoint at `path`.
  public init(path: String) throws(Diagnostic) {
    try self.init(path: path, limits: .standard)
  }

  /// Opens the checkpoint at `path` under limits of the caller's.
  public init(path: String, limits: Limits) throws(Diagnostic) {
    let file = try Container.open(path: path, limits: limits)
    do throws(Diagnostic) {
      let choice = try StateDictChoice(in: file.graph, root: file.root, limits: limits)
      let entries = try StateDictEntries(of: choice.id, in: file.graph, limits: limits)
      var reader = TensorReader(file, file: path, limits: limits)
      var tensors: [Tensor] = []
      for entry in entries.tensors {
        tensors.append(try reader.read(entry.id, named: entry.name))
      }
      stateDict = try StateDict(tensors)
      container = choice.container
      notes = choice.notes + entries.notes
    } catch {
      throw error.inFile(path)
    }
    self.path = path
    format = file.format
    warnings = file.warnings
    metadata = file.graph.hints(of: file.root, limits: limits)
    let arguments = file.graph.value(of: "args", in: file.root)
    hints = Dictionary(
      (arguments.map { file.graph.hints(of: $0, limits: limits) } ?? [])
        .map { ($0.name, $0.value) },
      uniquingKeysWith: { _, last in last })
  }
}
