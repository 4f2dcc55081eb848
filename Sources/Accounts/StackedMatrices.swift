import SpikeIR

/// An operand of `matmul` as its sums see it: for each inner index the elements that meet those of
/// the other operand.
struct StackedMatrices {
  private let value: ExactValue
  private let innerAxis: Int

  /// The extent of the inner index.
  var inner: Int { value.shape[innerAxis] }

  /// The extent of the other axis: the rows of the left operand, the columns of the right one.
  var outer: Int { value.shape[3 - innerAxis] }

  /// Looks at a value of three axes, of which `innerAxis`, 1 or 2, is summed.
  init(_ value: ExactValue, innerAxis: Int) {
    self.value = value
    self.innerAxis = innerAxis
  }

  /// The elements that are not zero at one inner index, with their places along the other axis.
  func nonzeros(at step: Int, _ layer: Int, _ index: Int) -> [(place: Int, value: Float)] {
    let (start, stride) = place(step, layer, index)
    var result: [(place: Int, value: Float)] = []
    for place in 0..<outer {
      let element = value[start + place * stride]
      if element != 0 { result.append((place, element)) }
    }
    return result
  }

  /// How many elements are not zero, for each inner index of one matrix.
  func counts(at step: Int, _ layer: Int) -> [Int] {
    (0..<inner).map { index in
      let (start, stride) = place(step, layer, index)
      if stride == 1 { return value.nonzeros(in: start..<start + outer) }
      return (0..<outer).count { value[start + $0 * stride] != 0 }
    }
  }

  /// Where the elements of an inner index start, and how far they are apart.
  private func place(_ step: Int, _ layer: Int, _ index: Int) -> (start: Int, stride: Int) {
    let (rows, columns) = (value.shape[1], value.shape[2])
    let start = value.range(of: step).lowerBound + layer * rows * columns
    return innerAxis == 1 ? (start + index * columns, 1) : (start + index, columns)
  }
}

/// For an element of the left operand of `mul`, which of the right one's it meets.
struct SharedIndex {
  private let inner: Int
  private let block: Int

  /// Where the right operand has the extent 1 and the left has more, its one element meets them all.
  init(_ lhs: Shape, _ rhs: Shape) {
    let shared = Mul.sharedAxis(lhs, rhs)
    inner = shared.map { lhs.extents[($0 + 1)...].reduce(1, *) } ?? 1
    block = shared.map { lhs.extents[$0...].reduce(1, *) } ?? 1
  }

  /// The position of the right operand's element.
  func callAsFunction(_ index: Int) -> Int { index / block * inner + index % inner }
}
