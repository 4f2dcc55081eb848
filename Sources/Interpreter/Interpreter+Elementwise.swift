import SpikeIR

extension Interpreter {
  /// `add`: one rounded addition an element; a static operand is seen at every step.
  func add(_ lhs: Tensor, _ rhs: Tensor, steps: Int) -> Tensor {
    let count = lhs.shape.count
    var result = Tensor(zeros: lhs.shape, steps: steps)
    for step in 0..<steps {
      let (left, right) = (lhs.start(of: step), rhs.start(of: step))
      for index in 0..<count {
        result.values[step * count + index] = lhs.values[left + index] + rhs.values[right + index]
      }
    }
    return result
  }

  /// `affine`: a rounded product, then a rounded sum.
  func affine(_ input: Tensor, scale: [Float], shift: [Float]) -> Tensor {
    var result = input
    let positions = input.shape.count / input.shape[0]
    for index in result.values.indices {
      let channel = index / positions % input.shape[0]
      let product = result.values[index] * scale[channel]
      result.values[index] = product + shift[channel]
    }
    return result
  }

  /// `scale`: one rounded product an element.
  func scale(_ input: Tensor, by factor: Float) -> Tensor {
    var result = input
    for index in result.values.indices { result.values[index] *= factor }
    return result
  }

  /// `complement`: one rounded difference an element.
  func complement(_ input: Tensor) -> Tensor {
    var result = input
    for index in result.values.indices { result.values[index] = 1 - result.values[index] }
    return result
  }

  /// `mul`: one rounded product an element; along the axis in which the right operand has the
  /// extent 1, its one element is seen by all of the left one's.
  func multiply(_ lhs: Tensor, _ rhs: Tensor, steps: Int) -> Tensor {
    let count = lhs.shape.count
    let shared = Mul.sharedAxis(lhs.shape, rhs.shape)
    // Elements that lie within one index of the shared axis, and within all of them.
    let inner = shared.map { lhs.shape.extents[($0 + 1)...].reduce(1, *) } ?? 1
    let block = shared.map { inner * lhs.shape[$0] } ?? 1
    var result = Tensor(zeros: lhs.shape, steps: steps)
    for step in 0..<steps {
      let (left, right) = (lhs.start(of: step), rhs.start(of: step))
      for index in 0..<count {
        result.values[step * count + index] =
          lhs.values[left + index] * rhs.values[right + index / block * inner + index % inner]
      }
    }
    return result
  }

  /// `transpose`: each element at its exchanged indices.
  func transpose(_ input: Tensor, into shape: Shape) -> Tensor {
    var result = Tensor(zeros: shape, steps: input.steps)
    for step in 0..<input.steps {
      let start = step * shape.count
      for row in 0..<shape[0] {
        for column in 0..<shape[1] {
          result.values[start + row * shape[1] + column] =
            input.values[start + column * shape[0] + row]
        }
      }
    }
    return result
  }

  /// `repeat`: the same slice at every step.
  func repeated(_ input: Tensor, steps: Int) -> Tensor {
    Tensor(
      input.shape, steps: steps, Array(repeatElement(input.values, count: steps).joined()))
  }
}
