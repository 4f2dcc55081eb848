public import Diagnostics
public import SpikeIR

/// A module as a model of ONNX, to be run by other engines.
///
/// It takes and gives what the module does, with the time steps in front where a value is timed:
/// `input`, `output` and, where it was asked for, `spikes/PATH` for each layer of neurons. The ops
/// are ONNX's plain operators, unrolled over the time steps. An engine adds in an order of its own,
/// so its numbers are close to the specification's and not the same bits.
public struct ONNXModel {
  /// The version of ONNX's file format.
  static let version = 8

  /// The version of ONNX's operators.
  static let operators = 17

  /// The most bytes of a file: protobuf's limit, 2^31 - 1.
  static let maximumByteCount = Int(Int32.max)

  /// The module.
  let module: Module

  /// What it is in ONNX.
  let graph: Graph

  /// The number of operators.
  public var nodeCount: Int { graph.nodes.count }

  /// Makes the model of `module`.
  ///
  /// - Parameters:
  ///   - module: The module.
  ///   - withSpikes: Whether the spikes of each layer of neurons are an output.
  /// - Throws: `onnx-too-large`, or `batch_norm-c4` and `batch_norm-c5` where a batch norm's numbers
  ///   make no scale and shift.
  public init(_ module: Module, withSpikes: Bool = false) throws(Diagnostic) {
    self.module = module
    graph = try Unroller.graph(of: module, withSpikes: withSpikes)
    let count = graph.initializers.reduce(0) { $0 + $1.byteCount }
    guard count <= ONNXModel.maximumByteCount else { throw .tooLarge(count) }
  }

  /// The bytes of the file; the same module gives the same bytes.
  ///
  /// - Parameter producer: the version of snnc, which the file names.
  /// - Throws: `onnx-too-large`.
  public func bytes(producer: String) throws(Diagnostic) -> [UInt8] {
    try ModelEncoder.encode(self, producer: producer)
  }

  /// What the model says of itself.
  var documentation: String {
    """
    Made by snnc of the module "\(escaped(module.name))": one sample, \(module.timeSteps) time steps. The \
    module's own arithmetic is fixed to the bit; an engine that adds in another order gives close \
    numbers, and where a membrane comes to lie on the other side of its threshold, another spike.
    """
  }
}

extension Diagnostic {
  /// The error of a model that protobuf cannot hold.
  static func tooLarge(_ count: Int) -> Diagnostic {
    .error(
      "onnx-too-large",
      "an ONNX file has at most \(ONNXModel.maximumByteCount) bytes, and this one has \(count)",
      notes: ["the limit is protobuf's"])
  }
}
