import COnnxProto
import Testing

/// A model of ONNX as its bytes say, read back through protobuf-c.
struct DecodedModel {
  /// An operator.
  struct Node {
    let name: String
    let op: String
    let inputs: [String]
    let outputs: [String]
    /// Integers, alone or in lists, by the attributes' names.
    let attributes: [String: [Int]]
  }

  /// A constant.
  struct Initializer {
    let name: String
    let extents: [Int]
    /// The elements; `nil` for integers.
    let floats: [Float]?
    /// The elements; `nil` for binary32 numbers.
    let integers: [Int]?
  }

  let version: Int
  let operators: [String: Int]
  let producer: [String]
  let documentation: String
  let metadata: [[String]]
  let graphName: String
  let nodes: [Node]
  let initializers: [Initializer]
  /// Names and extents.
  let inputs: [(name: String, extents: [Int])]
  let outputs: [(name: String, extents: [Int])]
  let values: [(name: String, extents: [Int])]

  /// Decodes a file.
  init(_ bytes: [UInt8]) throws {
    let message = try #require(onnx__model_proto__unpack(nil, bytes.count, bytes))
    defer { onnx__model_proto__free_unpacked(message, nil) }
    let model = message.pointee
    let graph = model.graph.pointee
    version = Int(model.ir_version)
    operators = Dictionary(
      uniqueKeysWithValues: list(model.opset_import, model.n_opset_import).map {
        (text($0.domain), Int($0.version))
      })
    producer = [text(model.producer_name), text(model.producer_version)]
    documentation = text(model.doc_string)
    metadata = list(model.metadata_props, model.n_metadata_props).map {
      [text($0.key), text($0.value)]
    }
    graphName = text(graph.name)
    nodes = list(graph.node, graph.n_node).map(Node.init)
    initializers = list(graph.initializer, graph.n_initializer).map(Initializer.init)
    inputs = list(graph.input, graph.n_input).map(value)
    outputs = list(graph.output, graph.n_output).map(value)
    values = list(graph.value_info, graph.n_value_info).map(value)
  }

  /// The operators in order, without the first and the last, which only change shapes.
  var operatorsBetween: [String] { nodes.dropFirst().dropLast().map(\.op) }

  /// The first node of an operator.
  func node(_ op: String) throws -> Node { try #require(nodes.first { $0.op == op }) }

  /// The constant of a name.
  func initializer(_ name: String) throws -> Initializer {
    try #require(initializers.first { $0.name == name })
  }
}

extension DecodedModel.Node {
  fileprivate init(_ message: Onnx__NodeProto) {
    name = text(message.name)
    op = text(message.op_type)
    inputs = (0..<message.n_input).map { text(message.input[$0]) }
    outputs = (0..<message.n_output).map { text(message.output[$0]) }
    attributes = Dictionary(
      uniqueKeysWithValues: list(message.attribute, message.n_attribute).map { attribute in
        let isOne = attribute.type == ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT
        let many = (0..<attribute.n_ints).map { Int(attribute.ints[$0]) }
        return (text(attribute.name), isOne ? [Int(attribute.i)] : many)
      })
  }
}

extension DecodedModel.Initializer {
  fileprivate init(_ message: Onnx__TensorProto) {
    name = text(message.name)
    extents = (0..<message.n_dims).map { Int(message.dims[$0]) }
    let bytes = UnsafeRawBufferPointer(start: message.raw_data.data, count: message.raw_data.len)
    if message.data_type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT {
      floats = stride(from: 0, to: bytes.count, by: 4).map {
        Float(
          bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self))
        )
      }
      integers = nil
    } else {
      floats = nil
      integers = stride(from: 0, to: bytes.count, by: 8).map {
        Int(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Int64.self)))
      }
    }
  }
}

/// The messages of a repeated field.
private func list<Message>(
  _ first: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int
) -> [Message] {
  (0..<count).compactMap { first?[$0]?.pointee }
}

/// The text of a field.
private func text(_ data: ProtobufCBinaryData) -> String {
  String(decoding: UnsafeBufferPointer(start: data.data, count: data.len), as: UTF8.self)
}

/// A value's name and extents.
private func value(_ message: Onnx__ValueInfoProto) -> (name: String, extents: [Int]) {
  let shape = message.type.pointee.tensor_type.pointee.shape.pointee
  return (text(message.name), list(shape.dim, shape.n_dim).map { Int($0.dim_value) })
}
