/// How a window moves over the two last axes of a value.
public struct Window: Hashable, Sendable {
  /// The step from one result to the next, in rows and columns.
  public let stride: [Int]

  /// The rows and columns of padding on each side.
  public let padding: [Int]

  /// Creates a window's motion.
  public init(stride: [Int], padding: [Int]) {
    self.stride = stride
    self.padding = padding
  }

  /// The extents of the result over an input of `shape`, whose first axis is the channel, for a
  /// window of `kernel` rows and columns: `(in + 2 padding - kernel) / stride + 1`, rounded down.
  ///
  /// `nil` where a number is out of range: a stride below 1, a negative padding, one of them above
  /// `limit`, or a kernel larger than the padded input.
  public func extents(of shape: Shape, kernel: [Int]) -> [Int]? {
    guard stride.count == 2, padding.count == 2, kernel.count == 2, shape.rank == 3 else {
      return nil
    }
    var result: [Int] = []
    for axis in 0..<2 {
      let (size, step, pad) = (kernel[axis], stride[axis], padding[axis])
      guard (1...Window.limit).contains(size), (1...Window.limit).contains(step),
        (0...Window.limit).contains(pad), shape[axis + 1] + 2 * pad >= size
      else { return nil }
      result.append((shape[axis + 1] + 2 * pad - size) / step + 1)
    }
    return result
  }

  /// The largest kernel, stride or padding, in rows or columns.
  static let limit = 1 << 16
}
