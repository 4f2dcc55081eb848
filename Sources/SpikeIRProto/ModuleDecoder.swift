import CSpikeProto
import Cprotobufc
import Diagnostics
import Files
import Protobuf
import SpikeIR

/// Makes a module of the protobuf message and the weights of a mapped file, and trusts neither.
struct ModuleDecoder {
  /// The file, which the weights keep mapped.
  private let file: MappedFile

  /// Where the weights start.
  private let start: Int

  /// How many bytes of the weights, with their padding, have been taken.
  private var taken = 0

  /// The checksums of the weights that have been taken.
  private(set) var checksums: [UInt64] = []

  /// Creates a decoder of `file`, whose weights start at byte `start`.
  init(_ file: MappedFile, weightsAt start: Int) {
    self.file = file
    self.start = start
  }

  /// Decodes the message in the `bytes` of the file.
  ///
  /// - Throws: `message-limit`, `bad-message`, what is wrong with a field, or the rule of the
  ///   module that is broken.
  mutating func decode(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) -> Module {
    let arena = Arena(budget: BinaryLimits.decoded)
    defer { withExtendedLifetime(arena) {} }
    var allocator = unsafe ProtobufCAllocator(
      alloc: { data, count in
        guard let data = unsafe data else { return nil }
        return unsafe Unmanaged<Arena>.fromOpaque(data).takeUnretainedValue().allocate(count)
      },
      free: { _, _ in }, allocator_data: Unmanaged.passUnretained(arena).toOpaque())
    let first = unsafe bytes.bindMemory(to: UInt8.self).baseAddress
    guard let message = unsafe snn__module__unpack(&allocator, bytes.count, first) else {
      throw arena.isExhausted ? .decodedLimit : .badMessage
    }
    guard let descriptor = unsafe message.pointee.base.descriptor,
      unsafe WireTypes.fit(bytes, descriptor)
    else { throw .badMessage }
    return try unsafe module(message.pointee)
  }

  /// Builds the module of a message.
  private mutating func module(_ message: Snn__Module) throws(Diagnostic) -> Module {
    guard let input = unsafe message.input else { throw .missingField("the input's type") }
    var builder = try unsafe ModuleBuilder(
      name: text(message.name), timeSteps: Int(message.time_steps), input: type(input.pointee))
    try unsafe metadata(message, into: &builder)
    let weights = try unsafe list(message.weights, message.n_weights) {
      (message) throws(Diagnostic) in try unsafe weight(message)
    }
    for weight in weights { _ = try builder.add(weight) }
    guard start + taken == file.count else { throw .wrongLength(start + taken, file.count) }
    _ = try unsafe list(message.nodes, message.n_nodes) { (message) throws(Diagnostic) in
      try unsafe append(message, to: &builder)
    }
    return try unsafe builder.finish(output: ValueID(Int(message.output)))
  }

  /// Reads the metadata, whose keys must differ.
  private func metadata(
    _ message: Snn__Module, into builder: inout ModuleBuilder
  ) throws(Diagnostic) {
    guard unsafe message.n_metadata <= BinaryLimits.metadata else {
      throw unsafe .metadataLimit(message.n_metadata)
    }
    var keys: Set<String> = []
    _ = try unsafe list(message.metadata, message.n_metadata) { (entry) throws(Diagnostic) in
      let key = try unsafe text(entry.key)
      guard keys.insert(key).inserted else { throw .duplicateMetadata(key) }
      builder.setMetadata(key, try unsafe text(entry.value))
    }
  }

  /// Appends a node and checks its type.
  private func append(
    _ message: Snn__Node, to builder: inout ModuleBuilder
  ) throws(Diagnostic) {
    let origins = try unsafe array(message.origins, message.n_origins).map {
      (origin) throws(Diagnostic) in try unsafe text(origin)
    }
    let attributes = try unsafe list(message.attributes, message.n_attributes) {
      (message) throws(Diagnostic) in try unsafe attribute(message)
    }
    let operands = unsafe array(message.operands, message.n_operands).map { ValueID(Int($0)) }
    let weights = unsafe array(message.weights, message.n_weights).map { WeightID(Int($0)) }
    guard let recorded = unsafe message.type else { throw .missingField("a node's type") }
    let result = try builder.append(
      try unsafe Op(mnemonic: text(message.op), attributes: attributes), operands,
      weights: weights, from: origins)
    do throws(Diagnostic) {
      try unsafe builder.check(type(recorded.pointee), of: result)
    } catch {
      throw error.at(.node(result.description, origins: origins))
    }
  }

  /// Reads an attribute.
  private func attribute(_ message: Snn__Attribute) throws(Diagnostic) -> Attribute {
    let name = try unsafe text(message.name)
    switch unsafe message.value_case {
    case SNN__ATTRIBUTE__VALUE_INTEGER:
      return unsafe Attribute(name, .integer(Int(message.integer)))
    case SNN__ATTRIBUTE__VALUE_INTEGERS:
      guard let values = unsafe message.integers?.pointee else { break }
      return unsafe Attribute(
        name, .integers(array(values.values, values.n_values).map { Int($0) }))
    case SNN__ATTRIBUTE__VALUE_REAL:
      return unsafe Attribute(name, .real(message.real))
    case SNN__ATTRIBUTE__VALUE_BOOLEAN:
      return unsafe Attribute(name, .boolean(message.boolean != 0))
    default: break
    }
    throw .missingField("the value of the attribute '\(escaped(name))'")
  }
}

// MARK: - Types and weights

