import Testing

/// Runs a decoded model as ONNX's documentation of its operators says, adding in the order of
/// SpikeIR's specification, so that a right model gives the Interpreter's numbers exactly.
struct Evaluator {
  /// A tensor; a truth value is 1 or 0.
  struct Tensor {
    var extents: [Int]
    var values: [Float]

    /// The extent of `axis`.
    subscript(axis: Int) -> Int { extents[axis] }
  }

  private let model: DecodedModel
  private var tensors: [String: Tensor] = [:]

  /// Runs `model` on `input`; returns what all its values are.
  static func run(_ model: DecodedModel, _ input: [Float]) throws -> [String: Tensor] {
    var evaluator = Evaluator(model)
    evaluator.tensors[model.inputs[0].name] = Tensor(
      extents: model.inputs[0].extents, values: input)
    for node in model.nodes { try evaluator.run(node) }
    return evaluator.tensors
  }

  private init(_ model: DecodedModel) {
    self.model = model
    for constant in model.initializers {
      guard let floats = constant.floats else { continue }
      tensors[constant.name] = Tensor(extents: constant.extents, values: floats)
    }
  }

  /// Runs a node.
  private mutating func run(_ node: DecodedModel.Node) throws {
    let inputs = node.inputs.compactMap { tensors[$0] }
    if node.op == "Split" {
      let count = inputs[0].values.count / node.outputs.count
      for (index, output) in node.outputs.enumerated() {
        let part = inputs[0].values[index * count..<(index + 1) * count]
        tensors[output] = Tensor(extents: [1] + inputs[0].extents.dropFirst(), values: Array(part))
      }
    } else {
      tensors[node.outputs[0]] = try result(of: node, inputs)
    }
  }

  /// What a node with one result gives.
  private func result(of node: DecodedModel.Node, _ inputs: [Tensor]) throws -> Tensor {
    let x = inputs[0]
    switch node.op {
    case "Add": return each(x, inputs[1], +)
    case "Cast": return x
    case "Concat":
      return Tensor(
        extents: [inputs.count] + x.extents.dropFirst(), values: inputs.flatMap(\.values))
    case "Conv": return convolve(node, inputs)
    case "Div": return each(x, inputs[1], /)
    case "Gemm": return matmul(x, inputs[1], from: inputs.count > 2 ? inputs[2].values : nil)
    case "GreaterOrEqual": return each(x, inputs[1]) { $0 >= $1 ? 1 : 0 }
    case "MatMul": return matmul(x, inputs[1])
    case "MaxPool": return pool(node, x)
    case "Mul": return each(x, inputs[1], *)
    case "ReduceSum":
      return sum(x, try integers(node, 1), keepsAxes: node.attributes["keepdims"] == [1])
    case "Reshape": return Tensor(extents: try integers(node, 1), values: x.values)
    case "Squeeze": return Tensor(extents: Array(x.extents.dropFirst()), values: x.values)
    case "Sub": return each(x, inputs[1], -)
    case "Sum": return inputs.dropFirst().reduce(x) { each($0, $1, +) }
    case "Transpose": return transpose(x, try #require(node.attributes["perm"]))
    case "Unsqueeze": return Tensor(extents: [1] + x.extents, values: x.values)
    case "Where":
      return tensor(x.extents) { element(inputs[element(x, $0) == 1 ? 1 : 2], $0) }
    default: throw Unknown(op: node.op)
    }
  }

  /// An operator that no op is made of.
  struct Unknown: Error {
    let op: String
  }

  /// The integers of a constant.
  private func integers(_ node: DecodedModel.Node, _ input: Int) throws -> [Int] {
    try #require(model.initializer(node.inputs[input]).integers)
  }
}

// MARK: - Operators

extension Evaluator {
  /// The element of a tensor that meets the indices of a result it is broadcast to.
  private func element(_ tensor: Tensor, _ indices: [Int]) -> Float {
    var position = 0
    let first = indices.count - tensor.extents.count
    for (axis, extent) in tensor.extents.enumerated() {
      position = position * extent + (extent == 1 ? 0 : indices[first + axis])
    }
    return tensor.values[position]
  }

  /// The indices of a position in row-major order.
  private func indices(_ position: Int, _ extents: [Int]) -> [Int] {
    var rest = position
    return extents.reversed().map { extent in
      defer { rest /= extent }
      return rest % extent
    }.reversed()
  }

