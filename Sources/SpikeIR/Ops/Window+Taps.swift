extension Window {
  /// The rows (axis 0) or columns (axis 1) of an input of `extent` under the window at one place of
  /// the result; padding left out.
  package func range(_ place: Int, _ kernel: Int, axis: Int, of extent: Int) -> Range<Int> {
    let start = place * stride[axis] - padding[axis]
    let lower = min(max(start, 0), extent)
    return lower..<max(min(start + kernel, extent), lower)
  }

  /// For each row (axis 0) or column (axis 1) of an input of `extent`, the places of a result of
  /// `places` at which the window lies over it.
  package func taps(_ kernel: Int, axis: Int, of extent: Int, places: Int) -> [Int] {
    var taps = [Int](repeating: 0, count: extent)
    for place in 0..<places {
      for index in range(place, kernel, axis: axis, of: extent) { taps[index] += 1 }
    }
    return taps
  }
}
