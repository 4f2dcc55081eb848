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

  /// `repeat`: the same slice at every step.
  func repeated(_ input: Tensor, steps: Int) -> Tensor {
    Tensor(
      input.shape, steps: steps, Array(repeatElement(input.values, count: steps).joined()))
  }
}
