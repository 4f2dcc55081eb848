import Diagnostics
import Glibc
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

  /// The channels of a value.
  func channels(_ value: ValueID) -> Int { builder.type(of: value).shape[0] }

  /// The value at every step: as it is, or repeated where it is static.
  mutating func timed(_ input: ValueID, _ path: String) throws(Diagnostic) -> ValueID {
    builder.type(of: input).isTimed ? input : try builder.repeat(input, from: path)
  }

  /// `nn.Conv2d(channels, outputs, kernel, stride, padding, groups)`; with one dimension
  /// `nn.Conv1d` of kernel 1 over tokens, with none `nn.Linear` over tokens: both are convolutions
  /// of 1 x 1 here.
  ///
  /// - Parameter padding: half the kernel, if it is not given.
  mutating func conv(
    _ input: ValueID, _ path: String, outputs: Int, kernel: Int = 1, stride: Int = 1,
    padding: Int? = nil, groups: Int = 1, bias: Bool = false, dimensions: Int = 2
  ) throws(Diagnostic) -> ValueID {
    let inputs = channels(input) / groups
    let taps = [Int](repeating: kernel, count: dimensions)
    let weight = try weight(
      "\(path).weight", [outputs, inputs] + taps, as: [kernel, kernel, inputs, outputs])
    let padding = padding ?? kernel / 2
    return try builder.conv2d(
      input, kernel: weight, bias: bias ? try vector("\(path).bias", outputs) : nil,
      stride: [stride, stride], padding: [padding, padding], groups: groups, from: path)
  }

  /// `nn.Linear(channels, outputs)`.
  mutating func linear(
    _ input: ValueID, _ path: String, outputs: Int
  ) throws(Diagnostic) -> ValueID {
    let inputs = channels(input)
    let weight = try weight("\(path).weight", [outputs, inputs], as: [inputs, outputs])
    return try builder.linear(
      input, weight: weight, bias: try vector("\(path).bias", outputs), from: path)
  }

  /// `nn.BatchNorm2d(channels)` or `nn.BatchNorm1d(channels)`, evaluated.
  mutating func batchNorm(_ input: ValueID, _ path: String) throws(Diagnostic) -> ValueID {
    let channels = channels(input)
    var weights: [WeightID] = []
    for name in ["weight", "bias", "running_mean", "running_var"] {
      weights.append(try vector("\(path).\(name)", channels))
    }
    return try builder.batchNorm(input, weights, from: path)
  }

  /// `nn.MaxPool2d(3, stride, padding=1)`: it halves height and width, or with a stride of 1 keeps
  /// them.
  mutating func maxPool(
    _ input: ValueID, _ path: String, stride: Int = 2
  ) throws(Diagnostic) -> ValueID {
    try builder.maxPool2d(
      input, kernel: [3, 3], stride: [stride, stride], padding: [1, 1], from: path)
  }

  /// `MultiStepParametricLIFNode`, whose inverse time constant is the sigmoid of its tensor `w`.
  mutating func parametricNeurons(
    _ input: ValueID, _ path: String, threshold: Double = 1
  ) throws(Diagnostic) -> ValueID {
    let w = Double(try source.scalar("\(path).w"))
    return try builder.plif(
      input, inverseTau: Double(Float(1 / (1 + exp(-w)))), threshold: threshold, from: path)
  }

  /// The head of most families: the mean over space and time, and a linear layer.
  mutating func headOfMeans(
    _ input: ValueID, _ path: String, classes: Int
  ) throws(Diagnostic) -> ValueID {
    var x = try builder.mean(input, from: path)
    x = try builder.meanSteps(x, from: path)
    return try linear(x, path, outputs: classes)
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
