package import Diagnostics

/// The extents of a value or a weight, outermost axis first.
public struct Shape: Hashable, Sendable {
  /// The extent of each axis, every one at least 1.
  public let extents: [Int]

  /// Creates a shape from its extents.
  public init(_ extents: [Int]) {
    self.extents = extents
  }

  /// The number of axes.
  public var rank: Int { extents.count }

  /// The number of elements.
  public var count: Int { extents.reduce(1, *) }

  /// The largest number of elements that a value or a weight may have.
  ///
  /// It keeps every index and byte count far from overflow; the largest published layer has 10^8.
  public static let maximumCount = 1 << 34

  /// Whether all extents are positive and the element count is within `maximumCount`.
  public var isValid: Bool {
    var count = 1
    for extent in extents {
      guard extent > 0 else { return false }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= Shape.maximumCount else { return false }
      count = product
    }
    return true
  }

  /// The indices of the element at a position in row-major order.
  public func indices(of position: Int) -> [Int] {
    var rest = position
    var indices: [Int] = []
    for extent in extents.reversed() {
      indices.insert(rest % extent, at: 0)
      rest /= extent
    }
    return indices
  }

  /// The extent of `axis`.
  public subscript(axis: Int) -> Int { extents[axis] }
}

extension Shape: ExpressibleByArrayLiteral {
  /// Creates a shape from a literal such as `[3, 224, 224]`.
  public init(arrayLiteral extents: Int...) {
    self.init(extents)
  }
}

extension Shape: CustomStringConvertible {
  /// The text form, `[3, 224, 224]`.
  public var description: String { "\(extents)" }
}

extension Diagnostic {
  /// The error of a shape that is not valid.
  package static func invalidShape(_ shape: Shape) -> Diagnostic {
    .error(
      "invalid-shape",
      "every extent must be positive and an element count at most \(Shape.maximumCount): \(shape)")
  }
}
