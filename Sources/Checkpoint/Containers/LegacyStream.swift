import Diagnostics
import Files

/// The streams that PyTorch wrote before 1.6, and still writes on demand.
///
///     pickles: the magic number, 1001, a description of the machine, the object, the storages' keys
///     then for each key, in the order of that list: its number of elements (8 bytes), its elements
///
/// The sizes in bytes follow from the types in the object's pickle: there is no index.
extension Container {
  /// Takes apart the stream that `file` is.
  static func legacyStream(_ file: MappedFile, limits: Limits) throws(Diagnostic) -> Container {
    try file.withSpan { (span) throws(Diagnostic) in
      var position = 0
      let magic = try next(in: span, &position, limits)
      guard case .longInteger(magicNumber) = magic.graph[magic.root] else { throw .noMagic }
      let version = try next(in: span, &position, limits)
      let number = version.graph.integer(version.root)
      guard number == 1001 else { throw .otherVersion(number) }
      let system = try next(in: span, &position, limits)
      let object = try next(in: span, &position, limits)
      let keys = try next(in: span, &position, limits)
      return try Container(
        format: "legacy stream, pickle protocol \(object.version)", graph: object.graph,
        root: object.root,
        storages: storages(of: object.graph, keys, in: span, at: position, file, limits),
        isBigEndian: false,
        warnings: isMarkedBigEndian(system) ? [.ignoredByteOrder.inFile(file.path)] : [])
    }
  }

  /// 0x1950A86A20F9469CFC6C, the least significant byte first.
  private static let magicNumber: [UInt8] = [
    0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]

  /// Reads the pickle at `position`, and moves on to its end.
  private static func next(
    in span: Span<UInt8>, _ position: inout Int, _ limits: Limits
  ) throws(Diagnostic) -> Pickle {
    let end = min(span.count, position + limits.pickleBytes)
    let pickle = try PickleMachine.read(span.extracting(0..<end), at: position, limits: limits)
    position = pickle.end
    return pickle
  }

  /// Returns whether the description of the machine says that it is big-endian.
  private static func isMarkedBigEndian(_ system: Pickle) -> Bool {
    guard let value = system.graph.value(of: "little_endian", in: system.root),
      case .boolean(false) = system.graph[value]
    else { return false }
    return true
  }

  /// Returns where each storage's elements are, once they are found to fill the file.
  private static func storages(
    of graph: ObjectGraph, _ keys: Pickle, in span: Span<UInt8>, at start: Int,
    _ file: MappedFile, _ limits: Limits
  ) throws(Diagnostic) -> [[UInt8]: StorageBytes] {
    let references = try references(in: graph, limits)
    guard let list = keys.graph.elements(of: keys.root) else { throw .noKeys(keys) }
    var storages: [[UInt8]: StorageBytes] = [:]
    var position = start
    for id in list {
      guard let key = keys.graph.text(id), let reference = references[key] else {
        throw .unknownKey(keys.graph.text(id) ?? [])
      }
      guard let count = span.littleEndian(UInt64.self, at: position) else {
        throw .streamEnds(key)
      }
      guard count == UInt64(reference.count) else { throw .otherCount(key, count, reference) }
      position += 8
      guard reference.byteCount <= span.count - position else { throw .streamEnds(key) }
      let range = position..<position + reference.byteCount
      guard storages.updateValue(.range(range, file), forKey: key) == nil else {
        throw .keyTwice(key)
      }
      position = range.upperBound
    }
    guard position == span.count else { throw .streamGoesOn(span.count - position) }
    return storages
  }

  /// Returns the references to storages, by key.
  private static func references(
    in graph: ObjectGraph, _ limits: Limits
  ) throws(Diagnostic) -> [[UInt8]: StorageReference] {
    var references: [[UInt8]: StorageReference] = [:]
    for case .persistent(let id) in graph.all {
      // A module saved whole refers to its source text in this way, too; nobody asks for it.
      guard !StorageReference.isModuleSource(id, in: graph) else { continue }
      let reference = try StorageReference(id, in: graph, limits: limits)
      if let other = references.updateValue(reference, forKey: reference.key) {
        try other.checkSame(as: reference)
      }
    }
    return references
  }
}

extension Diagnostic {
  fileprivate static var noMagic: Diagnostic {
    .error(
      "not-a-checkpoint", "a checkpoint of PyTorch is needed, and this is a pickle of another kind",
      notes: ["save the model's state_dict() with torch.save"])
  }

  fileprivate static func otherVersion(_ version: Int?) -> Diagnostic {
    let found = version.map { "\($0)" } ?? "none"
    return .error(
      "checkpoint-version", "a legacy stream must have version 1001, and this one has \(found)")
  }

  fileprivate static func noKeys(_ keys: Pickle) -> Diagnostic {
    .error(
      "legacy-keys",
      "the keys of a legacy stream must be a list, and these are \(keys.graph.kind(of: keys.root))")
  }

  fileprivate static func unknownKey(_ key: [UInt8]) -> Diagnostic {
    .error("legacy-keys", "no tensor refers to the storage '\(escaped(utf8: key))'")
  }

  fileprivate static func keyTwice(_ key: [UInt8]) -> Diagnostic {
    .error("legacy-keys", "the storage '\(escaped(utf8: key))' must be listed once")
  }

  fileprivate static func streamEnds(_ key: [UInt8]) -> Diagnostic {
    .error(
      "legacy-truncated", "the stream ends before the storage '\(escaped(utf8: key))' does",
      notes: ["the file is incomplete: download or copy it again"])
  }

  fileprivate static func streamGoesOn(_ count: Int) -> Diagnostic {
    .error(
      "legacy-trailing-bytes", "a stream must end with its last storage, and \(count) bytes follow")
  }

  fileprivate static func otherCount(
    _ key: [UInt8], _ count: UInt64, _ reference: StorageReference
  ) -> Diagnostic {
    .error(
      "storage-size",
      "the storage '\(escaped(utf8: key))' has \(count) elements where its tensors need \(reference.count)"
    )
  }

  fileprivate static var ignoredByteOrder: Diagnostic {
    .warning(
      "byte-order", "the stream says big-endian, which PyTorch ignores: read as little-endian")
  }
}
