import Diagnostics

/// A view of a storage, as a pickle states it: nothing about it is known to be true.
struct View {
  /// The place of the first element.
  let offset: Int
  /// The number of elements along each dimension.
  let shape: [Int]
  /// The distance between neighbors along each dimension.
  let strides: [Int]

  /// Checks that the view stays within a storage of `elements`, and returns its own number of them.
  ///
  /// Zero strides, overlaps and gaps are fine, and so is any stride of a dimension of size 1.
  func check(elements: Int) throws(Diagnostic) -> Int {
    guard shape.count == strides.count else { throw .rankMismatch(self) }
    guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
      throw .negative(self)
    }
    var count = 1
    var last = offset
    for (size, stride) in zip(shape, strides) {
      // An empty dimension counts as one here, so that the others cannot overflow unseen.
      let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 1))
      let (reach, tooFar) = stride.multipliedReportingOverflow(by: max(size, 1) - 1)
      let (sum, beyond) = last.addingReportingOverflow(reach)
      guard !overflow, !tooFar, !beyond else { throw .outOfBounds(self, elements) }
      count = product
      last = sum
    }
    guard !shape.contains(0) else {
      guard offset <= elements else { throw .outOfBounds(self, elements) }
      return 0
    }
    guard last < elements else { throw .outOfBounds(self, elements) }
    return count
  }
}

extension Diagnostic {
  fileprivate static func rankMismatch(_ view: View) -> Diagnostic {
    .error(
      "tensor-view", "a tensor needs a stride for each dimension: \(view.shape), \(view.strides)")
  }

  fileprivate static func negative(_ view: View) -> Diagnostic {
    .error(
      "tensor-view",
      "offset, shape and strides must not be negative: \(view.offset), \(view.shape), \(view.strides)"
    )
  }

  fileprivate static func outOfBounds(_ view: View, _ elements: Int) -> Diagnostic {
    .error(
      "tensor-view",
      "a tensor must lie within its storage of \(elements) elements: "
        + "shape \(view.shape), strides \(view.strides), offset \(view.offset)")
  }
}
