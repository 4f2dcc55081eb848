import Diagnostics
import SpikeIR

extension ExportBuilder {
  /// Adds what a node becomes, and returns the nodes whose sum it is.
  mutating func append(
    _ node: Node, _ value: ValueID, _ sources: [Int]
  ) throws(Diagnostic) -> [Int] {
    let input = module.type(of: node.operands[0])
    switch node.op {
    case .conv2d(let op): return [convolve(node, op, sources, input.shape)]
    case .linear: return [multiply(node, sources)]
    case .affine:
      let numbers = node.weights.map { module.weight($0).data.floats }
      // What is added to -0 is itself.
      if numbers[1].allSatisfy({ $0.bitPattern == (-0.0 as Float).bitPattern }) {
        return [scaleEach(node, numbers[0], sources)]
      }
      return [try scaleChannels(node, numbers[0], numbers[1], sources)]
    case .batchNorm(let norm):
      let pairs = try module.scaleAndShift(of: norm, node)
      let (scale, shift) = (pairs.map { Float($0.scale) }, pairs.map { Float($0.shift) })
      return [try scaleChannels(node, scale, shift, sources)]
    case .scale(let op):
      if let mean = mean(of: node, op, sources) { return [mean] }
      let factor = HDF5Dataset(node.type.shape.extents, .float32([Float(op.factor)]))
      return [append(node, .scale(factor), sources)]
    case .if, .lif, .plif:
      guard let neuron = node.op.neuron else { preconditionFailure("no neuron") }
      return [fire(node, neuron, sources)]
    case .maxPool2d(let op): return [try maximum(node, op, input, sources)]
    case .mean: return [try mean(node, value, input.shape, sources)]
    case .reshape(let op): return try reshape(node, op.shape, sources)
    case .add, .complement, .matmul, .meanSteps, .mul, .repeat, .sum, .transpose:
      preconditionFailure("no node of the graph")
    }
  }

  /// Checks that NIR has an op, whatever its operands are.
  ///
  /// - Throws: `nir-op`.
  func check(_ node: Node) throws(Diagnostic) {
    switch node.op {
    case .complement:
      throw .op(node, "1 - x has no node", "give the network without AND-NOT shortcuts")
    case .matmul, .mul:
      throw .op(node, "nodes multiply a signal by constants, and not by another signal")
    case .sum: throw .op(node, "no node sums along an axis and keeps it")
    case .transpose: throw .op(node, "no node exchanges axes")
    case .add, .affine, .batchNorm, .conv2d, .if, .lif, .linear, .maxPool2d, .mean, .meanSteps,
      .plif, .repeat, .reshape, .scale:
      break
    }
  }

  /// Adds a node of the same name and extents as one of the module.
  private mutating func append(
    _ node: Node, _ primitive: NIRGraph.Primitive, _ sources: [Int]
  ) -> Int {
    add(name(of: node), primitive, from: sources, giving: node.type.shape.extents)
  }

  /// The node of a sum of windows, if what scales it makes it their mean and nothing else reads it.
  private mutating func mean(of node: Node, _ op: Scale, _ sources: [Int]) -> Int? {
    guard sources.count == 1, case .pooling(let sum) = graph.nodes[sources[0]].primitive,
      !sum.isMean, sum.padding == [0, 0],
      Float(op.factor) == 1 / Float(sum.kernel[0] * sum.kernel[1]),
      users[node.operands[0].index].count == 1, module.output != node.operands[0]
    else { return nil }
    graph.nodes[sources[0]] = NIRGraph.Node(
      name: graph.nodes[sources[0]].name,
      primitive: .pooling(
        NIRGraph.Pooling(
          isMean: true, kernel: sum.kernel, stride: sum.stride, padding: sum.padding)))
    return sources[0]
  }

