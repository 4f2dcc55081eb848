import Diagnostics

/// Reads tensors off an object graph: their types, views and storages, but none of their elements.
struct TensorReader {
  /// The checkpoint's parts.
  private let container: Container
  /// The checkpoint's file, for messages.
  private let file: String
  /// What the checkpoint may ask for.
  private let limits: Limits
  /// The storages met so far: all uses must say the same of one.
  private var known: [[UInt8]: StorageReference] = [:]
  /// The bytes that all tensors may take as `Float`.
  private let most: Int
  /// The bytes that further ones may take.
  private var allowance: Int

  /// Prepares to read tensors of `container`.
  init(_ container: Container, file: String, limits: Limits) {
    self.container = container
    self.file = file
    self.limits = limits
    let bytes = container.storages.values.reduce(0) { $0 + $1.count }
    most = bytes * limits.expansionFactor + limits.expansionAllowance
    allowance = most
  }

  /// Returns whether the object is made by a function that makes tensors.
  static func isTensor(_ id: ObjectGraph.ID, in graph: ObjectGraph) -> Bool {
    guard case .record(let record) = graph[id] else { return false }
    return graph.symbol(record.callee).flatMap { Rebuild(rawValue: $0.text) } != nil
  }

  /// Reads the tensor that the object `id` is.
  mutating func read(
    _ id: ObjectGraph.ID, named name: TensorName
  ) throws(Diagnostic) -> Tensor {
    do throws(Diagnostic) {
      let call = try unwrap(id)
      return try read(call.rebuild, call.arguments, name)
    } catch {
      throw error.at(.tensor(name.text))
    }
  }

  /// Follows the calls that are wrapped around a tensor to the one that makes it.
  private func unwrap(
    _ id: ObjectGraph.ID
  ) throws(Diagnostic) -> (rebuild: Rebuild, arguments: [ObjectGraph.ID]) {
    let graph = container.graph
    var (callee, argumentsID, isChanged) = try callParts(id)
    for _ in 0..<limits.wrappers {
      guard let rebuild = graph.symbol(callee).flatMap({ Rebuild(rawValue: $0.text) }) else {
        throw .unknownFunction(graph.kind(of: callee))
      }
      guard !isChanged else { throw .stateful }
      if let objection = rebuild.objection { throw .unsupported(objection) }
      guard case .tuple(let arguments) = graph[argumentsID] else { throw .badArguments(rebuild) }
      switch rebuild {
      case .parameter, .parameterWithState:
        guard let data = arguments.first else { throw .badArguments(rebuild) }
        if rebuild == .parameterWithState, arguments.count > 3 { try checkState(arguments[3]) }
        (callee, argumentsID, isChanged) = try callParts(data)
      case .fromType:
        guard arguments.count == 4 else { throw .badArguments(rebuild) }
        try checkState(arguments[3])
        (callee, argumentsID) = (arguments[0], arguments[2])
      default: return (rebuild, arguments)
      }
    }
    throw .tooManyWrappers(limits.wrappers)
  }

  /// Checks that the attributes that a tensor is given change none of its elements: plain values
  /// under any name but `data`.
  private func checkState(_ id: ObjectGraph.ID) throws(Diagnostic) {
    guard id != ObjectGraph.noneID else { return }
    guard let items = container.graph.items(of: id) else { throw .stateful }
    for index in stride(from: 0, to: items.count, by: 2) {
      guard let name = container.graph.text(items[index]), name != Array("data".utf8) else {
        throw .stateful
      }
      switch container.graph[items[index + 1]] {
      case .record, .persistent, .symbol: throw .stateful
      default: continue
      }
    }
  }

  /// Returns what an object was made by and from, and whether it was given more afterwards.
  private func callParts(
    _ id: ObjectGraph.ID
  ) throws(Diagnostic) -> (
    callee: ObjectGraph.ID, arguments: ObjectGraph.ID, isChanged: Bool
  ) {
    guard case .record(let record) = container.graph[id] else {
      throw .noTensor(container.graph.kind(of: id))
    }
    let isChanged = record.state != ObjectGraph.noneID || !record.items.isEmpty
    return (record.callee, record.arguments, isChanged)
  }

