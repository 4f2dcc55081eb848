import Diagnostics
import SpikeIR

extension ImportBuilder {
  /// What a node gives; `nil` where it is part of the next.
  mutating func value(of index: Int) throws(Diagnostic) -> ValueID? {
    let node = graph.nodes[index]
    if case .input = node.primitive {
      guard sources[index].isEmpty else {
        throw .nirNode(node.name, "is an input that reads another")
      }
      return .input
    }
    if case .threshold(let threshold) = node.primitive {
      return try maximum(node.name, threshold, of: pooled(before: index))
    }
    if let pooled = pooled(before: index) {
      guard case .flatten(let flattening) = node.primitive else { preconditionFailure("no part") }
      return try mean(node.name, flattening, of: pooled)
    }
    let input = try input(of: index)
    switch node.primitive {
    case .input, .threshold: preconditionFailure("done above")
    case .output, .identity: return input
    case .convolution(let convolution): return try convolve(node.name, convolution, input)
    case .linear(let weight, let bias): return try multiply(node.name, weight, bias, input)
    case .scale(let scale): return try self.scale(node.name, scale, input)
    case .neurons(let neurons): return try fire(node.name, neurons, input)
    case .pooling(let pooling):
      guard !isPart(index, pooling, of: input) else {
        parts[index] = Pooled(name: node.name, input: input, pooling: pooling)
        return nil
      }
      return try pool(node.name, pooling, input)
    case .flatten(let flattening):
      let shape = try flattened(node.name, flattening, builder.type(of: input).shape)
      return try builder.reshape(input, shape, from: node.name)
    }
  }

  /// A weight of these numbers, which have its shape before `transform`.
  mutating func weight(
    _ name: String, _ shape: Shape, _ numbers: HDF5Dataset,
    _ transform: ([Float]) -> [Float] = { $0 }
  ) throws(Diagnostic) -> WeightID {
    try takeRoom(name, shape)
    guard let (values, areRounded) = numbers.floats else {
      preconditionFailure("a graph that is read has numbers")
    }
    guard values.allSatisfy(\.isFinite) else { throw .notFinite(name) }
    if areRounded { count(.rounding) }
    return try builder.add(Weight(name, shape, transform(values)))
  }

  /// A bias; `nil` where it is 0 and adds nothing.
  private mutating func bias(
    _ name: String, _ count: Int, _ numbers: HDF5Dataset
  ) throws(Diagnostic) -> WeightID? {
    guard numbers.extents == [count] else {
      throw .error(
        "nir-shape", "'\(escaped(name))' must have the shape [\(count)], not \(numbers.extents)")
    }
    // A sum that starts from -0 may end as -0, and one without a bias starts from +0.
    if let (values, areRounded) = numbers.floats, !areRounded,
      values.allSatisfy({ $0.bitPattern == 0 })
    {
      return nil
    }
    return try weight(name, [count], numbers)
  }

  /// A fully connected layer.
  private mutating func multiply(
    _ name: String, _ weight: HDF5Dataset, _ bias: HDF5Dataset?, _ input: ValueID
  ) throws(Diagnostic) -> ValueID {
    guard weight.extents.count == 2 else {
      throw .nirNode(name, "must have a weight [out, in], not \(weight.extents)")
    }
    let (outputs, inputs) = (weight.extents[0], weight.extents[1])
    let shape = builder.type(of: input).shape
    guard shape == [inputs] else {
      throw .error(
        "nir-shape",
        "'\(escaped(name)).weight' is [out, in] with \(shape.count) in, and has \(weight.extents)")
    }
    let matrix = try self.weight("\(name).weight", [inputs, outputs], weight) {
      transposedBack($0, taps: 1, inputs: inputs, outputs: outputs)
    }
    let bias = try bias.flatMap { (bias) throws(Diagnostic) in
      try self.bias("\(name).bias", outputs, bias)
    }
    return try builder.append(
      .linear(Linear()), [input], weights: [matrix] + (bias.map { [$0] } ?? []), from: [name])
  }

