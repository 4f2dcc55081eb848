import COnnxProto
// Both of protoc-c's modules declare protobuf-c's types, and one of them counts as their home.
import CSpikeProto
import ONNX
import SpikeIR
import Testing

/// What a module is in ONNX.
enum ONNXOperators {
  /// The operators that only bring the input and output of a module into the form that others take.
  private static let frame: Set<String> = ["Split", "Unsqueeze", "Concat", "Squeeze"]

  /// The operators of a module in order, as the file that is written of it says.
  static func of(_ module: Module) throws -> [String] {
    let bytes = try ONNXModel(module).bytes(producer: "test")
    let message = try #require(onnx__model_proto__unpack(nil, bytes.count, bytes))
    defer { onnx__model_proto__free_unpacked(message, nil) }
    let graph = message.pointee.graph.pointee
    return (0..<graph.n_node).compactMap { graph.node[$0]?.pointee.op_type }
      .map { String(decoding: UnsafeBufferPointer(start: $0.data, count: $0.len), as: UTF8.self) }
      .filter { !frame.contains($0) }
  }
}
