/// An array of an HDF5 file: its extents and its elements in row-major order.
package struct HDF5Dataset {
  /// The elements; where all are the same, that one alone may stand for them.
  package enum Elements {
    case float32([Float])
    case float64([Double])
    case integers([Int64])
    case texts([String])
    /// Elements of another type, or none.
    case other
  }

  /// The extents; none for a scalar.
  package let extents: [Int]

  /// The elements.
  package let elements: Elements

  /// Creates a dataset.
  package init(_ extents: [Int], _ elements: Elements) {
    self.extents = extents
    self.elements = elements
  }

  /// The number of elements.
  var count: Int { extents.reduce(1, *) }

  /// The number that all elements are; `nil` where they differ, or are no finite numbers.
  var uniformNumber: Double? {
    guard count > 0 else { return nil }
    /// The one of `values`.
    func only<Number: Equatable>(_ values: [Number]) -> Number? {
      guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
      return first
    }
    let number: Double? =
      switch elements {
      case .float32(let values): only(values).map(Double.init)
      case .float64(let values): only(values)
      case .integers(let values): only(values).map(Double.init)
      case .texts, .other: nil
      }
    return number.flatMap { $0.isFinite ? $0 : nil }
  }

  /// Whether the elements are binary32 numbers.
  var isFloat32: Bool {
    if case .float32 = elements { true } else { false }
  }

  /// The elements as binary32 numbers, and whether that rounded any; `nil` if they are no numbers.
  var floats: (values: [Float], areRounded: Bool)? {
    /// As many as there are.
    func all(_ values: [Float]) -> [Float] {
      values.count == 1 ? [Float](repeating: values[0], count: count) : values
    }
    switch elements {
    case .float32(let values): return (all(values), false)
    case .float64(let values):
      let rounded = values.map { Float($0) }
      return (all(rounded), zip(values, rounded).contains { !$0.isNaN && Double($1) != $0 })
    case .integers(let values):
      let rounded = values.map { Float($0) }
      return (all(rounded), zip(values, rounded).contains { Int64(exactly: $1) != $0 })
    case .texts, .other: return nil
    }
  }

  /// Whether the elements are integers.
  var isIntegers: Bool {
    if case .integers = elements { true } else { false }
  }

  /// The elements as integers; `nil` if they are none.
  var integers: [Int]? {
    guard case .integers(let values) = elements else { return nil }
    let integers = values.map { Int($0) }
    return integers.count == 1 ? [Int](repeating: integers[0], count: count) : integers
  }

  /// The only text; `nil` where there is none, or are several.
  var text: String? {
    guard case .texts(let texts) = elements, texts.count == 1 else { return nil }
    return texts[0]
  }
}