  /// A convolution over one axis or two; over one it is over a second of extent 1, too.
  private mutating func convolve(
    _ name: String, _ convolution: NIRGraph.Convolution, _ input: ValueID
  ) throws(Diagnostic) -> ValueID {
    let (axes, extents) = (convolution.axes, convolution.weight.extents)
    guard extents.count == axes + 2 else {
      throw .nirNode(name, "must have a weight of \(axes + 2) axes, not \(extents)")
    }
    var image = input
    let shape = builder.type(of: input).shape
    if let expected = convolution.input, shape.rank == axes + 1 {
      guard expected == Array(shape.extents.dropFirst()) else {
        throw .shape("the input", [shape[0]] + expected, shape)
      }
    }
    if axes == 1 {
      guard shape.rank == 2 else { throw .nirNode(name, "takes [channels, length], not \(shape)") }
      image = try builder.reshape(input, [shape[0], 1, shape[1]], from: name)
    }
    /// Two extents, the first of them `other` where the convolution has one.
    func pair(_ numbers: [Int], _ other: Int) -> [Int] { axes == 1 ? [other] + numbers : numbers }
    let kernel = Kernel(
      taps: pair(Array(extents[2...]), 1), dilation: pair(convolution.dilation, 1))
    guard let window = kernel.extents else {
      throw .nirNode(
        name, "has the dilation \(convolution.dilation), which makes no kernel of \(extents)")
    }
    if window != kernel.taps { count(.dilation) }
    let (inputs, outputs) = (extents[1], extents[0])
    let weight = try self.weight(
      "\(name).weight", [window[0], window[1], inputs, outputs], convolution.weight
    ) {
      kernel.spread(
        transposedBack(
          $0, taps: kernel.taps[0] * kernel.taps[1], inputs: inputs, outputs: outputs),
        each: inputs * outputs)
    }
    let result = try builder.conv2d(
      image, kernel: weight, bias: try bias("\(name).bias", extents[0], convolution.bias),
      stride: pair(convolution.stride, 1),
      padding: pair(try padding(name, convolution, window.suffix(axes)), 0),
      groups: convolution.groups, from: name)
    guard axes == 1 else { return result }
    let output = builder.type(of: result).shape
    return try builder.reshape(result, [output[0], output[2]], from: name)
  }

  /// The zeros around the input of a convolution whose kernel has the extents `kernel`.
  private func padding(
    _ name: String, _ convolution: NIRGraph.Convolution, _ kernel: ArraySlice<Int>
  ) throws(Diagnostic) -> [Int] {
    switch convolution.padding {
    case .zeros(let padding): return padding
    case .same:
      guard kernel.allSatisfy({ !$0.isMultiple(of: 2) }),
        convolution.stride.allSatisfy({ $0 == 1 })
      else {
        throw .nirNode(
          name,
          "has the padding 'same', which is one of both sides only for odd kernels and stride 1")
      }
      return kernel.map { $0 / 2 }
    }
  }

  /// A factor of each element: one for all, or one a channel.
  private mutating func scale(
    _ name: String, _ scale: HDF5Dataset, _ input: ValueID
  ) throws(Diagnostic) -> ValueID {
    let shape = builder.type(of: input).shape
    if let number = scale.uniformNumber, scale.count == 1 || scale.extents == shape.extents {
      let factor = Float(number)
      guard factor.isFinite else { throw .notFinite("\(name).scale") }
      if Double(factor) != number { count(.rounding) }
      // What is multiplied by 1 is itself: so a graph gives a sum a name.
      return factor == 1
        ? input
        : try builder.append(.scale(Scale(factor: Double(factor))), [input], from: [name])
    }
    guard shape.rank > 0, scale.extents == shape.extents, let (values, areRounded) = scale.floats
    else {
      throw .shape("the factors", scale.extents, shape)
    }
    guard values.allSatisfy(\.isFinite) else { throw .notFinite("\(name).scale") }
    if areRounded { count(.rounding) }
    let size = shape.count / shape[0]
    let factors = stride(from: 0, to: values.count, by: size).map { values[$0] }
    guard values.indices.allSatisfy({ values[$0] == factors[$0 / size] }) else {
      throw .nirNode(name, "scales elements of one channel differently, and here a channel has one")
    }
    let weights = try [
      builder.add(Weight("\(name).scale", [shape[0]], factors)),
      // What is added to -0 is itself; +0 would make -0 another.
      builder.add(Weight("\(name).shift", [shape[0]], [Float](repeating: -0.0, count: shape[0]))),
    ]
    return try builder.append(.affine(Affine()), [input], weights: weights, from: [name])
  }

  /// The shape of a value of `shape` once some of its axes are one.
  func flattened(
    _ name: String, _ flattening: NIRGraph.Flattening, _ shape: Shape
  ) throws(Diagnostic) -> Shape {
    if let extents = flattening.input, extents != shape.extents {
      throw .shape("what is flattened", extents, shape)
    }
    let first = flattening.start < 0 ? flattening.start + shape.rank : flattening.start
    let last = flattening.end < 0 ? flattening.end + shape.rank : flattening.end
    guard shape.extents.indices.contains(first), shape.extents.indices.contains(last),
      first <= last
    else {
      throw .nirNode(
        name,
        "makes one of the axes \(flattening.start) to \(flattening.end), which \(shape) has not")
    }
    let merged = shape.extents[first...last].reduce(1, *)
    return Shape(shape.extents[..<first] + [merged] + shape.extents[(last + 1)...])
  }
}

/// Numbers `[outputs, inputs, taps]` as `[taps, inputs, outputs]`.
private func transposedBack(_ values: [Float], taps: Int, inputs: Int, outputs: Int) -> [Float] {
  var result: [Float] = []
  result.reserveCapacity(values.count)
  for tap in 0..<taps {
    for input in 0..<inputs {
      for output in 0..<outputs { result.append(values[(output * inputs + input) * taps + tap]) }
    }
  }
  return result
}

extension Diagnostic {
  fileprivate static func notFinite(_ name: String) -> Diagnostic {
    .error("not-finite", "the numbers of '\(escaped(name))' must be finite in binary32")
  }
}
