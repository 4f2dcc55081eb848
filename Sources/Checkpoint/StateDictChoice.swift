import Diagnostics

/// Which of a checkpoint's objects is the model's state dict.
///
/// In this order: the one of `state_dict` and `model` that maps names to tensors; the top-level
/// dictionary, where it does; the only other entry that does. A module that was saved whole stands
/// for its state dict, at the top or as an entry. Averages (`*_ema`) and the optimizer
/// are never taken. Two candidates of one rank are an error: the user must say what is meant.
struct StateDictChoice {
  /// What the checkpoint looks like, for the user.
  let container: String
  /// The state dict.
  let id: ObjectGraph.ID
  /// What else could have been taken, for the user.
  let notes: [String]

  /// Chooses in the checkpoint whose top-level object is `root`.
  init(
    in graph: ObjectGraph, root: ObjectGraph.ID, limits: Limits
  ) throws(Diagnostic) {
    guard !SavedModule.isModule(root, in: graph) else {
      (id, notes) = (root, [])
      container = SavedModule.kind(of: root, in: graph)
      return
    }
    guard let items = graph.items(of: root) else { throw .noDictionary(graph.kind(of: root)) }
    let candidates = try Self.candidates(among: items, in: graph, limits: limits)
    let usual = candidates.filter { $0.name == "state_dict" || $0.name == "model" }
    let others = candidates.filter { !$0.name.hasSuffix("_ema") && $0.name != "optimizer" }
    let isPlain = Self.holdsTensors(root, in: graph)
    let chosen: (name: String, id: ObjectGraph.ID)
    if let first = usual.first {
      guard usual.count == 1 else { throw .ambiguous(usual.map(\.name)) }
      chosen = first
      let isEventScript = graph.value(of: "max_test_acc1", in: root) != nil
      let modelWriter = isEventScript ? "DVS training script (model)" : "MAE style (model)"
      container = first.name == "model" ? modelWriter : "timm (state_dict)"
    } else if isPlain {
      chosen = ("", root)
      container = "plain state dict"
    } else {
      guard let only = others.first else {
        throw .noStateDict(Self.names(of: items, in: graph), candidates.map(\.name))
      }
      guard others.count == 1 else { throw .ambiguous(others.map(\.name)) }
      chosen = only
      container = "state dict under '\(only.name)'"
    }
    id = chosen.id
    notes = candidates.filter { $0.name != chosen.name }.map { candidate in
      "'\(candidate.name)' also maps names to tensors; it was not taken"
    }
  }

  /// Returns the entries, out of keys and values in turn, whose values map names to tensors.
  private static func candidates(
    among items: [ObjectGraph.ID], in graph: ObjectGraph, limits: Limits
  ) throws(Diagnostic) -> [(name: String, id: ObjectGraph.ID)] {
    var candidates: [(name: String, id: ObjectGraph.ID)] = []
    // Each object is searched once, however many entries share it.
    var known: [ObjectGraph.ID: Bool] = [:]
    for index in stride(from: 0, to: items.count, by: 2) {
      let value = items[index + 1]
      guard let name = graph.text(items[index]), name.count <= limits.nameBytes else { continue }
      let isCandidate = known[value] ?? holdsTensors(value, in: graph)
      known[value] = isCandidate
      guard isCandidate else { continue }
      candidates.append((escaped(utf8: name), value))
      guard candidates.count <= limits.candidates else {
        throw .ambiguous(candidates.map(\.name))
      }
    }
    return candidates
  }

  /// Returns whether an object is a dictionary that maps at least one name to a tensor, or a module
  /// that was saved whole.
  private static func holdsTensors(_ id: ObjectGraph.ID, in graph: ObjectGraph) -> Bool {
    guard let items = graph.items(of: id) else { return SavedModule.isModule(id, in: graph) }
    for index in stride(from: 0, to: items.count, by: 2)
    where graph.text(items[index]) != nil && TensorReader.isTensor(items[index + 1], in: graph) {
      return true
    }
    return false
  }

  /// Returns the first names of a dictionary with what they stand for, for a message.
  private static func names(of items: [ObjectGraph.ID], in graph: ObjectGraph) -> [String] {
    stride(from: 0, to: min(items.count, 20), by: 2).map { index in
      let name = graph.text(items[index]).map { escaped(utf8: $0.prefix(64)) } ?? "?"
      return "'\(name)' is \(graph.kind(of: items[index + 1]))"
    }
  }
}

extension Diagnostic {
  fileprivate static func noDictionary(_ kind: String) -> Diagnostic {
    .error(
      "no-state-dict", "a checkpoint must be a dictionary, and this one is \(kind)",
      notes: ["load it in PyTorch, and save the model's state_dict()"])
  }

  fileprivate static func noStateDict(_ names: [String], _ unfit: [String]) -> Diagnostic {
    let notes = unfit.map { "'\($0)' is never taken: it is an average or the optimizer's" }
    return .error(
      "no-state-dict", "a checkpoint must map names to tensors, and this one does not",
      notes: notes + names)
  }

  fileprivate static func ambiguous(_ names: [String]) -> Diagnostic {
    .error(
      "ambiguous-state-dict", "a checkpoint must hold one state dict, and this one holds several",
      notes: names.map { "'\($0)' maps names to tensors" }
        + ["save the one that is meant by itself, with torch.save"])
  }
}
