/// Which bytes of the arena are taken, as ranges that do not touch each other, in order.
struct OccupiedBytes {
  private var ranges: [Range<Int>] = []

  /// Takes a range of bytes, some of which may be taken already.
  mutating func insert(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let first = firstIndex { $0.upperBound >= range.lowerBound }
    var (last, union) = (first, range)
    while last < ranges.count, ranges[last].lowerBound <= range.upperBound {
      let low = min(union.lowerBound, ranges[last].lowerBound)
      union = low..<max(union.upperBound, ranges[last].upperBound)
      last += 1
    }
    if last == first + 1 {
      ranges[first] = union
    } else {
      ranges.replaceSubrange(first..<last, with: CollectionOfOne(union))
    }
  }

  /// The lowest offset, `offset` or above, at which `byteCount` bytes are free.
  func lowestOffset(from offset: Int, for byteCount: Int) -> Int {
    var offset = offset
    var index = firstIndex { $0.upperBound > offset }
    while index < ranges.count, ranges[index].lowerBound < offset + byteCount {
      offset = ranges[index].upperBound
      index += 1
    }
    return offset
  }

  /// The index of the first range for which `isBehind` holds, as it does for all that follow.
  private func firstIndex(where isBehind: (Range<Int>) -> Bool) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(ranges[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