  /// A convolution; one of ones that sums each channel's windows is a pooling.
  private mutating func convolve(
    _ node: Node, _ op: Conv2D, _ sources: [Int], _ input: Shape
  ) -> Int {
    let kernel = module.weight(node.weights[0])
    let (shape, values) = (kernel.shape, kernel.data.floats)
    if op.groups == input[0], shape[3] == input[0], node.weights.count == 1,
      values.allSatisfy({ $0 == 1 })
    {
      return append(
        node,
        .pooling(
          NIRGraph.Pooling(
            isMean: false, kernel: [shape[0], shape[1]], stride: op.window.stride,
            padding: op.window.padding)),
        sources)
    }
    let weight = HDF5Dataset(
      [shape[3], shape[2], shape[0], shape[1]],
      .float32(
        transposed(values, taps: shape[0] * shape[1], inputs: shape[2], outputs: shape[3])))
    let bias = node.weights.count > 1 ? module.weight(node.weights[1]).data.floats : nil
    if op.groups > 1 { count(.grouped) }
    if shape[0] != shape[1] { count(.rectangular) }
    return append(
      node,
      .convolution(
        NIRGraph.Convolution(
          axes: 2, input: [input[1], input[2]], weight: weight, stride: op.window.stride,
          padding: .zeros(op.window.padding), dilation: [1, 1], groups: op.groups,
          bias: HDF5Dataset([shape[3]], .float32(bias ?? [0])))),
      sources)
  }

