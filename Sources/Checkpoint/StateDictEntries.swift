import Diagnostics

/// The entries of a state dict: which objects are tensors, and under which names.
struct StateDictEntries {
  /// The tensors' objects with their names, in the order of the file.
  let tensors: [(name: TensorName, id: ObjectGraph.ID)]
  /// What was left out or changed.
  let notes: [String]

  /// Reads the entries of the state dict `id`: a dictionary, or a module that was saved whole.
  ///
  /// Plain values are no tensors and are left out. An object of an unknown class is an error: it
  /// may hold a weight, and a model without it would be another one.
  init(of id: ObjectGraph.ID, in graph: ObjectGraph, limits: Limits) throws(Diagnostic) {
    guard !SavedModule.isModule(id, in: graph) else {
      let module = try SavedModule(id, in: graph, limits: limits)
      var names = TensorNames()
      for item in module.items { try names.append(item.key, limits: limits) }
      notes = names.unwrap()
      tensors = zip(names.all, module.items).map { ($0, $1.id) }
      return
    }
    let items = graph.items(of: id) ?? []
    try limits.check(entries: items.count / 2)
    var leftOut = LeftOut()
    var names = TensorNames()
    var objects: [ObjectGraph.ID] = []
    for index in stride(from: 0, to: items.count, by: 2) {
      guard let key = graph.text(items[index]) else {
        leftOut.append(graph.kind(of: items[index]))
        continue
      }
      guard Self.mayHoldWeights(items[index + 1], in: graph) else {
        leftOut.append("'\(escaped(utf8: key.prefix(64)))'")
        continue
      }
      try names.append(key, limits: limits)
      objects.append(items[index + 1])
    }
    let changes = names.unwrap()
    tensors = zip(names.all, objects).map { ($0, $1) }
    notes = [leftOut.note].compactMap { $0 } + changes
  }

  /// Returns whether an object is a tensor, or one that could hold tensors in a way of its own.
  private static func mayHoldWeights(_ id: ObjectGraph.ID, in graph: ObjectGraph) -> Bool {
    switch graph[id] {
    case .record(let record): graph.symbol(record.callee) != .namespace
    case .persistent: true
    default: false
    }
  }
}

/// The entries that are no tensors: the first few names, and how many there are.
private struct LeftOut {
  /// The first names.
  private var names: [String] = []
  /// The number of further ones.
  private var more = 0

  /// Adds a name.
  mutating func append(_ name: @autoclosure () -> String) {
    if names.count < 5 { names.append(name()) } else { more += 1 }
  }

  /// What to tell the user, if anything.
  var note: String? {
    guard !names.isEmpty else { return nil }
    let rest = more == 0 ? "" : " and \(more) more"
    return "left out what is no tensor: \(names.joined(separator: ", "))\(rest)"
  }
}
