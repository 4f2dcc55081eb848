import Diagnostics
import SpikeIR

extension ImportBuilder {
  /// What is pooled for the node behind it, of which that is a part.
  struct Pooled {
    let name: String
    let input: ValueID
    let pooling: NIRGraph.Pooling
  }

  /// Whether a pooling of `input` is a part of the nodes that read it, since one op does both: counts
  /// of spikes for thresholds, and means over whole channels that are flattened.
  func isPart(_ index: Int, _ pooling: NIRGraph.Pooling, of input: ValueID) -> Bool {
    guard !targets[index].isEmpty, !pooling.isMean || isMeanOfChannels(pooling, input) else {
      return false
    }
    return targets[index].allSatisfy { target in
      guard sources[target] == [index] else { return false }
      return switch graph.nodes[target].primitive {
      case .threshold: !pooling.isMean
      case .flatten: pooling.isMean
      default: false
      }
    }
  }

  /// What is pooled before a node and is a part of it; `nil` where nothing is.
  func pooled(before index: Int) -> Pooled? {
    sources[index].first.flatMap { parts[$0] }
  }

  /// Whether the means of `input` are one of each channel.
  private func isMeanOfChannels(_ pooling: NIRGraph.Pooling, _ input: ValueID) -> Bool {
    let shape = builder.type(of: input).shape
    return pooling.isMean && pooling.padding == [0, 0] && shape.rank == 3
      && pooling.kernel == [shape[1], shape[2]]
  }

  /// The maximum of spikes, which is whether there are any: a threshold of their count.
  mutating func maximum(
    _ name: String, _ threshold: HDF5Dataset, of pooled: Pooled?
  ) throws(Diagnostic) -> ValueID {
    guard let pooled, builder.type(of: pooled.input).domain == .spike,
      let number = threshold.uniformNumber,
      settings.firing == .above ? (0..<1).contains(number) : number > 0 && number <= 1
    else { throw .threshold(name) }
    let pooling = pooled.pooling
    let result = try builder.append(
      .maxPool2d(
        MaxPool2D(kernel: pooling.kernel, stride: pooling.stride, padding: pooling.padding)),
      [pooled.input], from: [name])
    guard threshold.count > 1 else { return result }
    try check(threshold.extents, result, "the threshold")
    return result
  }

  /// The mean of each channel, flattened.
  mutating func mean(
    _ name: String, _ flattening: NIRGraph.Flattening, of pooled: Pooled
  ) throws(Diagnostic) -> ValueID {
    let channels = builder.type(of: pooled.input).shape[0]
    let shape = try flattened(name, flattening, [channels, 1, 1])
    // A mean that is all of both nodes has the latter's name, as it has in a graph of a module.
    let mean = try builder.append(
      .mean(Mean()), [pooled.input], from: [shape.rank == 1 ? name : pooled.name])
    return try builder.reshape(mean, shape, from: name)
  }

  /// Sums or means of a moving window: a depthwise convolution by ones.
  mutating func pool(
    _ name: String, _ pooling: NIRGraph.Pooling, _ input: ValueID
  ) throws(Diagnostic) -> ValueID {
    let shape = builder.type(of: input).shape
    guard shape.rank == 3 else {
      throw .nirNode(name, "takes [channels, height, width], not \(shape)")
    }
    let kernel = pooling.kernel
    guard kernel.allSatisfy({ (1...1 << 16).contains($0) }) else {
      throw .nirNode(name, "must have a window of 1 to 65536 rows and columns, not \(kernel)")
    }
    guard !pooling.isMean || pooling.padding == [0, 0] else {
      throw .nirNode(name, "takes means with padding, of which NIR does not say whether it counts")
    }
    if isMeanOfChannels(pooling, input) {
      let mean = try builder.append(.mean(Mean()), [input], from: [name])
      return try builder.reshape(mean, [shape[0], 1, 1], from: name)
    }
    let ones: Shape = [kernel[0], kernel[1], 1, shape[0]]
    try takeRoom("\(name).ones", ones)
    let weight = try builder.add(
      Weight("\(name).ones", ones, [Float](repeating: 1, count: ones.count)))
    let sum = try builder.conv2d(
      input, kernel: weight, stride: pooling.stride, padding: pooling.padding, groups: shape[0],
      from: name)
    guard pooling.isMean else { return sum }
    let count = kernel[0] * kernel[1]
    // Of a power of two, quotient and product are the same.
    if count.nonzeroBitCount > 1 { self.count(.quotient) }
    return try builder.append(
      .scale(Scale(factor: Double(1 / Float(count)))), [sum], from: [name])
  }
}

extension Diagnostic {
  fileprivate static func threshold(_ name: String) -> Diagnostic {
    .nirNode(
      name, "is a Threshold, and SpikeIR's neurons have a membrane",
      notes: ["one of 0 to 1 behind a SumPool2d of spikes is their maximum, and the only one read"])
  }
}
