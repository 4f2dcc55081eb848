public import Checkpoint
public import Diagnostics
public import SpikeIR

/// A checkpoint turned into a module by the text of the user's own architecture.
///
/// The weights that the text has without numbers are the checkpoint's tensors of the same names,
/// reordered as `Shape.tensorShapes` says. Every tensor of the checkpoint must be declared, so that
/// none is left out by mistake; one that no node uses is how a user says "known, and not used".
public struct ArchitectureImport: Sendable {
  /// The module, as the text has it.
  public let module: Module

  /// What stands where a family's name would: `own architecture FILE`.
  public let family: String

  /// What the network uses.
  public let used: ModelImport.ParameterCount

  /// What is in the checkpoint and not in the network.
  public let unused: ModelImport.ParameterCount

  /// The names of the unused tensors, in the file's order.
  public let unusedNames: [String]

  /// Imports `checkpoint` by a module in the text form.
  ///
  /// - Parameters:
  ///   - checkpoint: What has the tensors.
  ///   - text: The module's text.
  ///   - file: The path of its file, for diagnostics and the module's metadata.
  /// - Throws: the text's first error at its line, among them `weight-shape` for a tensor that
  ///   cannot hold the weight; or `misfit`, with all that is missing or left over.
  public init(_ checkpoint: Checkpoint, text: String, file: String) throws(Diagnostic) {
    let stateDict = checkpoint.stateDict
    let tensors = TensorShapes(stateDict.tensors.map { ($0.name.description, $0.shape) })
    let declared = try Declared(text, file, stateDict)
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let requests = declared.tensors.map { (escaped($0.name), $0.shape) }
    _ = try ModelImport.check(
      requests, against: tensors, for: name, isUnused: declared.names.contains)
    let data = try declared.data(from: stateDict)
    let module = try Module(parsing: text, file: file) { weight, shape in
      data[escaped(weight)].map { Weight(weight, shape, $0) }
    }
    let used = Set(module.nodes.flatMap(\.weights).map { escaped(module.weight($0).name) })
      .intersection(requests.map(\.0))
    family = "own architecture \(name)"
    let metadata = module.metadata.map { ($0.key, $0.value) }
    self.module = module.withMetadata(
      (module.metadata("family") == nil ? [("family", family)] : []) + metadata)
    unusedNames = tensors.names.filter { !used.contains($0) }
    self.used = ModelImport.count(used.map { ($0, tensors[$0] ?? []) })
    unused = ModelImport.count(unusedNames.map { ($0, tensors[$0] ?? []) })
  }
}

/// The weights that a text declares: found in a first reading, which looks at no numbers.
private struct Declared {
  /// All of them, as the checkpoint's names are printed.
  let names: Set<String>

  /// Those without numbers, as they are spelled, and the shapes that the checkpoint is asked for.
  let tensors: [(name: String, shape: [Int])]

  /// Reads `text`, and checks the shapes of the tensors that it names.
  init(_ text: String, _ file: String, _ stateDict: StateDict) throws(Diagnostic) {
    var tensors: [(name: String, shape: [Int])] = []
    let module = try Module(parsing: text, file: file) { (name, shape) throws(Diagnostic) in
      if let found = stateDict[name]?.shape, !shape.tensorShapes.contains(found) {
        throw .cannotHold(name, shape, found)
      }
      tensors.append((name, stateDict[name]?.shape ?? shape.extents))
      return Weight(name, shape, WeightData(absent: shape.count))
    }
    names = Set(module.weights.map { escaped($0.name) })
    self.tensors = tensors
  }

  /// The numbers of the weights, from tensors that are there, by the names as they are printed.
  func data(from stateDict: StateDict) throws(Diagnostic) -> [String: WeightData] {
    let source = StateDictSource(stateDict)
    var data: [String: WeightData] = [:]
    for (name, shape) in tensors { data[escaped(name)] = try source.data(name, shape) }
    return data
  }
}

extension Diagnostic {
  fileprivate static func cannotHold(_ name: String, _ wanted: Shape, _ found: [Int]) -> Diagnostic
  {
    let shapes = wanted.tensorShapes.map { "\($0)" }.joined(separator: " or ")
    let rule =
      shapes.isEmpty
      ? "a weight from a checkpoint has one, two or four axes and not the \(wanted) of the text"
      : "a weight \(wanted) is made of a tensor \(shapes)"
    return .error(
      "weight-shape", "\(rule), and '\(escaped(name))' is \(found) in the checkpoint",
      notes: [
        "the text has [kernel rows, kernel columns, in, out] and [in, out] where PyTorch has "
          + "[out, in, kernel rows, kernel columns] and [out, in]"
      ])
  }
}
