/// Which bytes of the arena are taken at which steps, in a form that answers fast for long lives.
///
/// A segment tree over the steps: node 1 stands for all of them, and nodes 2n and 2n + 1 for the
/// halves of what node n stands for. So a life of any length is made up of a few nodes.
struct ArenaOccupancy {
  /// The number of leaves, one for each step, and up to a power of two.
  private let leafCount: Int
  /// What is taken by those that live through all steps of a node.
  private var throughout: [OccupiedBytes]
  /// What is taken by those that live at some steps of a node, or at all of them.
  private var sometime: [OccupiedBytes]

  /// An arena of which nothing is taken at any of `stepCount` steps.
  init(stepCount: Int) {
    var leafCount = 1
    while leafCount < stepCount { leafCount *= 2 }
    self.leafCount = leafCount
    throughout = [OccupiedBytes](repeating: OccupiedBytes(), count: 2 * leafCount)
    sometime = throughout
  }

  /// Takes a range of bytes for the steps of `lifetime`.
  mutating func insert(_ range: Range<Int>, during lifetime: ClosedRange<Int>) {
    for node in parts(of: lifetime) {
      throughout[node].insert(range)
      sometime[node].insert(range)
    }
    for node in edges(of: lifetime) { sometime[node].insert(range) }
  }

  /// The lowest offset at which `byteCount` bytes are free at all steps of `lifetime`.
  func lowestOffset(for byteCount: Int, during lifetime: ClosedRange<Int>) -> Int {
    let (parts, edges) = (parts(of: lifetime), edges(of: lifetime))
    var (offset, start) = (0, -1)
    while offset != start {
      start = offset
      for node in edges {
        offset = throughout[node].lowestOffset(from: offset, for: byteCount)
      }
      for node in parts {
        offset = sometime[node].lowestOffset(from: offset, for: byteCount)
      }
    }
    return offset
  }

  /// The largest nodes that make up `lifetime`.
  private func parts(of lifetime: ClosedRange<Int>) -> [Int] {
    var (low, high) = (lifetime.lowerBound + leafCount, lifetime.upperBound + leafCount + 1)
    var nodes: [Int] = []
    while low < high {
      if !low.isMultiple(of: 2) {
        nodes.append(low)
        low += 1
      }
      if !high.isMultiple(of: 2) {
        high -= 1
        nodes.append(high)
      }
      (low, high) = (low / 2, high / 2)
    }
    return nodes
  }

  /// The nodes that hold the first or the last step of `lifetime`: all above its parts are here.
  private func edges(of lifetime: ClosedRange<Int>) -> [Int] {
    var (low, high) = (lifetime.lowerBound + leafCount, lifetime.upperBound + leafCount)
    var nodes: [Int] = []
    while low > 0 {
      nodes.append(low)
      if high != low { nodes.append(high) }
      (low, high) = (low / 2, high / 2)
    }
    return nodes
  }
}
