/// What the pixels of an axis become when it is resized: each new one is a weighted sum of old ones.
///
/// The algorithm is that of Pillow's `resize`: the kernel is stretched by the ratio where the axis
/// shrinks, so that every old pixel counts (antialiasing); weights are rounded to 22 bits behind the
/// point, and sums to 8 bits.
struct ResizedAxis {
  /// The bits of a weight behind the point.
  private static let precision = 22

  /// For each new pixel, the first old pixel that it is made of.
  private(set) var starts: [Int] = []

  /// For each new pixel, what the old ones from its start on are multiplied by.
  private(set) var weights: [[Int]] = []

  /// The old pixels that any of the new ones is made of.
  var reach: Range<Int> {
    let ends = zip(starts, weights).map { $0 + $1.count }
    return (starts.min() ?? 0)..<(ends.max() ?? 0)
  }

  /// Resizes an axis of `size` pixels to `newSize`, of which `window` is kept.
  init(_ size: Int, to newSize: Int, keeping window: Range<Int>, by kernel: Interpolation) {
    guard size != newSize else {
      starts = Array(window)
      weights = window.map { _ in [1 << Self.precision] }
      return
    }
    let scale = Double(size) / Double(newSize)
    let stretch = max(scale, 1)
    let support = kernel.support * stretch
    for index in window {
      let center = (Double(index) + 0.5) * scale
      let start = max(Int(center - support + 0.5), 0)
      let end = min(Int(center + support + 0.5), size)
      let values = (start..<end).map {
        kernel.weight(at: (Double($0) - center + 0.5) * (1 / stretch))
      }
      let sum = values.reduce(0, +)
      starts.append(start)
      weights.append(values.map { Self.fixed(sum == 0 ? $0 : $0 / sum) })
    }
  }

  /// A weight as a whole number, rounded away from zero at a half.
  private static func fixed(_ weight: Double) -> Int {
    Int((weight < 0 ? -0.5 : 0.5) + weight * Double(1 << precision))
  }

  /// A sum of weighted samples, rounded and cut to 8 bits.
  static func rounded(_ sum: Int) -> UInt8 {
    UInt8(clamping: (sum + (1 << (precision - 1))) >> precision)
  }
}
