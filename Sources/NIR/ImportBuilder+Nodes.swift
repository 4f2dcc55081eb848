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
    if case .pooling(let pooling) = node.primitive, isMaximum(index, pooling) { return nil }
    if case .threshold(let threshold) = node.primitive {
      return try maximum(index, threshold)
    }
    let input = try input(of: index)
    switch node.primitive {
    case .input, .threshold: preconditionFailure("done above")
    case .output, .identity: return input
    case .convolution(let convolution): return try convolve(node.name, convolution, input)
    case .linear(let weight, let bias): return try multiply(node.name, weight, bias, input)
    case .scale(let scale): return try self.scale(node.name, scale, input)
    case .neurons(let neurons): return try fire(node.name, neurons, input)
    case .pooling(let pooling): return try pool(node.name, pooling, input)
    case .flatten(let start, let end, let extents):
      return try flatten(node.name, start, end, extents, input)
    }
  }

  /// A weight of these numbers.
  mutating func weight(
    _ name: String, _ shape: Shape, _ numbers: HDF5Dataset,
    _ transform: ([Float]) -> [Float] = { $0 }
  ) throws(Diagnostic) -> WeightID {
    guard let (values, areRounded) = numbers.floats, values.count == shape.count else {
      throw .error(
        "nir-shape",
        "'\(escaped(name))' must be numbers of the shape \(shape), not \(numbers.extents)")
    }
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
    if let (values, _) = numbers.floats, values.allSatisfy({ $0.bitPattern == 0 }) { return nil }
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
    guard convolution.dilation.allSatisfy({ $0 == 1 }) else {
      throw .nirNode(name, "has the dilation \(convolution.dilation), and kernels here have none")
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
    let kernel = pair(Array(extents[2...]), 1)
    let weight = try self.weight(
      "\(name).weight", [kernel[0], kernel[1], extents[1], extents[0]], convolution.weight
    ) {
      transposedBack($0, taps: kernel[0] * kernel[1], inputs: extents[1], outputs: extents[0])
    }
    let result = try builder.conv2d(
      image, kernel: weight, bias: try bias("\(name).bias", extents[0], convolution.bias),
      stride: pair(convolution.stride, 1), padding: pair(try padding(name, convolution), 0),
      groups: convolution.groups, from: name)
    guard axes == 1 else { return result }
    let output = builder.type(of: result).shape
    return try builder.reshape(result, [output[0], output[2]], from: name)
  }

  /// The zeros around the input of a convolution.
  private func padding(
    _ name: String, _ convolution: NIRGraph.Convolution
  ) throws(Diagnostic) -> [Int] {
    switch convolution.padding {
    case .zeros(let padding): return padding
    case .same:
      let kernel = convolution.weight.extents[2...]
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
      if Double(factor) != number { count(.rounding) }
      // What is multiplied by 1 is itself: so a graph gives a sum a name.
      return factor == 1
        ? input
        : try builder.append(.scale(Scale(factor: Double(factor))), [input], from: [name])
    }
    guard scale.extents == shape.extents, let (values, areRounded) = scale.floats else {
      throw .shape("the factors", scale.extents, shape)
    }
    if areRounded { count(.rounding) }
    let size = shape.count / shape[0]
    let factors = stride(from: 0, to: values.count, by: size).map { values[$0] }
    guard values.indices.allSatisfy({ values[$0] == factors[$0 / size] }) else {
      throw .nirNode(name, "scales elements of one channel differently, and here a channel has one")
    }
    let weights = try [
      builder.add(Weight("\(name).scale", [shape[0]], factors)),
      builder.add(Weight("\(name).shift", [shape[0]], [Float](repeating: 0, count: shape[0]))),
    ]
    return try builder.append(.affine(Affine()), [input], weights: weights, from: [name])
  }

  /// Axes that become one.
  private mutating func flatten(
    _ name: String, _ start: Int, _ end: Int, _ extents: [Int]?, _ input: ValueID
  ) throws(Diagnostic) -> ValueID {
    let shape = builder.type(of: input).shape
    if let extents { try check(extents, input, "what is flattened") }
    let first = start < 0 ? start + shape.rank : start
    let last = end < 0 ? end + shape.rank : end
    guard shape.extents.indices.contains(first), shape.extents.indices.contains(last),
      first <= last
    else {
      throw .nirNode(name, "makes one of the axes \(start) to \(end), which \(shape) has not")
    }
    let merged = shape.extents[first...last].reduce(1, *)
    return try builder.reshape(
      input, Shape(shape.extents[..<first] + [merged] + shape.extents[(last + 1)...]), from: name)
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
