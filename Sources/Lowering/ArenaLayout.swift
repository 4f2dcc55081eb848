extension Plan {
  /// Every buffer starts at a multiple of this many bytes.
  public static let alignment = 64

  /// Places buffers so that those that live at the same time do not overlap.
  ///
  /// State comes first, so that it lies in one piece. Of the others the largest come first, each at
  /// the lowest place that is free through its whole life: the usual heuristic for this problem,
  /// within a few percent of the bound in practice.
  ///
  /// - Returns: the bytes of the arena, and those at its start that hold state.
  static func place(_ buffers: inout [Buffer]) -> (all: Int, state: Int) {
    let lastStep = buffers.map(\.lifetime.upperBound).max() ?? 0
    var occupancy = ArenaOccupancy(stepCount: lastStep + 1)
    var (end, stateEnd) = (0, 0)
    let order = buffers.indices.sorted {
      let (a, b) = (buffers[$0], buffers[$1])
      guard a.role.isState == b.role.isState else { return a.role.isState }
      return (b.byteCount, $0) < (a.byteCount, $1)
    }
    for index in order {
      let (lifetime, byteCount) = (buffers[index].lifetime, aligned(buffers[index].byteCount))
      let offset = occupancy.lowestOffset(for: byteCount, during: lifetime)
      occupancy.insert(offset..<offset + byteCount, during: lifetime)
      buffers[index].offset = offset
      end = max(end, offset + byteCount)
      if buffers[index].role.isState { stateEnd = end }
    }
    return (end, stateEnd)
  }

  /// Rounds up to the alignment.
  public static func aligned(_ byteCount: Int) -> Int {
    (byteCount + alignment - 1) / alignment * alignment
  }
}
