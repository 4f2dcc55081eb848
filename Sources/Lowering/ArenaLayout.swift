extension Plan {
  /// Every buffer starts at a multiple of this many bytes.
  public static let alignment = 64

  /// Places buffers so that those that live at the same time do not overlap.
  ///
  /// The largest come first, each at the lowest place that is free through its whole life: the
  /// usual heuristic for this problem, within a few percent of the bound in practice.
  ///
  /// - Returns: the bytes of the arena.
  static func place(_ buffers: inout [Buffer]) -> Int {
    var placed: [Int] = []
    var end = 0
    let order = buffers.indices.sorted {
      (buffers[$1].byteCount, $0) < (buffers[$0].byteCount, $1)
    }
    for index in order {
      let neighbours = placed.filter { buffers[$0].lifetime.overlaps(buffers[index].lifetime) }
        .sorted { buffers[$0].offset < buffers[$1].offset }
      var offset = 0
      for neighbour in neighbours {
        if offset + buffers[index].byteCount <= buffers[neighbour].offset { break }
        offset = max(offset, buffers[neighbour].offset + aligned(buffers[neighbour].byteCount))
      }
      buffers[index].offset = offset
      end = max(end, offset + aligned(buffers[index].byteCount))
      placed.append(index)
    }
    return end
  }

  /// Rounds up to the alignment.
  public static func aligned(_ byteCount: Int) -> Int {
    (byteCount + alignment - 1) / alignment * alignment
  }
}