  /// Reads the tensor that `rebuild` would make of `arguments`:
  /// storage, offset, size, stride [, requires_grad, hooks [, dtype] [, metadata]].
  private mutating func read(
    _ rebuild: Rebuild, _ arguments: [ObjectGraph.ID], _ name: TensorName
  ) throws(Diagnostic) -> Tensor {
    let graph = container.graph
    let typeIndex = rebuild == .tensor3 ? 6 : nil
    let metadataIndex = rebuild == .tensor3 ? 7 : 6
    guard arguments.count >= (rebuild == .tensor ? 4 : typeIndex.map { $0 + 1 } ?? 6),
      arguments.count <= metadataIndex + 1,
      case .persistent(let storageID) = graph[arguments[0]],
      let offset = graph.integer(arguments[1]), let shape = try sizes(arguments[2]),
      let strides = try sizes(arguments[3])
    else { throw .badArguments(rebuild) }
    if arguments.count > metadataIndex { try checkMetadata(arguments[metadataIndex]) }
    let reference = try storage(storageID)
    let type = try elementType(of: reference, given: typeIndex.map { arguments[$0] })
    guard let bytes = container.storages[reference.key] else { throw .noStorage(reference.key) }
    guard bytes.count == reference.byteCount else {
      throw .otherSize(reference.key, bytes.count, reference.byteCount)
    }
    let view = View(offset: offset, shape: shape, strides: strides)
    let count = try view.check(elements: bytes.count / type.size)
    guard count <= allowance / MemoryLayout<Float>.size else { throw .expandsTooFar(view, most) }
    allowance -= count * MemoryLayout<Float>.size
    return Tensor(
      name: name, elementType: type, shape: shape, strides: strides, offset: offset,
      storage: bytes, isBigEndian: container.isBigEndian, file: file)
  }

  /// Returns the integers of a tuple or a list, one for each dimension.
  private func sizes(_ id: ObjectGraph.ID) throws(Diagnostic) -> [Int]? {
    // Before the integers are copied: many tensors may share one long tuple.
    try limits.check(rank: container.graph.elements(of: id)?.count ?? 0)
    return container.graph.integers(id)
  }

  /// Reads a reference to a storage, which must agree with earlier ones.
  private mutating func storage(
    _ id: ObjectGraph.ID
  ) throws(Diagnostic) -> StorageReference {
    let reference = try StorageReference(id, in: container.graph, limits: limits)
    try known[reference.key]?.checkSame(as: reference)
    known[reference.key] = reference
    return reference
  }

  /// Returns the type of a tensor's elements: its storage's, or one that is given apart.
  private func elementType(
    of reference: StorageReference, given: ObjectGraph.ID?
  ) throws(Diagnostic) -> ElementType {
    guard let given else {
      guard let type = reference.elementType else { throw .untyped }
      return type
    }
    guard let symbol = container.graph.symbol(given), let type = ElementType(type: symbol),
      reference.elementType == nil || reference.elementType == type
    else { throw .unsupportedType(container.graph.kind(of: given)) }
    return type
  }

  /// Checks that a tensor is no lazily conjugated or negated view of its storage.
  private func checkMetadata(_ id: ObjectGraph.ID) throws(Diagnostic) {
    guard let items = container.graph.items(of: id), items.count <= 16 else {
      throw .unsupported("its metadata is no short dictionary")
    }
    for value in stride(from: 1, to: items.count, by: 2) {
      guard case .boolean(false) = container.graph[items[value]] else {
        throw .unsupported("it is a conjugated or negated view")
      }
    }
  }
}

extension Diagnostic {
  fileprivate static func unknownFunction(_ kind: String) -> Diagnostic {
    .error("unknown-rebuild", "a tensor must be made by a known function, and this is \(kind)")
  }

  fileprivate static func noTensor(_ kind: String) -> Diagnostic {
    .error("unknown-rebuild", "a tensor is needed, and this is \(kind)")
  }

  fileprivate static var stateful: Diagnostic {
    .unsupported("it is changed after it was made, or given attributes that may change it")
  }

  fileprivate static func unsupported(_ objection: String) -> Diagnostic {
    .error("unsupported-tensor", "the tensor cannot be read: \(objection)")
  }

  fileprivate static func badArguments(_ rebuild: Rebuild) -> Diagnostic {
    .error("rebuild-arguments", "'\(rebuild.rawValue)' has arguments of other number or kind")
  }

  fileprivate static func tooManyWrappers(_ limit: Int) -> Diagnostic {
    .error(
      "checkpoint-limit", "a tensor is wrapped at most \(limit) times, and this one is more often")
  }

  fileprivate static var untyped: Diagnostic {
    .error("element-type", "a tensor over a storage of bytes must state its own type")
  }

  fileprivate static func unsupportedType(_ kind: String) -> Diagnostic {
    .error("element-type", "the type of the elements is not supported: \(kind)")
  }

  fileprivate static func noStorage(_ key: [UInt8]) -> Diagnostic {
    .error("storage-missing", "the file has no storage '\(escaped(utf8: key))'")
  }

  fileprivate static func otherSize(_ key: [UInt8], _ found: Int, _ stated: Int) -> Diagnostic {
    .error(
      "storage-size",
      "the storage '\(escaped(utf8: key))' has \(found) bytes where its tensors need \(stated)")
  }

  fileprivate static func expandsTooFar(_ view: View, _ most: Int) -> Diagnostic {
    .error(
      "checkpoint-limit",
      "the tensors of a file of this size may take \(most) bytes in single precision, and with this "
        + "one, \(view.shape), they take more")
  }
}
