import Diagnostics
import SpikeIR

extension Unroller {
  /// The constants that a node reads, which are the same at every step.
  mutating func constants(of node: Node, at place: String) throws(Diagnostic) -> [String] {
    switch node.op {
    case .affine:
      let rank = node.type.shape.rank
      return node.weights.map { graph.constant($0, .channels(rank: rank)) }
    case .batchNorm(let norm):
      let rank = node.type.shape.rank
      let pairs = try module.scaleAndShift(of: norm, node)
      return [
        graph.constant(pairs.map { Float($0.scale) }, rank: rank, named: "\(place).scale"),
        graph.constant(pairs.map { Float($0.shift) }, rank: rank, named: "\(place).shift"),
      ]
    case .conv2d:
      return node.weights.enumerated().map {
        graph.constant($0.element, $0.offset == 0 ? .kernel : .plain)
      }
    case .linear: return node.weights.map { graph.constant($0) }
    default: return []
    }
  }

  /// Appends what a node is at one step, and returns its result.
  mutating func apply(
    _ node: Node, _ inputs: [String], _ constants: [String], at place: String
  ) -> String {
    switch node.op {
    case .add: return graph.add("Add", inputs, at: place)
    case .affine, .batchNorm:
      // The scale in front: behind the value, ONNX Runtime would multiply it into the weights of a
      // convolution before, and round sums that the module does not have.
      let product = graph.add("Mul", [constants[0], inputs[0]], at: place)
      return graph.add("Add", [product, constants[1]], at: place)
    case .complement: return graph.add("Sub", [graph.constant(1), inputs[0]], at: place)
    case .conv2d(let op):
      return graph.add("Conv", inputs + constants, attributes(of: op, node), at: place)
    case .linear: return graph.add("Gemm", inputs + constants, at: place)
    case .matmul(let op): return multiply(inputs, op, at: place)
    case .maxPool2d(let op): return graph.add("MaxPool", inputs, attributes(of: op), at: place)
    case .mean: return mean(inputs[0], of: module.type(of: node.operands[0]).shape, at: place)
    case .mul: return graph.add("Mul", inputs, at: place)
    case .reshape(let op):
      return graph.add("Reshape", [inputs[0], graph.constant([1] + op.shape.extents)], at: place)
    case .scale(let op):
      return graph.add("Mul", [inputs[0], graph.constant(Float(op.factor))], at: place)
    case .sum(let op): return sum(inputs[0], axes: [op.axis + 1], keepsAxes: true, at: place)
    case .transpose: return transpose(inputs[0], [0, 2, 1], at: place)
    case .if, .lif, .meanSteps, .plif, .repeat: preconditionFailure("not an op of one step")
    }
  }

  /// The mean over the time steps: their sum, divided once.
  mutating func meanSteps(_ steps: [String], at place: String) -> String {
    let sum = graph.add("Sum", steps, at: place)
    return graph.add("Div", [sum, graph.constant(Float(module.timeSteps))], at: place)
  }

  /// The mean of each channel: its sum, divided once.
  private mutating func mean(_ input: String, of shape: Shape, at place: String) -> String {
    let sum = sum(input, axes: Array(2...shape.rank), keepsAxes: false, at: place)
    let count = Float(shape.count / shape[0])
    return graph.add("Div", [sum, graph.constant(count)], at: place)
  }

  /// The sum along axes, counted from that of the batch.
  private mutating func sum(
    _ input: String, axes: [Int], keepsAxes: Bool, at place: String
  ) -> String {
    graph.add(
      "ReduceSum", [input, graph.constant(axes)],
      [Graph.Attribute("keepdims", .integer(keepsAxes ? 1 : 0))], at: place)
  }

  /// The product of two stacks of matrices, each exchanged first where the op says so.
  private mutating func multiply(_ inputs: [String], _ op: Matmul, at place: String) -> String {
    let exchanged = zip(inputs, [op.transposeLHS, op.transposeRHS]).map { input, isTransposed in
      isTransposed ? transpose(input, [0, 1, 3, 2], at: place) : input
    }
    return graph.add("MatMul", exchanged, at: place)
  }

  /// The input with its axes in another order.
  private mutating func transpose(_ input: String, _ axes: [Int], at place: String) -> String {
    graph.add("Transpose", [input], [Graph.Attribute("perm", .integers(axes))], at: place)
  }

  /// The attributes of a convolution.
  private func attributes(of op: Conv2D, _ node: Node) -> [Graph.Attribute] {
    let kernel = module.weight(node.weights[0]).shape
    return attributes(of: op.window, kernel: [kernel[0], kernel[1]])
      + [Graph.Attribute("group", .integer(op.groups))]
  }

  /// The attributes of a pooling.
  private func attributes(of op: MaxPool2D) -> [Graph.Attribute] {
    attributes(of: op.window, kernel: op.kernel)
  }

  /// The attributes of what moves a window: padding is that at all starts, then that at all ends.
  private func attributes(of window: Window, kernel: [Int]) -> [Graph.Attribute] {
    [
      Graph.Attribute("kernel_shape", .integers(kernel)),
      Graph.Attribute("strides", .integers(window.stride)),
      Graph.Attribute("pads", .integers(window.padding + window.padding)),
    ]
  }
}
