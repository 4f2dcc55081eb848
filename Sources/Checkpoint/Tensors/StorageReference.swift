import Diagnostics

/// What a pickle says of a storage: `('storage', class, key, device, number of elements)`.
struct StorageReference: Sendable {
  /// The type of the elements; `nil` for a storage of bytes, whose views have types.
  let elementType: ElementType?
  /// The name under which its bytes are found.
  let key: [UInt8]
  /// The number of elements.
  let count: Int

  /// Reads the tuple `id`.
  init(
    _ id: ObjectGraph.ID, in graph: ObjectGraph, limits: Limits
  ) throws(Diagnostic) {
    guard case .tuple(let parts) = graph[id], parts.count == 5 || parts.count == 6,
      graph.text(parts[0])?.elementsEqual("storage".utf8) == true
    else { throw .noStorage }
    guard let symbol = graph.symbol(parts[1]), let key = graph.text(parts[2]),
      key.count <= limits.nameBytes, let count = graph.integer(parts[4]), count >= 0
    else { throw .noStorage }
    // The sixth part, of legacy streams, makes it a view of another storage.
    guard parts.count == 5 || parts[5] == ObjectGraph.noneID else { throw .storageView(key) }
    elementType = ElementType(storage: symbol)
    guard elementType != nil || symbol.text == "torch.storage UntypedStorage" else {
      throw .unsupportedType(symbol)
    }
    guard count <= Int.max / 16 else { throw .tooLarge(key, count) }
    self.key = key
    self.count = count
  }

  /// The number of bytes.
  var byteCount: Int { count * (elementType?.size ?? 1) }

  /// Returns whether the tuple `id` is the source text of a module's class.
  static func isModuleSource(_ id: ObjectGraph.ID, in graph: ObjectGraph) -> Bool {
    guard case .tuple(let parts) = graph[id], let tag = parts.first else { return false }
    return graph.text(tag)?.elementsEqual("module".utf8) == true
  }

  /// Checks that two references to one storage say the same of it.
  func checkSame(as other: StorageReference) throws(Diagnostic) {
    guard elementType == other.elementType, count == other.count else { throw .differ(key) }
  }
}

extension Diagnostic {
  fileprivate static var noStorage: Diagnostic {
    .error(
      "storage-reference",
      "a storage must be given as ('storage', class, key, device, number of elements)")
  }

  fileprivate static func storageView(_ key: [UInt8]) -> Diagnostic {
    .error(
      "storage-view", "the storage '\(escaped(utf8: key))' must not be a view of another",
      notes: ["load and save the checkpoint in a newer PyTorch"])
  }

  fileprivate static func unsupportedType(_ symbol: Symbol) -> Diagnostic {
    .error("element-type", "a storage of class \(symbol.dotted) is not supported")
  }

  fileprivate static func tooLarge(_ key: [UInt8], _ count: Int) -> Diagnostic {
    .error("storage-size", "the storage '\(escaped(utf8: key))' cannot have \(count) elements")
  }

  fileprivate static func differ(_ key: [UInt8]) -> Diagnostic {
    .error(
      "storage-reference",
      "all uses of the storage '\(escaped(utf8: key))' must agree on its type and size")
  }
}
