/// The taps of a kernel over two axes, between which a dilation leaves room.
///
/// A module's kernels have none; zeros stand there instead. What they add to a sum of finite numbers
/// is a zero, which changes no sum that does not start from a bias of -0.
struct Kernel {
  /// How many taps lie along each axis.
  let taps: [Int]
  /// The distance from one to the next.
  let dilation: [Int]

  /// The extents with the room between; `nil` where they are none.
  var extents: [Int]? {
    var extents: [Int] = []
    for (taps, dilation) in zip(taps, dilation) {
      guard (1...1 << 16).contains(taps), (1...1 << 16).contains(dilation) else { return nil }
      extents.append((taps - 1) * dilation + 1)
    }
    return extents
  }

  /// `values`, of which each tap has `size`, with zeros in the room between.
  func spread(_ values: [Float], each size: Int) -> [Float] {
    guard let extents, extents != taps else { return values }
    var result = [Float](repeating: 0, count: extents[0] * extents[1] * size)
    for row in 0..<taps[0] {
      for column in 0..<taps[1] {
        let source = (row * taps[1] + column) * size
        let target = (row * dilation[0] * extents[1] + column * dilation[1]) * size
        result.replaceSubrange(target..<target + size, with: values[source..<source + size])
      }
    }
    return result
  }
}
