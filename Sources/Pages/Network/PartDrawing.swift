import Diagnostics
import Reports
package import SpikeIR
import Verification

/// A part of a network as a picture: a box an op, in the colour of what it gives, and lines for what
/// it reads.
package struct PartDrawing {
  private let part: NetworkPart
  private let module: Module
  private let marks: Marks
  private let layout: PartLayout
  /// For each node, the lane from which each of its operands comes.
  private let lastLanes: [ValueID: [(operand: Int, lane: Int)]]
  /// The upper edge and the height of the boxes of each row.
  private let rows: [(y: Int, height: Int)]

  private static let boxWidth = 164
  private static let boxHeight = 32
  private static let slimHeight = 17
  private static let rowGap = 18
  private static let laneGap = 14
  private static let trackGap = 12
  private static let margin = 8

  /// How many letters fit in the two lines of a box.
  private static let upperLetters = 22
  private static let lowerLetters = 24

  /// Draws `part`.
  package init(_ part: NetworkPart, of module: Module, _ marks: Marks) {
    self.part = part
    self.module = module
    self.marks = marks
    let layout = PartLayout(part, of: module, marks)
    self.layout = layout
    var lastLanes: [ValueID: [(operand: Int, lane: Int)]] = [:]
    for edge in layout.edges {
      let lane = edge.lanes.last ?? layout.places[edge.source]?.lane ?? 0
      lastLanes[edge.target, default: []].append((edge.operand, lane))
    }
    for jump in layout.shortcuts {
      lastLanes[jump.target, default: []].append((jump.operand, layout.laneCount + jump.track))
    }
    self.lastLanes = lastLanes
    var isSlim = [Bool](repeating: true, count: layout.rowCount)
    for (value, place) in layout.places where part.contains(value) {
      if !module.nodes[value.index - 1].op.onlyMoves { isSlim[place.row] = false }
    }
    var y = Self.margin
    rows = isSlim.map { isSlim in
      let height = isSlim ? Self.slimHeight : Self.boxHeight
      defer { y += height + Self.rowGap }
      return (y, height)
    }
  }

  /// The picture.
  package var drawing: Drawing {
    let bottom = rows.last.map { $0.y + $0.height } ?? 0
    var drawing = Drawing(
      width: trackX(layout.trackCount) + Self.margin, height: bottom + Self.rowGap,
      title: "\(part.label): \(counted(part.nodes.count, "op")), from top to bottom")
    for edge in layout.edges { add(edge, to: &drawing) }
    for shortcut in layout.shortcuts { add(shortcut, to: &drawing) }
    for value in layout.externals { addStub(value, to: &drawing) }
    let users = module.users
    for index in part.nodes {
      let value = ValueID(index + 1)
      addBox(value, module.nodes[index], to: &drawing)
      let leaves = value == module.output || users[value.index].contains { !part.contains($0) }
      if leaves { addExit(value, to: &drawing) }
    }
    return drawing
  }

  // MARK: - Boxes

  private func frame(of value: ValueID) -> Frame {
    let place = layout.places[value] ?? PartLayout.Place(row: 0, lane: 0)
    let row = rows[place.row]
    return Frame(
      x: Self.margin + place.lane * (Self.boxWidth + Self.laneGap), y: row.y,
      width: Self.boxWidth, height: row.height)
  }

  /// A value that comes from another part.
  private func addStub(_ value: ValueID, to drawing: inout Drawing) {
    let frame = frame(of: value)
    let domain = module.type(of: value).domain
    drawing.addRectangle(
      frame, class: "stub \(domain.kind)", tip: "from \(module.title(of: value))")
    let room = Self.lowerLetters - domain.label.count - 1
    let source = value == .input ? "input" : module.label(of: value)
    drawing.addText(
      shortened(source, to: room), x: frame.x + 8, y: frame.y + 12, class: "path")
    drawing.addText(
      domain.label, x: frame.x + frame.width - 8, y: frame.y + 12, class: "domain small",
      anchor: .end)
  }

  private func addBox(_ value: ValueID, _ node: Node, to drawing: inout Drawing) {
    let frame = frame(of: value)
    let judgement = marks.judgements[value]
    let state = judgement.map { if case .violation = $0 { " bad" } else { " exempt" } } ?? ""
    let tip = module.title(of: value) + (judgement.map { "; \($0.words)" } ?? "")
    drawing.addRectangle(frame, class: "op \(node.type.domain.kind)\(state)", tip: tip)
    drawing.addRectangle(
      Frame(x: frame.x, y: frame.y, width: 4, height: frame.height),
      class: "band \(node.type.domain.kind)")
    let (left, right) = (frame.x + 10, frame.x + frame.width - 8)
    guard frame.height > Self.slimHeight else {
      drawing.addText(node.op.definition.mnemonic, x: left, y: frame.y + 12, class: "path")
      drawing.addText(
        node.type.domain.label, x: right, y: frame.y + 12, class: "domain small", anchor: .end)
      return
    }
    let domain = node.type.domain.label
    var name = node.op.definition.mnemonic
    if let window = module.window(of: node), name.count + window.count + domain.count + 2 <= 22 {
      name += " \(window)"
    }
    drawing.addText(
      shortened(name, to: Self.upperLetters - domain.count - 1), x: left, y: frame.y + 13,
      class: "name")
    drawing.addText(domain, x: right, y: frame.y + 13, class: "domain", anchor: .end)
    let mark = judgement?.symbol ?? marks.residuals[value].map { $0.rawValue } ?? ""
    drawing.addText(
      shortened(pathWithin(value), to: Self.lowerLetters - mark.count - 2), x: left,
      y: frame.y + 26, class: "path")
    if !mark.isEmpty {
      drawing.addText(mark, x: right, y: frame.y + 26, class: "mark", anchor: .end)
    }
  }

  /// The module path without the words that the whole part has in common.
  private func pathWithin(_ value: ValueID) -> String {
    let path = module.name(of: value)
    let isShared = path.hasPrefix(part.name + ".")
    return escaped(isShared ? String(path.dropFirst(part.name.count + 1)) : path)
  }

  /// An arrow down from a value that other parts read.
  private func addExit(_ value: ValueID, to drawing: inout Drawing) {
    let frame = frame(of: value)
    let kind = module.type(of: value).domain.kind
    let (x, y) = (frame.x + 16, frame.y + frame.height)
    drawing.add(
      Element("path", ["class": "edge \(kind)", "d": "M\(x) \(y)v11\(Self.tip)"]) {
        Element("title") { "leaves \(part.label)" }
      })
  }

  // MARK: - Lines

  /// The tip of an arrow that points down, from where it ends.
  private static let tip = "m-3 -4l3 4l3 -4"

  /// The left edge of a lane beside the boxes.
  private func trackX(_ track: Int) -> Int {
    Self.margin + layout.laneCount * (Self.boxWidth + Self.laneGap) + track * Self.trackGap
  }

  /// Where a line into a node's operand ends: from the left in the order of the lanes from which they
  /// come, so that lines into one node do not cross.
  private func port(_ operand: Int, of target: ValueID) -> Int {
    let frame = frame(of: target)
    let order = (lastLanes[target] ?? []).sorted { ($0.lane, $0.operand) < ($1.lane, $1.operand) }
    let place = order.firstIndex { $0.operand == operand } ?? 0
    return frame.x + frame.width / 2 + (2 * place - order.count + 1) * 14
  }

  /// A line through the gaps between rows, straight where it passes a row.
  private func add(_ edge: PartLayout.Edge, to drawing: inout Drawing) {
    let (source, target) = (frame(of: edge.source), frame(of: edge.target))
    var (x, y) = (source.x + source.width / 2, source.y + source.height)
    var path = "M\(x) \(y)"
    let firstRow = (layout.places[edge.source]?.row ?? 0) + 1
    for (offset, lane) in edge.lanes.enumerated() {
      let row = rows[firstRow + offset]
      let wireX = Self.margin + lane * (Self.boxWidth + Self.laneGap) + Self.boxWidth / 2
      path += Self.curve(from: (x, y), to: (wireX, row.y)) + "V\(row.y + row.height)"
      (x, y) = (wireX, row.y + row.height)
    }
    path += Self.curve(from: (x, y), to: (port(edge.operand, of: edge.target), target.y))
    drawing.add(
      Element(
        "path",
        ["class": "edge \(module.type(of: edge.source).domain.kind)", "d": path + Self.tip]))
  }

  private static func curve(from a: (x: Int, y: Int), to b: (x: Int, y: Int)) -> String {
    guard a.x != b.x else { return "V\(b.y)" }
    let middle = (a.y + b.y) / 2
    return "C\(a.x) \(middle) \(b.x) \(middle) \(b.x) \(b.y)"
  }

  /// A line beside all lanes, which turns in the gaps between rows.
  private func add(_ shortcut: PartLayout.Shortcut, to drawing: inout Drawing) {
    let (source, target) = (frame(of: shortcut.source), frame(of: shortcut.target))
    let (x, y) = (source.x + source.width - 16, source.y + source.height)
    let (track, end) = (trackX(shortcut.track), port(shortcut.operand, of: shortcut.target))
    let (top, bottom) = (y + Self.rowGap / 2 - 2, target.y - Self.rowGap / 2 - 1)
    drawing.add(
      Element(
        "path",
        [
          "class": "shortcut \(module.type(of: shortcut.source).domain.kind)",
          "d": "M\(x) \(y)V\(top)H\(track)V\(bottom)H\(end)V\(target.y)\(Self.tip)",
        ]
      ) { Element("title") { "shortcut to \(module.title(of: shortcut.target))" } })
  }
}
