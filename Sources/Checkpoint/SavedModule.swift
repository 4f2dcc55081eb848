import Diagnostics

/// A network that was saved whole: by `torch.save(model)`, or as a TorchScript program.
///
/// Its classes are names that nobody looks up, and its code is not read. What `state_dict()` would
/// give is read off the attributes: of a PyTorch module `_parameters`, `_buffers` and `_modules`
/// (`torch/nn/modules/module.py`), of a TorchScript object all that are tensors or objects.
struct SavedModule {
  /// The tensors' paths and objects, in the order of `state_dict()`.
  private(set) var items: [(key: [UInt8], id: ObjectGraph.ID)] = []

  /// A module to be visited: its path with a dot behind each part, and its depth.
  private struct Visit {
    let prefix: [UInt8]
    let id: ObjectGraph.ID
    let depth: Int
  }

  /// What one module holds.
  private struct Parts {
    var tensors: [(name: [UInt8], id: ObjectGraph.ID)] = []
    var children: [(name: [UInt8], id: ObjectGraph.ID)] = []
  }

  /// Returns whether the object `id` is a module.
  static func isModule(_ id: ObjectGraph.ID, in graph: ObjectGraph) -> Bool {
    guard let attributes = attributes(of: id, in: graph) else { return false }
    return isScript(id, in: graph) || graph.value(of: "_parameters", in: attributes) != nil
  }

  /// Returns what kind of module the object `id` is, for the user.
  static func kind(of id: ObjectGraph.ID, in graph: ObjectGraph) -> String {
    isScript(id, in: graph) ? "TorchScript program" : "module saved whole"
  }

  /// Reads the module that the object `id` is.
  ///
  /// A module may be registered in several places, and then has several names there, as in
  /// PyTorch; so neither depth nor number are bounded by the file's size, but by `limits`.
  init(_ id: ObjectGraph.ID, in graph: ObjectGraph, limits: Limits) throws(Diagnostic) {
    var visits = [Visit(prefix: [], id: id, depth: 0)]
    var count = 0
    while let visit = visits.popLast() {
      count += 1
      guard visit.depth <= limits.moduleDepth else { throw .tooDeep(limits) }
      guard count <= limits.tensors else { throw .tooMany("modules", limits.tensors) }
      let parts = try Self.parts(of: visit.id, in: graph)
      items += parts.tensors.map { (visit.prefix + $0.name, $0.id) }
      guard items.count <= limits.tensors else { throw .tooMany("tensors", limits.tensors) }
      // The last one pushed is visited first.
      for child in parts.children.reversed() {
        let prefix = visit.prefix + child.name + ".".utf8
        guard prefix.count <= limits.nameBytes else { throw .tooDeep(limits) }
        visits.append(Visit(prefix: prefix, id: child.id, depth: visit.depth + 1))
      }
    }
  }

  /// Returns the dictionary of an object's attributes.
  private static func attributes(
    of id: ObjectGraph.ID, in graph: ObjectGraph
  ) -> ObjectGraph.ID? {
    guard case .record(let record) = graph[id] else { return nil }
    // An object with slots has a pair of dictionaries.
    let state = graph.elements(of: record.state)?.first ?? record.state
    return graph.items(of: state) == nil ? nil : state
  }

  /// Returns whether an object is of a class that TorchScript has made.
  private static func isScript(_ id: ObjectGraph.ID, in graph: ObjectGraph) -> Bool {
    guard case .record(let record) = graph[id] else { return false }
    return graph.symbol(record.callee)?.text.hasPrefix("__torch__") ?? false
  }

  /// Returns what the module `id` holds.
  private static func parts(
    of id: ObjectGraph.ID, in graph: ObjectGraph
  ) throws(Diagnostic) -> Parts {
    guard let attributes = attributes(of: id, in: graph) else { return Parts() }
    guard !isScript(id, in: graph) else {
      let all = try entries(attributes, in: graph)
      return Parts(
        tensors: all.filter { TensorReader.isTensor($0.id, in: graph) },
        children: all.filter { isModule($0.id, in: graph) })
    }
    try graph.checkKeys(of: attributes)
    let set = graph.value(of: "_non_persistent_buffers_set", in: attributes)
    let passing = try names(in: set, graph)
    let buffers = try entries(graph.value(of: "_buffers", in: attributes), in: graph)
    return Parts(
      tensors: try entries(graph.value(of: "_parameters", in: attributes), in: graph)
        + buffers.filter { !passing.contains($0.name) },
      children: try entries(graph.value(of: "_modules", in: attributes), in: graph))
  }

  /// Returns the named entries of a dictionary that are not None.
  private static func entries(
    _ id: ObjectGraph.ID?, in graph: ObjectGraph
  ) throws(Diagnostic) -> [(name: [UInt8], id: ObjectGraph.ID)] {
    guard let id, let items = graph.items(of: id) else { return [] }
    try graph.checkKeys(of: id)
    return stride(from: 0, to: items.count, by: 2).compactMap { index in
      guard let name = graph.text(items[index]), items[index + 1] != ObjectGraph.noneID else {
        return nil
      }
      return (name, items[index + 1])
    }
  }

  /// Returns the texts in a set.
  private static func names(
    in id: ObjectGraph.ID?, _ graph: ObjectGraph
  ) throws(Diagnostic) -> Set<[UInt8]> {
    guard let id else { return [] }
    switch graph[id] {
    case .set(let elements): return Set(elements.compactMap { graph.text($0) })
    // Protocol 2 has no opcode for a set: it calls `set` with a list.
    case .record(let record):
      let list = graph.elements(of: record.arguments)?.first
      return Set((list.flatMap { graph.elements(of: $0) } ?? []).compactMap { graph.text($0) })
    default: throw .noNames(graph.kind(of: id))
    }
  }
}

extension Diagnostic {
  fileprivate static func tooDeep(_ limits: Limits) -> Diagnostic {
    .error(
      "checkpoint-limit",
      "modules nest at most \(limits.moduleDepth) deep under names of \(limits.nameBytes) bytes, "
        + "and these nest deeper",
      notes: ["a module that holds itself has no state dict"])
  }

  fileprivate static func noNames(_ kind: String) -> Diagnostic {
    .error("pickle-type", "a module's '_non_persistent_buffers_set' is a set, and not \(kind)")
  }

  fileprivate static func tooMany(_ what: String, _ limit: Int) -> Diagnostic {
    .error(
      "checkpoint-limit",
      "a module saved whole has at most \(limit) \(what), and this one has more")
  }
}
