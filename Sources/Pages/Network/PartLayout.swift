package import SpikeIR

/// Where the nodes of a part stand in its drawing, and which way its edges take.
///
/// A node's row is one below the lowest that it reads. In a row, each node takes the lane of what it
/// reads, or the nearest that is free, so that chains run straight down and branches side by side. A
/// value that is read further down has a wire that holds a lane in the rows between. What a shortcut
/// carries runs beside all lanes.
package struct PartLayout: Sendable {
  /// A place in the grid.
  package struct Place: Hashable, Sendable {
    /// From the top.
    package var row: Int
    /// From the left.
    package var lane: Int

    /// Creates a place.
    package init(row: Int, lane: Int) {
      self.row = row
      self.lane = lane
    }
  }

  /// A way from a value to a node that reads it.
  package struct Edge: Sendable {
    /// The value.
    package let source: ValueID
    /// The node's result.
    package let target: ValueID
    /// Which of the node's operands it is.
    package let operand: Int
    /// The lanes in the rows between, from the row below the source on.
    package let lanes: [Int]
  }

  /// A way beside the lanes, from a value to the residual that it joins.
  package struct Shortcut: Sendable {
    /// The value.
    package let source: ValueID
    /// The residual's result.
    package let target: ValueID
    /// Which of the residual's operands it is.
    package let operand: Int
    /// Which of the lanes beside the others, from 0.
    package let track: Int
  }

  /// The values that come from outside, in the first row.
  package let externals: [ValueID]
  /// Where values stand.
  package private(set) var places: [ValueID: Place] = [:]
  /// The ways between them, shortcuts aside.
  package private(set) var edges: [Edge] = []
  /// The shortcuts.
  package private(set) var shortcuts: [Shortcut] = []
  /// The number of rows.
  package private(set) var rowCount = 0
  /// The number of lanes, those of shortcuts aside.
  package private(set) var laneCount = 0
  /// The number of lanes of shortcuts.
  package private(set) var trackCount = 0

  /// For each value, the lanes that its wire takes in the rows below it.
  private var wires: [ValueID: [Int]] = [:]

  /// Lays out a part.
  package init(_ part: NetworkPart, of module: Module, _ marks: Marks) {
    externals = part.externals(in: module)
    let rows = Self.rows(part, externals, module)
    rowCount = (rows.values.max() ?? 0) + 1
    let reads = part.nodes.flatMap { index in
      module.nodes[index].operands.enumerated().map {
        Read(source: $0.element, target: ValueID(index + 1), operand: $0.offset)
      }
    }
    let jumps = reads.filter { Self.isShortcut($0, rows, marks, module) }
    assignLanes(rows, reads.filter { !jumps.contains($0) })
    assignTracks(jumps)
  }

  /// That a node reads a value.
  private struct Read: Hashable {
    let source: ValueID
    let target: ValueID
    let operand: Int
  }

  /// The row of each value.
  private static func rows(
    _ part: NetworkPart, _ externals: [ValueID], _ module: Module
  ) -> [ValueID: Int] {
    var rows = Dictionary(uniqueKeysWithValues: externals.map { ($0, 0) })
    for index in part.nodes {
      let lowest = module.nodes[index].operands.compactMap { rows[$0] }.max() ?? -1
      rows[ValueID(index + 1)] = lowest + 1
    }
    return rows
  }

  /// Whether a read is the longer way into a residual, and passes at least one row by.
  private static func isShortcut(
    _ read: Read, _ rows: [ValueID: Int], _ marks: Marks, _ module: Module
  ) -> Bool {
    guard marks.residuals[read.target] != nil, let node = module.definition(of: read.target),
      let source = rows[read.source], let target = rows[read.target], target - source > 1
    else { return false }
    let highest = node.operands.compactMap { rows[$0] }.min()
    return source == highest && node.operands.firstIndex { rows[$0] == highest } == read.operand
  }

  /// Gives each value of each row its lane, and each wire the lanes between.
  private mutating func assignLanes(_ rows: [ValueID: Int], _ reads: [Read]) {
    var byRow = [[ValueID]](repeating: [], count: rowCount)
    for (value, row) in rows.sorted(by: { $0.key < $1.key }) { byRow[row].append(value) }
    var ends: [ValueID: Int] = [:]
    for read in reads { ends[read.source] = max(ends[read.source] ?? 0, rows[read.target] ?? 0) }
    let operands = Dictionary(grouping: reads, by: \.target)
    var open: [ValueID] = []
    for row in 0..<rowCount {
      var taken: Set<Int> = []
      for value in byRow[row] {
        let wanted = (operands[value] ?? []).compactMap { lastLane(of: $0.source) }.min() ?? 0
        let lane = Self.free(near: wanted, taken)
        taken.insert(lane)
        places[value] = Place(row: row, lane: lane)
      }
      open = open.filter { (ends[$0] ?? 0) > row }
      for value in open {
        let lane = Self.free(near: lastLane(of: value) ?? 0, taken)
        taken.insert(lane)
        wires[value, default: []].append(lane)
      }
      open += byRow[row].filter { (ends[$0] ?? 0) > row + 1 }
      laneCount = max(laneCount, (taken.max() ?? 0) + 1)
    }
    edges = reads.map { read in
      let between = (rows[read.target] ?? 0) - (rows[read.source] ?? 0) - 1
      return Edge(
        source: read.source, target: read.target, operand: read.operand,
        lanes: Array((wires[read.source] ?? []).prefix(between)))
    }
  }

  /// The lane in which a value was last: its wire's, or its own.
  private func lastLane(of value: ValueID) -> Int? { wires[value]?.last ?? places[value]?.lane }

  /// The free lane that is nearest to `wanted`, the right one of two.
  private static func free(near wanted: Int, _ taken: Set<Int>) -> Int {
    var distance = 0
    while true {
      if !taken.contains(wanted + distance) { return wanted + distance }
      if wanted >= distance, !taken.contains(wanted - distance) { return wanted - distance }
      distance += 1
    }
  }

  /// Gives shortcuts that pass the same row lanes of their own.
  private mutating func assignTracks(_ jumps: [Read]) {
    var ends: [Int] = []
    for jump in jumps.sorted(by: { ($0.source, $0.target) < ($1.source, $1.target) }) {
      let (first, last) = (places[jump.source]?.row ?? 0, places[jump.target]?.row ?? 0)
      let track = ends.firstIndex { $0 <= first } ?? ends.count
      if track == ends.count { ends.append(last) } else { ends[track] = last }
      shortcuts.append(
        Shortcut(
          source: jump.source, target: jump.target, operand: jump.operand, track: track))
    }
    trackCount = ends.count
  }
}
