import COnnxProto
import Cprotobufc
import Diagnostics
import Protobuf
import SpikeIR

/// Makes the protobuf message of a model.
struct ModelEncoder {
  /// Where the structs of the message live.
  private let arena = Arena()

  /// The bytes of `model`.
  ///
  /// - Throws: `onnx-too-large`.
  static func encode(_ model: ONNXModel, producer: String) throws(Diagnostic) -> [UInt8] {
    let encoder = ModelEncoder()
    // The message points into the arena.
    defer { withExtendedLifetime(encoder.arena) {} }
    var message = unsafe encoder.message(model, producer)
    let count = unsafe onnx__model_proto__get_packed_size(&message)
    guard count <= ONNXModel.maximumByteCount else { throw .tooLarge(count) }
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = unsafe onnx__model_proto__pack(&message, buffer.baseAddress)
    }
  }

  /// The struct of a model.
  private func message(_ model: ONNXModel, _ producer: String) -> Onnx__ModelProto {
    var message = unsafe Onnx__ModelProto()
    unsafe onnx__model_proto__init(&message)
    unsafe message.ir_version = Int64(ONNXModel.version)
    unsafe message.producer_name = arena.data("snnc")
    unsafe message.producer_version = arena.data(producer)
    unsafe message.doc_string = arena.data(model.documentation)
    unsafe message.graph = arena.copy(graph(model.graph))
    unsafe message.opset_import = arena.list([arena.copy(operators())])
    unsafe message.n_opset_import = 1
    let metadata = unsafe model.module.metadata.map { unsafe arena.copy(entry($0.key, $0.value)) }
    unsafe message.metadata_props = arena.list(metadata)
    unsafe message.n_metadata_props = metadata.count
    return unsafe message
  }

  /// The struct of the version of ONNX's own operators.
  private func operators() -> Onnx__OperatorSetIdProto {
    var message = unsafe Onnx__OperatorSetIdProto()
    unsafe onnx__operator_set_id_proto__init(&message)
    unsafe message.domain = arena.data("")
    unsafe message.version = Int64(ONNXModel.operators)
    return unsafe message
  }

  /// The struct of an entry of the metadata.
  private func entry(_ key: String, _ value: String) -> Onnx__StringStringEntryProto {
    var message = unsafe Onnx__StringStringEntryProto()
    unsafe onnx__string_string_entry_proto__init(&message)
    unsafe message.key = arena.data(key)
    unsafe message.value = arena.data(value)
    return unsafe message
  }

  /// The struct of a graph.
  private func graph(_ graph: Graph) -> Onnx__GraphProto {
    var message = unsafe Onnx__GraphProto()
    unsafe onnx__graph_proto__init(&message)
    unsafe message.name = arena.data(graph.name)
    let nodes = unsafe graph.nodes.map { unsafe arena.copy(node($0)) }
    unsafe message.node = arena.list(nodes)
    unsafe message.n_node = nodes.count
    let initializers = unsafe graph.initializers.map { unsafe arena.copy(tensor($0)) }
    unsafe message.initializer = arena.list(initializers)
    unsafe message.n_initializer = initializers.count
    unsafe message.input = values(graph.inputs)
    unsafe message.n_input = graph.inputs.count
    unsafe message.output = values(graph.outputs)
    unsafe message.n_output = graph.outputs.count
    unsafe message.value_info = values(graph.values)
    unsafe message.n_value_info = graph.values.count
    return unsafe message
  }

  /// The struct of a node.
  private func node(_ node: Graph.Node) -> Onnx__NodeProto {
    var message = unsafe Onnx__NodeProto()
    unsafe onnx__node_proto__init(&message)
    unsafe message.name = arena.data(node.name)
    unsafe message.op_type = arena.data(node.op)
    unsafe message.input = arena.list(node.inputs.map { unsafe arena.data($0) })
    unsafe message.n_input = node.inputs.count
    unsafe message.output = arena.list(node.outputs.map { unsafe arena.data($0) })
    unsafe message.n_output = node.outputs.count
    let attributes = unsafe node.attributes.map { unsafe arena.copy(attribute($0)) }
    unsafe message.attribute = arena.list(attributes)
    unsafe message.n_attribute = attributes.count
    return unsafe message
  }

  /// The struct of an attribute.
  private func attribute(_ attribute: Graph.Attribute) -> Onnx__AttributeProto {
    var message = unsafe Onnx__AttributeProto()
    unsafe onnx__attribute_proto__init(&message)
    unsafe message.name = arena.data(attribute.name)
    switch attribute.value {
    case .integer(let value):
      unsafe message.type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT
      unsafe message.i = Int64(value)
      unsafe message.has_i = 1
    case .integers(let values):
      unsafe message.type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS
      unsafe message.ints = integers(values)
      unsafe message.n_ints = values.count
    }
    return unsafe message
  }
}