extension ModuleDecoder {
  /// Reads a type, whose domain must be written in the one way that there is.
  private func type(_ message: Snn__Type) throws(Diagnostic) -> ValueType {
    let shape = try unsafe shape(message.extents, message.n_extents)
    let isTimed = unsafe message.timed != 0
    guard let written = unsafe message.exact?.pointee else {
      return ValueType(.real, shape, timed: isTimed)
    }
    let exact = unsafe Domain.Exact(
      low: Int(written.low), high: Int(written.high), scale: Int(written.scale))
    let domain = Domain(exact)
    guard domain.exact == exact, domain.isValid else { throw .invalidDomain(exact) }
    return ValueType(domain, shape, timed: isTimed)
  }

  /// Reads extents.
  private func shape(
    _ extents: UnsafeMutablePointer<UInt64>?, _ rank: Int
  ) throws(Diagnostic) -> Shape {
    var shape: [Int] = []
    for extent in unsafe array(extents, rank) { shape.append(Int(clamping: extent)) }
    return Shape(shape)
  }

  /// Takes the next weight of the file without copying its numbers.
  private mutating func weight(_ message: Snn__Weight) throws(Diagnostic) -> Weight {
    let name = try unsafe text(message.name)
    let shape = try unsafe shape(message.extents, message.n_extents)
    guard shape.isValid else { throw .invalidShape(shape).at(.tensor(name)) }
    let length = shape.count * MemoryLayout<Float>.stride
    guard unsafe message.length == UInt64(length) else {
      throw unsafe .weightLength(name, message.length, expected: length)
    }
    guard unsafe message.offset == UInt64(taken) else {
      throw unsafe .weightPlace(name, message.offset, expected: taken)
    }
    let first = start + taken
    let end = first + FileHeader.aligned(length)
    guard end <= file.count else { throw .wrongLength(end, file.count) }
    try file.requireZeros((first + length)..<end)
    taken += FileHeader.aligned(length)
    unsafe checksums.append(message.checksum)
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: file.bytes[first..<(first + length)])
    guard let base = unsafe bytes.bindMemory(to: Float.self).baseAddress else {
      throw .wrongLength(end, file.count)
    }
    return unsafe Weight(
      name, shape, WeightData(borrowing: base, count: shape.count, owner: file))
  }
}

// MARK: - The structs' pointers

extension ModuleDecoder {
  /// What `read` makes of each element of a repeated field of messages.
  private func list<Message, Element>(
    _ base: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int,
    _ read: (Message) throws(Diagnostic) -> Element
  ) throws(Diagnostic) -> [Element] {
    try unsafe UnsafeBufferPointer(start: base, count: count).map { (message) throws(Diagnostic) in
      guard let message = unsafe message else { throw .missingField("an element") }
      return try unsafe read(message.pointee)
    }
  }

  /// The elements of a repeated field of numbers or bytes.
  private func array<Element>(
    _ base: UnsafeMutablePointer<Element>?, _ count: Int
  ) -> [Element] {
    unsafe Array(UnsafeBufferPointer(start: base, count: count))
  }

  /// Reads UTF-8.
  private func text(_ data: ProtobufCBinaryData) throws(Diagnostic) -> String {
    let bytes = unsafe UnsafeBufferPointer(start: data.data, count: data.len)
    guard let text = unsafe validText(bytes) else { throw unsafe .invalidUTF8(bytes) }
    return text
  }
}

extension MappedFile {
  /// Checks that the bytes of `range`, which lies in the file, are padding.
  ///
  /// - Throws: `nonzero-padding`.
  func requireZeros(_ range: Range<Int>) throws(Diagnostic) {
    try withSpan { (span) throws(Diagnostic) in
      for offset in range where span[offset] != 0 { throw .nonzeroPadding(offset) }
    }
  }
}

extension Diagnostic {
  fileprivate static var badMessage: Diagnostic {
    .error("bad-message", "the message is not in the protobuf encoding of its schema")
  }

  fileprivate static var decodedLimit: Diagnostic {
    .error("message-limit", "a message may take at most \(BinaryLimits.decoded) bytes of memory")
  }

  fileprivate static func metadataLimit(_ count: Int) -> Diagnostic {
    .error(
      "message-limit",
      "a module has at most \(BinaryLimits.metadata) metadata entries, not \(count)")
  }

  fileprivate static func missingField(_ field: String) -> Diagnostic {
    .error("missing-field", "the message lacks \(field)")
  }

  fileprivate static func invalidUTF8(_ bytes: some Sequence<UInt8>) -> Diagnostic {
    .error("invalid-utf8", "a name must be UTF-8: '\(escaped(utf8: bytes))'")
  }

  fileprivate static func invalidDomain(_ exact: Domain.Exact) -> Diagnostic {
    .error(
      "invalid-domain",
      "no domain is written as \(exact.low) to \(exact.high) times 2^-\(exact.scale)")
  }

  fileprivate static func weightLength(
    _ name: String, _ length: UInt64, expected: Int
  ) -> Diagnostic {
    .error(
      "weight-length", "the extents take \(expected) bytes, and the weight has \(length)",
      at: Location(place: .tensor(name)))
  }

  fileprivate static func weightPlace(
    _ name: String, _ offset: UInt64, expected: Int
  ) -> Diagnostic {
    .error(
      "weight-place", "the weight must start at byte \(expected) of the weights, not \(offset)",
      at: Location(place: .tensor(name)))
  }

  fileprivate static func wrongLength(_ expected: Int, _ count: Int) -> Diagnostic {
    .error(
      "wrong-length", "the weights end at byte \(expected), the file at \(count)",
      at: Location(place: .offset(min(expected, count))))
  }

  fileprivate static func nonzeroPadding(_ offset: Int) -> Diagnostic {
    .error("nonzero-padding", "padding must be 0", at: Location(place: .offset(offset)))
  }
}
