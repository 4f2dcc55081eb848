import SpikeIR

extension Interpreter {
  /// `max_pool2d`: the maximum of each window; padding contributes nothing.
  func pool(_ input: Tensor, _ op: MaxPool2D, into shape: Shape) -> Tensor {
    let (height, width) = (input.shape[1], input.shape[2])
    var result = Tensor(zeros: shape, steps: input.steps)
    var index = 0
    for plane in 0..<input.steps * shape[0] {
      for row in 0..<shape[1] {
        for column in 0..<shape[2] {
          var maximum = -Float.infinity
          let top = row * op.window.stride[0] - op.window.padding[0]
          let left = column * op.window.stride[1] - op.window.padding[1]
          for y in max(top, 0)..<min(top + op.kernel[0], height) {
            for x in max(left, 0)..<min(left + op.kernel[1], width) {
              let value = input.values[(plane * height + y) * width + x]
              if value > maximum { maximum = value }
            }
          }
          result.values[index] = maximum
          index += 1
        }
      }
    }
    return result
  }

  /// `mean`: each channel's sum from +0 in ascending order, divided once.
  func mean(_ input: Tensor) -> Tensor {
    let terms = input.shape.count / input.shape[0]
    var result = Tensor(zeros: [input.shape[0]], steps: input.steps)
    for index in result.values.indices {
      var sum: Float = 0
      for term in 0..<terms { sum += input.values[index * terms + term] }
      result.values[index] = sum / Float(terms)
    }
    return result
  }

  /// `mean_steps`: the sum over the steps from +0 in order, divided once.
  func meanSteps(_ input: Tensor) -> Tensor {
    let count = input.shape.count
    var result = Tensor(zeros: input.shape, steps: 1)
    for index in 0..<count {
      var sum: Float = 0
      for step in 0..<input.steps { sum += input.values[step * count + index] }
      result.values[index] = sum / Float(input.steps)
    }
    return result
  }

  /// `sum`: each sum along the axis from +0 in ascending order.
  func sum(_ input: Tensor, axis: Int) -> Tensor {
    var extents = input.shape.extents
    let inner = extents[(axis + 1)...].reduce(1, *)
    extents[axis] = 1
    var result = Tensor(zeros: Shape(extents), steps: input.steps)
    for index in result.values.indices {
      let start = index / inner * inner * input.shape[axis] + index % inner
      for term in 0..<input.shape[axis] {
        result.values[index] += input.values[start + term * inner]
      }
    }
    return result
  }

  /// `matmul`: each sum from +0 in ascending order of the inner index.
  func multiply(
    _ lhs: Tensor, _ rhs: Tensor, _ op: Matmul, into shape: Shape, steps: Int
  ) -> Tensor {
    let (rows, columns) = (shape[1], shape[2])
    let inner = lhs.shape.count / lhs.shape[0] / rows
    // How far apart neighbours along rows, inner index and columns lie in the operands.
    let (leftRow, leftInner) = op.transposeLHS ? (1, rows) : (inner, 1)
    let (rightInner, rightColumn) = op.transposeRHS ? (1, inner) : (columns, 1)
    var result = Tensor(zeros: shape, steps: steps)
    for step in 0..<steps {
      for layer in 0..<shape[0] {
        let left = lhs.start(of: step) + layer * rows * inner
        let right = rhs.start(of: step) + layer * inner * columns
        let start = (step * shape[0] + layer) * rows * columns
        for row in 0..<rows {
          for term in 0..<inner {
            let factor = lhs.values[left + row * leftRow + term * leftInner]
            for column in 0..<columns {
              result.values[start + row * columns + column] +=
                factor * rhs.values[right + term * rightInner + column * rightColumn]
            }
          }
        }
      }
    }
    return result
  }
}