// MARK: - Tensors and types

extension ModelEncoder {
  /// The struct of a constant.
  private func tensor(_ initializer: Initializer) -> Onnx__TensorProto {
    var message = unsafe Onnx__TensorProto()
    unsafe onnx__tensor_proto__init(&message)
    unsafe message.name = arena.data(initializer.name)
    unsafe message.dims = integers(initializer.extents)
    unsafe message.n_dims = initializer.extents.count
    if case .integers = initializer.content {
      unsafe message.data_type = ONNX__TENSOR_PROTO__DATA_TYPE__INT64
    } else {
      unsafe message.data_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT
    }
    let count = initializer.byteCount
    if let memory = unsafe arena.allocate(count) {
      unsafe initializer.copy(to: memory)
      unsafe message.raw_data = ProtobufCBinaryData(
        len: count, data: memory.bindMemory(to: UInt8.self, capacity: count))
    }
    return unsafe message
  }

  /// The structs of values' types.
  private func values(
    _ values: [Graph.Value]
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<Onnx__ValueInfoProto>?>? {
    unsafe arena.list(values.map { unsafe arena.copy(value($0)) })
  }

  /// The struct of a value's type.
  private func value(_ value: Graph.Value) -> Onnx__ValueInfoProto {
    var message = unsafe Onnx__ValueInfoProto()
    unsafe onnx__value_info_proto__init(&message)
    unsafe message.name = arena.data(value.name)
    unsafe message.type = arena.copy(type(value.extents))
    return unsafe message
  }

  /// The struct of the type of a tensor of binary32 numbers.
  private func type(_ extents: [Int]) -> Onnx__TypeProto {
    var tensor = unsafe Onnx__TypeProto__Tensor()
    unsafe onnx__type_proto__tensor__init(&tensor)
    unsafe tensor.elem_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT
    unsafe tensor.shape = arena.copy(shape(extents))
    var message = unsafe Onnx__TypeProto()
    unsafe onnx__type_proto__init(&message)
    unsafe message.tensor_type = arena.copy(tensor)
    return unsafe message
  }

  /// The struct of a shape.
  private func shape(_ extents: [Int]) -> Onnx__TensorShapeProto {
    var message = unsafe Onnx__TensorShapeProto()
    unsafe onnx__tensor_shape_proto__init(&message)
    unsafe message.dim = arena.list(extents.map { unsafe arena.copy(dimension($0)) })
    unsafe message.n_dim = extents.count
    return unsafe message
  }

  /// The struct of an extent.
  private func dimension(_ extent: Int) -> Onnx__TensorShapeProto__Dimension {
    var message = unsafe Onnx__TensorShapeProto__Dimension()
    unsafe onnx__tensor_shape_proto__dimension__init(&message)
    unsafe message.dim_value = Int64(extent)
    return unsafe message
  }

  /// A list of integers.
  private func integers(_ values: [Int]) -> UnsafeMutablePointer<Int64>? {
    unsafe arena.list(values.map { Int64($0) })
  }
}