  /// Numbers `[taps, inputs, outputs]` as `[outputs, inputs, taps]`.
  private func transposed(_ values: [Float], taps: Int, inputs: Int, outputs: Int) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for output in 0..<outputs {
      for input in 0..<inputs {
        for tap in 0..<taps { result.append(values[(tap * inputs + input) * outputs + output]) }
      }
    }
    return result
  }

  /// A fully connected layer.
  private mutating func multiply(_ node: Node, _ sources: [Int]) -> Int {
    let weight = module.weight(node.weights[0])
    let (inputs, outputs) = (weight.shape[0], weight.shape[1])
    let bias = node.weights.count > 1 ? module.weight(node.weights[1]).data.floats : nil
    return append(
      node,
      .linear(
        weight: HDF5Dataset(
          [outputs, inputs],
          .float32(transposed(weight.data.floats, taps: 1, inputs: inputs, outputs: outputs))),
        bias: bias.map { HDF5Dataset([outputs], .float32($0)) }),
      sources)
  }

  /// A scale and a shift of each channel: a depthwise convolution whose kernel is one number, which
  /// rounds the same product and the same sum.
  private mutating func scaleChannels(
    _ node: Node, _ scale: [Float], _ shift: [Float], _ sources: [Int]
  ) throws(Diagnostic) -> Int {
    let shape = node.type.shape
    guard shape.rank == 3 else {
      throw .op(
        node, "only a convolution has a bias of each channel, and it takes three axes",
        "fold the scale into the weights before: snnc import --passes fold-batch-norm-into-weights")
    }
    if shape[0] > 1 { count(.grouped) }
    return append(
      node,
      .convolution(
        NIRGraph.Convolution(
          axes: 2, input: [shape[1], shape[2]],
          weight: HDF5Dataset([shape[0], 1, 1, 1], .float32(scale)), stride: [1, 1],
          padding: .zeros([0, 0]), dilation: [1, 1], groups: shape[0],
          bias: HDF5Dataset([shape[0]], .float32(shift)))),
      sources)
  }

  /// A factor of each element, which is that of its channel.
  private mutating func scaleEach(_ node: Node, _ scale: [Float], _ sources: [Int]) -> Int {
    let shape = node.type.shape
    let factors = scale.flatMap { [Float](repeating: $0, count: shape.count / shape[0]) }
    return append(node, .scale(HDF5Dataset(shape.extents, .float32(factors))), sources)
  }

  /// A layer of neurons: their step is one of Euler's forward method of NIR's equation.
  private mutating func fire(_ node: Node, _ neuron: NeuronDynamics, _ sources: [Int]) -> Int {
    /// The same number for each neuron.
    func each(_ number: Double) -> HDF5Dataset {
      HDF5Dataset(node.type.shape.extents, .float64([number]))
    }
    var tau: Double?
    switch neuron.charge {
    case .leaky(let steps): tau = Double(steps) * step.seconds
    case .learned(let inverse):
      tau = step.seconds / Double(inverse)
      // Of a power of two, product and quotient are the same.
      if inverse.significand != 1 { count(.plif) }
    case .integrating: tau = nil
    }
    if firing == .at { count(.firing) }
    let resistance = tau == nil ? 1 / step.seconds : 1
    return append(
      node,
      .neurons(
        NIRGraph.Neurons(
          tau: tau.map(each), resistance: each(resistance), leak: tau == nil ? nil : each(0),
          threshold: each(firing.nirThreshold(of: neuron.threshold)), reset: each(0))),
      sources)
  }

  /// The maximum of spikes: whether there are any.
  private mutating func maximum(
    _ node: Node, _ op: MaxPool2D, _ input: ValueType, _ sources: [Int]
  ) throws(Diagnostic) -> Int {
    guard input.domain == .spike else {
      throw .op(node, "it has no maximum but that of spikes, and these are \(input.domain)")
    }
    let extents = node.type.shape.extents
    let sum = add(
      name(of: node, ".count"),
      .pooling(
        NIRGraph.Pooling(
          isMean: false, kernel: op.kernel, stride: op.window.stride, padding: op.window.padding)),
      from: sources, giving: extents)
    return append(node, .threshold(HDF5Dataset(extents, .float32([0.5]))), [sum])
  }

  /// The mean of each channel: a pooling by one window, and without the axes that it leaves, unless
  /// only reshapes read it, which then begin there.
  private mutating func mean(
    _ node: Node, _ value: ValueID, _ shape: Shape, _ sources: [Int]
  ) throws(Diagnostic) -> Int {
    guard shape.rank == 3 else {
      throw .op(node, "a mean of channels takes three axes, and this has \(shape)")
    }
    let window = [shape[1], shape[2]]
    let extents = [shape[0], 1, 1]
    let isFlat =
      module.output == value
      || !users[value.index].allSatisfy { module.definition(of: $0)?.op.isReshape ?? false }
    let pool = add(
      name(of: node, isFlat ? ".pool" : ""),
      .pooling(NIRGraph.Pooling(isMean: true, kernel: window, stride: window, padding: [0, 0])),
      from: sources, giving: extents)
    guard isFlat else { return pool }
    return append(
      node, .flatten(NIRGraph.Flattening(start: 0, end: 2, input: extents)), [pool])
  }

  /// Axes that become one.
  private mutating func reshape(
    _ node: Node, _ new: Shape, _ sources: [Int]
  ) throws(Diagnostic) -> [Int] {
    // The graph's, since a mean may not be flattened there.
    let old = Shape(extents(of: sources[0]))
    guard old != new else { return sources }
    for start in 0..<old.rank {
      for end in start..<old.rank {
        let merged = old.extents[start...end].reduce(1, *)
        guard old.extents[..<start] + [merged] + old.extents[(end + 1)...] == new.extents[...]
        else { continue }
        return [
          append(
            node,
            .flatten(NIRGraph.Flattening(start: start, end: end, input: old.extents)), sources)
        ]
      }
    }
    throw .op(node, "Flatten makes one axis of several, which \(old) to \(new) is not")
  }
}

extension Op {
  /// Whether it only gives a value other axes.
  fileprivate var isReshape: Bool {
    if case .reshape = self { true } else { false }
  }
}

extension Diagnostic {
  fileprivate static func op(_ node: Node, _ reason: String, _ advice: String? = nil) -> Diagnostic
  {
    .error(
      "nir-op", "NIR cannot carry '\(node.op.definition.mnemonic)': \(reason)",
      notes: advice.map { [$0] } ?? ["snnc emit --target onnx carries every op"])
  }
}
