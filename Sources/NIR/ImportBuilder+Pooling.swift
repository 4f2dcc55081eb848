import Diagnostics
import SpikeIR

extension ImportBuilder {
  /// Whether a pooling only counts spikes for thresholds behind it: with one it is a maximum.
  func isMaximum(_ index: Int, _ pooling: NIRGraph.Pooling) -> Bool {
    guard !pooling.isMean, !targets[index].isEmpty else { return false }
    return targets[index].allSatisfy { target in
      guard case .threshold = graph.nodes[target].primitive else { return false }
      return sources[target] == [index]
    }
  }

  /// The maximum of spikes, which is whether there are any: a threshold of their count.
  mutating func maximum(
    _ index: Int, _ threshold: HDF5Dataset
  ) throws(Diagnostic) -> ValueID {
    let name = graph.nodes[index].name
    let source = sources[index].first
    guard let source, case .pooling(let pooling) = graph.nodes[source].primitive,
      isMaximum(source, pooling)
    else { throw .threshold(name) }
    let input = try self.input(of: source)
    guard builder.type(of: input).domain == .spike, let number = threshold.uniformNumber,
      settings.firing == .above ? (0..<1).contains(number) : number > 0 && number <= 1
    else { throw .threshold(name) }
    let result = try builder.append(
      .maxPool2d(
        MaxPool2D(kernel: pooling.kernel, stride: pooling.stride, padding: pooling.padding)),
      [input], from: [name])
    guard threshold.count > 1 else { return result }
    try check(threshold.extents, result, "the threshold")
    return result
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
    if pooling.isMean, kernel == [shape[1], shape[2]] {
      let mean = try builder.append(.mean(Mean()), [input], from: [name])
      return try builder.reshape(mean, [shape[0], 1, 1], from: name)
    }
    let ones: Shape = [kernel[0], kernel[1], 1, shape[0]]
    guard ones.isValid, ones.count <= 1 << 26 else {
      throw .nirNode(
        name, "has a window of \(kernel) over \(shape[0]) channels, which is too large")
    }
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
