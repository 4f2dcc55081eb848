import Diagnostics

/// The entries of a state dict: which objects are tensors, and under which names.
struct StateDictEntries {
  /// The tensors' objects with their names, in the order of the file.
  private(set) var tensors: [(name: TensorName, id: ObjectGraph.ID)] = []
  /// What was left out or changed.
  private(set) var notes: [String] = []

  /// Reads the entries of the dictionary `id`.
  ///
  /// Plain values are no tensors and are left out. An object of an unknown class is an error: it
  /// may hold a weight, and a model without it would be another one.
  init(of id: ObjectGraph.ID, in graph: ObjectGraph, limits: Limits) throws(Diagnostic) {
    let items = graph.items(of: id) ?? []
    guard items.count / 2 <= limits.tensors else { throw .tooMany(items.count / 2, limits) }
    var leftOut = LeftOut()
    for index in stride(from: 0, to: items.count, by: 2) {
      guard let key = graph.text(items[index]) else {
        leftOut.append(graph.kind(of: items[index]))
        continue
      }
      guard Self.mayHoldWeights(items[index + 1], in: graph) else {
        leftOut.append("'\(escaped(utf8: key.prefix(64)))'")
        continue
      }
      tensors.append((try Self.name(key, limits: limits), items[index + 1]))
    }
    if let note = leftOut.note { notes.append(note) }
    strip("module.", by: "DistributedDataParallel")
    strip("_orig_mod.", by: "torch.compile")
    strip("module.", by: "DistributedDataParallel")
  }

  /// Returns whether an object is a tensor, or one that could hold tensors in a way of its own.
  private static func mayHoldWeights(_ id: ObjectGraph.ID, in graph: ObjectGraph) -> Bool {
    switch graph[id] {
    case .record(let record): graph.symbol(record.callee) != .namespace
    case .persistent: true
    default: false
    }
  }

  /// Returns the name that `bytes` spell.
  private static func name(_ bytes: [UInt8], limits: Limits) throws(Diagnostic) -> TensorName {
    guard bytes.count <= limits.nameBytes else {
      throw .badName(Array(bytes.prefix(64)), "at most \(limits.nameBytes) bytes long")
    }
    guard !bytes.isEmpty, !bytes.contains(0), validText(bytes) != nil else {
      throw .badName(bytes, "UTF-8, and neither empty nor with a NUL")
    }
    return TensorName(checked: bytes)
  }

  /// Takes `prefix` off the names if all start with it, and more than it.
  private mutating func strip(_ prefix: String, by origin: String) {
    let bytes = Array(prefix.utf8)
    guard !tensors.isEmpty,
      tensors.allSatisfy({ $0.name.bytes.starts(with: bytes) && $0.name.bytes != bytes })
    else { return }
    for index in tensors.indices {
      let rest = tensors[index].name.bytes.dropFirst(bytes.count)
      tensors[index].name = TensorName(checked: Array(rest))
    }
    notes.append("took the leading '\(prefix)' of \(origin) off every name")
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

extension Diagnostic {
  fileprivate static func tooMany(_ count: Int, _ limits: Limits) -> Diagnostic {
    .error(
      "checkpoint-limit",
      "a state dict has at most \(limits.tensors) entries, and this one has \(count)")
  }

  fileprivate static func badName(_ bytes: [UInt8], _ rule: String) -> Diagnostic {
    .error("tensor-name", "a tensor's name must be \(rule): '\(escaped(utf8: bytes))'")
  }
}
