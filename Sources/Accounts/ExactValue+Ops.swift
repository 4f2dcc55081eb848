import SpikeIR

/// The ops that give values of exact domains, as `ir-spec/ops.md` defines them.
///
/// In these domains every order of summation gives the same numbers.
extension ExactValue {
  /// The same elements with other extents.
  func reshaped(_ shape: Shape) -> ExactValue { ExactValue(shape, steps: steps, elements) }

  /// Each element by itself.
  func mapped(into type: ValueType, _ transform: (Float) -> Float) -> ExactValue {
    ExactValue(type, steps: steps, numbers: numbers.map(transform))
  }

  /// `add`: the elements of both, one by one.
  func adding(_ other: ExactValue, into type: ValueType) -> ExactValue {
    combined(with: other, into: type, { $0 }, +)
  }

  /// `mul`: the elements of both, one by one, of which the other's are shared along one axis.
  func multiplied(by other: ExactValue, into type: ValueType) -> ExactValue {
    combined(with: other, into: type, SharedIndex(shape, other.shape).callAsFunction, *)
  }

  private func combined(
    with other: ExactValue, into type: ValueType, _ index: (Int) -> Int,
    _ combine: (Float, Float) -> Float
  ) -> ExactValue {
    let (left, right, steps) = (numbers, other.numbers, max(self.steps, other.steps))
    var result: [Float] = []
    result.reserveCapacity(steps * shape.count)
    for step in 0..<steps {
      let (first, second) = (range(of: step).lowerBound, other.range(of: step).lowerBound)
      for element in 0..<shape.count {
        result.append(combine(left[first + element], right[second + index(element)]))
      }
    }
    return ExactValue(type, steps: steps, numbers: result)
  }

  /// `sum` along an axis, each sum divided by `divisor`.
  func summed(alongAxis axis: Int, dividedBy divisor: Float, into type: ValueType) -> ExactValue {
    let inner = shape.extents[(axis + 1)...].reduce(1, *)
    let (extent, numbers) = (shape[axis], numbers)
    let result = (0..<steps * type.shape.count).map { index in
      let start = index / inner * inner * extent + index % inner
      return (0..<extent).reduce(Float(0)) { $0 + numbers[start + $1 * inner] } / divisor
    }
    return ExactValue(type, steps: steps, numbers: result)
  }

  /// `mean` of each channel.
  func mean(into type: ValueType) -> ExactValue {
    let terms = shape.count / shape[0]
    return reshaped([shape[0], terms]).summed(
      alongAxis: 1, dividedBy: Float(terms), into: type)
  }

  /// `transpose` of two axes.
  func transposed(into shape: Shape) -> ExactValue {
    switch elements {
    case .spikes(let bytes):
      ExactValue(shape, steps: steps, .spikes(Self.transposed(bytes, steps, shape)))
    case .numbers(let floats):
      ExactValue(shape, steps: steps, .numbers(Self.transposed(floats, steps, shape)))
    }
  }

  private static func transposed<Element>(
    _ elements: [Element], _ steps: Int, _ shape: Shape
  ) -> [Element] {
    let (rows, columns) = (shape[0], shape[1])
    return (0..<elements.count).map { index in
      let (slice, row, column) = (
        index / (rows * columns), index / columns % rows, index % columns
      )
      return elements[(slice * columns + column) * rows + row]
    }
  }

  /// `max_pool2d`.
  func pooled(_ op: MaxPool2D, into shape: Shape) -> ExactValue {
    switch elements {
    case .spikes(let bytes):
      ExactValue(shape, steps: steps, .spikes(pooled(bytes, op, shape)))
    case .numbers(let floats):
      ExactValue(shape, steps: steps, .numbers(pooled(floats, op, shape)))
    }
  }

  /// The maxima of the windows' rows first, then along the one row that is left.
  private func pooled<Element: Comparable>(
    _ elements: [Element], _ op: MaxPool2D, _ shape: Shape
  ) -> [Element] {
    let (height, width) = (self.shape[1], self.shape[2])
    let columns = (0..<shape[2]).map { op.window.range($0, op.kernel[1], axis: 1, of: width) }
    let planes = steps * shape[0]
    return [Element](unsafeUninitializedCapacity: steps * shape.count) { result, count in
      elements.withUnsafeBufferPointer { elements in
        var row = [Element](elements.prefix(width))
        row.withUnsafeMutableBufferPointer { row in
          for plane in 0..<planes {
            for place in 0..<shape[1] {
              let rows = op.window.range(place, op.kernel[0], axis: 0, of: height)
              let first = (plane * height + rows.lowerBound) * width
              for x in 0..<width { row[x] = elements[first + x] }
              for y in 1..<max(rows.count, 1) {
                for x in 0..<width { row[x] = max(row[x], elements[first + y * width + x]) }
              }
              for range in columns {
                var maximum = row[range.lowerBound]
                for x in range.dropFirst() { maximum = max(maximum, row[x]) }
                result.initializeElement(at: count, to: maximum)
                count += 1
              }
            }
          }
        }
      }
    }
  }

  /// `matmul`: only the terms of which no factor is zero.
  func multiplied(by other: ExactValue, _ op: Matmul, into type: ValueType) -> ExactValue {
    let (rows, columns) = (type.shape[1], type.shape[2])
    let left = StackedMatrices(self, innerAxis: op.transposeLHS ? 1 : 2)
    let right = StackedMatrices(other, innerAxis: op.transposeRHS ? 2 : 1)
    let steps = max(self.steps, other.steps)
    var result = [Float](repeating: 0, count: steps * type.shape.count)
    result.withUnsafeMutableBufferPointer { result in
      for step in 0..<steps {
        for layer in 0..<type.shape[0] {
          let start = (step * type.shape[0] + layer) * rows * columns
          for inner in 0..<left.inner {
            let factors = right.nonzeros(at: step, layer, inner)
            for (row, factor) in left.nonzeros(at: step, layer, inner) {
              for (column, other) in factors {
                result[start + row * columns + column] += factor * other
              }
            }
          }
        }
      }
    }
    return ExactValue(type, steps: steps, numbers: result)
  }
}
