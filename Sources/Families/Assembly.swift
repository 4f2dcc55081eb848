import Diagnostics
import SpikeIR

/// A module in the making, with the layers that the authors' code is written in.
///
/// Each takes the module path of its tensors, which becomes the origin of its nodes.
struct Assembly {
  /// The module in the making.
  var builder: ModuleBuilder

  private let source: any TensorSource

  /// Starts a module.
  init(
    named name: String, timeSteps: Int, input: ValueType, from source: any TensorSource
  ) throws(Diagnostic) {
    builder = try ModuleBuilder(name: name, timeSteps: timeSteps, input: input)
    self.source = source
  }

  /// `nn.Conv2d(channels, outputs, kernel, padding=kernel // 2)`, or `nn.Conv1d` of kernel 1.
  mutating func conv(
    _ input: ValueID, _ path: String, outputs: Int, kernel: Int = 1, bias: Bool = false,
    dimensions: Int = 2
  ) throws(Diagnostic) -> ValueID {
    let inputs = builder.type(of: input).shape[0]
    let taps = [Int](repeating: kernel, count: dimensions)
    let weight = try weight(
      "\(path).weight", [outputs, inputs] + taps, as: [kernel, kernel, inputs, outputs])
    return try builder.conv2d(
      input, kernel: weight, bias: bias ? try vector("\(path).bias", outputs) : nil,
      padding: [kernel / 2, kernel / 2], from: path)
  }

  /// `nn.Linear(channels, outputs)`.
  mutating func linear(
    _ input: ValueID, _ path: String, outputs: Int
  ) throws(Diagnostic) -> ValueID {
    let inputs = builder.type(of: input).shape[0]
    let weight = try weight("\(path).weight", [outputs, inputs], as: [inputs, outputs])
    return try builder.linear(
      input, weight: weight, bias: try vector("\(path).bias", outputs), from: path)
  }

  /// `nn.BatchNorm2d(channels)` or `nn.BatchNorm1d(channels)`, evaluated.
  mutating func batchNorm(_ input: ValueID, _ path: String) throws(Diagnostic) -> ValueID {
    let channels = builder.type(of: input).shape[0]
    var weights: [WeightID] = []
    for name in ["weight", "bias", "running_mean", "running_var"] {
      weights.append(try vector("\(path).\(name)", channels))
    }
    return try builder.batchNorm(input, weights, from: path)
  }

  /// Adds the vector `name` as a weight.
  private mutating func vector(_ name: String, _ count: Int) throws(Diagnostic) -> WeightID {
    try weight(name, [count], as: [count])
  }

  /// Adds the tensor `name`, of `shape` in the checkpoint, as a weight of `extents`.
  private mutating func weight(
    _ name: String, _ shape: [Int], as extents: Shape
  ) throws(Diagnostic) -> WeightID {
    try builder.add(Weight(name, extents, try source.data(name, shape)))
  }
}