  /// A tensor of `extents` whose elements `value` gives.
  private func tensor(_ extents: [Int], _ value: ([Int]) -> Float) -> Tensor {
    let count = extents.reduce(1, *)
    return Tensor(extents: extents, values: (0..<count).map { value(indices($0, extents)) })
  }

  /// An operation on elements, with broadcasting.
  private func each(_ a: Tensor, _ b: Tensor, _ operation: (Float, Float) -> Float) -> Tensor {
    let rank = max(a.extents.count, b.extents.count)
    let padded = [a, b].map {
      [Int](repeating: 1, count: rank - $0.extents.count) + $0.extents
    }
    let extents = zip(padded[0], padded[1]).map { max($0, $1) }
    return tensor(extents) { operation(element(a, $0), element(b, $0)) }
  }

  private func transpose(_ x: Tensor, _ axes: [Int]) -> Tensor {
    tensor(axes.map { x[$0] }) { indices in
      var source = indices
      for (index, axis) in axes.enumerated() { source[axis] = indices[index] }
      return element(x, source)
    }
  }

  private func sum(_ x: Tensor, _ axes: [Int], keepsAxes: Bool) -> Tensor {
    var extents = x.extents
    for axis in axes { extents[axis] = 1 }
    var result = Tensor(
      extents: extents, values: [Float](repeating: 0, count: extents.reduce(1, *)))
    for (position, value) in x.values.enumerated() {
      var target = 0
      for (axis, index) in indices(position, x.extents).enumerated() {
        target = target * extents[axis] + (axes.contains(axis) ? 0 : index)
      }
      result.values[target] += value
    }
    if !keepsAxes {
      result.extents = extents.indices.filter { !axes.contains($0) }.map { extents[$0] }
    }
    return result
  }

  private func matmul(_ a: Tensor, _ b: Tensor, from bias: [Float]? = nil) -> Tensor {
    let (inner, last) = (a.extents.count - 1, b.extents.count - 1)
    return tensor(a.extents.dropLast() + [b[last]]) { indices in
      (0..<a[inner]).reduce(bias?[indices[inner]] ?? 0) { sum, term in
        let left = indices.dropLast() + [term]
        let right = indices.dropLast(2) + [term, indices[inner]]
        return sum + element(a, Array(left)) * element(b, Array(right))
      }
    }
  }

  /// The extents of the result of a moving window.
  private func windows(_ node: DecodedModel.Node, _ x: Tensor) -> [Int] {
    let (kernel, strides, pads) = parameters(node)
    return (0..<2).map {
      (x[$0 + 2] + pads[$0] + pads[$0 + 2] - kernel[$0]) / strides[$0] + 1
    }
  }

  private func parameters(_ node: DecodedModel.Node) -> ([Int], [Int], [Int]) {
    let values = ["kernel_shape", "strides", "pads"].map { node.attributes[$0] ?? [] }
    return (values[0], values[1], values[2])
  }

  /// Calls `body` with each tap of the window of a result that lies in the input.
  private func window(
    _ node: DecodedModel.Node, _ x: Tensor, at result: [Int],
    _ body: (_ row: Int, _ column: Int, _ y: Int, _ x: Int) -> Void
  ) {
    let (kernel, strides, pads) = parameters(node)
    for row in 0..<kernel[0] {
      for column in 0..<kernel[1] {
        let y = result[2] * strides[0] + row - pads[0]
        let left = result[3] * strides[1] + column - pads[1]
        if (0..<x[2]).contains(y), (0..<x[3]).contains(left) { body(row, column, y, left) }
      }
    }
  }

  private func convolve(_ node: DecodedModel.Node, _ inputs: [Tensor]) -> Tensor {
    let (x, kernel) = (inputs[0], inputs[1])
    let outputs = kernel[0] / (node.attributes["group"]?[0] ?? 1)
    return tensor([1, kernel[0]] + windows(node, x)) { result in
      var sum = inputs.count > 2 ? inputs[2].values[result[1]] : 0
      let first = result[1] / outputs * kernel[1]
      window(node, x, at: result) { row, column, y, left in
        for input in 0..<kernel[1] {
          sum +=
            element(x, [0, first + input, y, left])
            * element(kernel, [result[1], input, row, column])
        }
      }
      return sum
    }
  }

  private func pool(_ node: DecodedModel.Node, _ x: Tensor) -> Tensor {
    tensor([1, x[1]] + windows(node, x)) { result in
      var maximum = -Float.infinity
      window(node, x, at: result) { _, _, y, left in
        maximum = max(maximum, element(x, [0, result[1], y, left]))
      }
      return maximum
    }
  }
}
