import CSpikeProto
import Cprotobufc
import Diagnostics
import Protobuf
import SpikeIR

/// Makes the protobuf message of a module.
struct ModuleEncoder {
  /// Where the structs of the message live.
  private let arena = Arena()

  /// The message of `module`, whose weights have `checksums`.
  static func encode(_ module: Module, checksums: [UInt64]) -> [UInt8] {
    let encoder = ModuleEncoder()
    // The message points into the arena.
    defer { withExtendedLifetime(encoder.arena) {} }
    var message = unsafe encoder.message(module, checksums)
    var bytes = [UInt8](repeating: 0, count: unsafe snn__module__get_packed_size(&message))
    _ = unsafe snn__module__pack(&message, &bytes)
    return bytes
  }

  /// The struct of a module.
  private func message(_ module: Module, _ checksums: [UInt64]) -> Snn__Module {
    var message = unsafe Snn__Module()
    unsafe snn__module__init(&message)
    unsafe message.name = arena.data(module.name)
    unsafe message.time_steps = UInt32(module.timeSteps)
    unsafe message.input = arena.copy(type(module.input))
    unsafe message.output = UInt32(module.output.index)
    let metadata = unsafe module.metadata.map { unsafe arena.copy(entry($0.key, $0.value)) }
    unsafe message.metadata = arena.list(metadata)
    unsafe message.n_metadata = metadata.count
    var offset = 0
    let weights = unsafe zip(module.weights, checksums).map { weight, checksum in
      defer { offset += FileHeader.aligned(weight.byteCount) }
      return unsafe arena.copy(self.weight(weight, offset, checksum))
    }
    unsafe message.weights = arena.list(weights)
    unsafe message.n_weights = weights.count
    let nodes = unsafe module.nodes.map { unsafe arena.copy(node($0)) }
    unsafe message.nodes = arena.list(nodes)
    unsafe message.n_nodes = nodes.count
    return unsafe message
  }

  /// The struct of an entry of the metadata.
  private func entry(_ key: String, _ value: String) -> Snn__Entry {
    var message = unsafe Snn__Entry()
    unsafe snn__entry__init(&message)
    unsafe message.key = arena.data(key)
    unsafe message.value = arena.data(value)
    return unsafe message
  }

  /// The struct of a type.
  private func type(_ type: ValueType) -> Snn__Type {
    var message = unsafe Snn__Type()
    unsafe snn__type__init(&message)
    if let exact = type.domain.exact { unsafe message.exact = arena.copy(self.exact(exact)) }
    unsafe message.timed = type.isTimed ? 1 : 0
    unsafe message.extents = extents(type.shape)
    unsafe message.n_extents = type.shape.rank
    return unsafe message
  }

  /// The struct of an exact domain.
  private func exact(_ exact: Domain.Exact) -> Snn__Exact {
    var message = unsafe Snn__Exact()
    unsafe snn__exact__init(&message)
    unsafe message.low = Int64(exact.low)
    unsafe message.high = Int64(exact.high)
    unsafe message.scale = UInt32(exact.scale)
    return unsafe message
  }

  /// The struct of a weight at an offset.
  private func weight(_ weight: Weight, _ offset: Int, _ checksum: UInt64) -> Snn__Weight {
    var message = unsafe Snn__Weight()
    unsafe snn__weight__init(&message)
    unsafe message.name = arena.data(weight.name)
    unsafe message.extents = extents(weight.shape)
    unsafe message.n_extents = weight.shape.rank
    unsafe message.offset = UInt64(offset)
    unsafe message.length = UInt64(weight.byteCount)
    unsafe message.checksum = checksum
    return unsafe message
  }

  /// The struct of a node.
  private func node(_ node: Node) -> Snn__Node {
    var message = unsafe Snn__Node()
    unsafe snn__node__init(&message)
    unsafe message.op = arena.data(node.op.definition.mnemonic)
    unsafe message.operands = arena.list(node.operands.map { UInt32($0.index) })
    unsafe message.n_operands = node.operands.count
    unsafe message.weights = arena.list(node.weights.map { UInt32($0.index) })
    unsafe message.n_weights = node.weights.count
    let attributes = unsafe node.op.writtenAttributes.map {
      unsafe arena.copy(attribute($0))
    }
    unsafe message.attributes = arena.list(attributes)
    unsafe message.n_attributes = attributes.count
    unsafe message.type = arena.copy(type(node.type))
    unsafe message.origins = arena.list(node.origins.map { unsafe arena.data($0) })
    unsafe message.n_origins = node.origins.count
    return unsafe message
  }

  /// The struct of an attribute.
  private func attribute(_ attribute: Attribute) -> Snn__Attribute {
    var message = unsafe Snn__Attribute()
    unsafe snn__attribute__init(&message)
    unsafe message.name = arena.data(attribute.name)
    switch attribute.value {
    case .integer(let value):
      unsafe message.value_case = SNN__ATTRIBUTE__VALUE_INTEGER
      unsafe message.integer = Int64(value)
    case .integers(let values):
      unsafe message.value_case = SNN__ATTRIBUTE__VALUE_INTEGERS
      unsafe message.integers = arena.copy(integers(values))
    case .real(let value):
      unsafe message.value_case = SNN__ATTRIBUTE__VALUE_REAL
      unsafe message.real = value
    case .boolean(let value):
      unsafe message.value_case = SNN__ATTRIBUTE__VALUE_BOOLEAN
      unsafe message.boolean = value ? 1 : 0
    }
    return unsafe message
  }

  /// The struct of a list of integers.
  private func integers(_ values: [Int]) -> Snn__Integers {
    var message = unsafe Snn__Integers()
    unsafe snn__integers__init(&message)
    unsafe message.values = arena.list(values.map { Int64($0) })
    unsafe message.n_values = values.count
    return unsafe message
  }

  /// The extents of a shape.
  private func extents(_ shape: Shape) -> UnsafeMutablePointer<UInt64>? {
    unsafe arena.list(shape.extents.map { UInt64($0) })
  }
}

extension Weight {
  /// The number of bytes of the numbers, without padding.
  var byteCount: Int { shape.count * MemoryLayout<Float>.stride }
}
