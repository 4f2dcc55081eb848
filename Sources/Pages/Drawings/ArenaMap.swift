import Diagnostics
import Lowering
import Reports

/// What lies in a plan's arena: a rectangle a buffer, as wide as it lives and as high as it is large.
struct ArenaMap {
  /// The plan.
  let plan: Plan

  private static let left = 76
  private static let top = 30
  private static let height = 340

  /// The width of one of the plan's steps.
  private var stepWidth: Int { max(6, min(30, 1000 / max(plan.steps.count, 1))) }

  /// The picture.
  var drawing: Drawing {
    let width = plan.steps.count * stepWidth
    var drawing = Drawing(
      width: Self.left + width + 12, height: Self.top + Self.height + 44,
      title: "the arena's \(bytesInWords(plan.arenaByteCount)) over the plan's "
        + "\(counted(plan.steps.count, "step")): a rectangle a buffer")
    addScale(width, to: &drawing)
    drawing.addRectangle(
      Frame(x: Self.left, y: Self.top, width: width, height: Self.height), class: "field")
    for buffer in plan.buffers { add(buffer, to: &drawing) }
    addFullest(to: &drawing)
    addParts(width, to: &drawing)
    return drawing
  }

  /// Where an offset lies, counted from the top.
  private func y(_ offset: Int) -> Int {
    let share = Double(offset) / Double(max(plan.arenaByteCount, 1))
    return Self.top + Self.height - Int((share * Double(Self.height)).rounded())
  }

  /// Quarters of the arena, in bytes.
  private func addScale(_ width: Int, to drawing: inout Drawing) {
    for quarter in 0...4 {
      let offset = plan.arenaByteCount * quarter / 4
      drawing.addLine(
        Self.left - 4, y(offset), Self.left + width, y(offset), class: "rule")
      drawing.addText(
        bytesInWords(offset), x: Self.left - 8, y: y(offset) + 4, class: "axis", anchor: .end)
    }
  }

  private func add(_ buffer: Plan.Buffer, to drawing: inout Drawing) {
    let (upper, lower) = (y(buffer.offset + buffer.byteCount), y(buffer.offset))
    let frame = Frame(
      x: Self.left + buffer.lifetime.lowerBound * stepWidth, y: min(upper, lower - 1),
      width: buffer.lifetime.count * stepWidth, height: max(lower - upper, 1))
    let name = plan.steps[buffer.writer].names.last.map { escaped($0) } ?? ""
    drawing.addRectangle(
      frame, class: "buffer \(buffer.category.name)",
      tip: "\(buffer.category.words) of \(name): \(grouped(buffer.byteCount)) bytes "
        + "at \(grouped(buffer.offset)), "
        + "steps \(buffer.lifetime.lowerBound) to \(buffer.lifetime.upperBound)")
    let size = bytesInWords(buffer.byteCount)
    if frame.height >= 14, frame.width >= Drawing.room(for: size) + 6 {
      drawing.addText(
        size, x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 + 4, class: "cell",
        anchor: .middle)
    }
  }

  /// Marks the step at which the most lies in the arena.
  private func addFullest(to drawing: inout Drawing) {
    let fullest = plan.fullest
    let x = Self.left + fullest.step * stepWidth + stepWidth / 2
    drawing.addLine(x, Self.top - 8, x, Self.top + Self.height, class: "peak")
    let text = "fullest at step \(fullest.step): \(bytesInWords(fullest.total))"
    let isOnTheLeft = fullest.step * 2 > plan.steps.count
    // On a narrow map the text would leave it on either side, so it starts at its edge.
    let room = Drawing.room(for: text)
    let place =
      isOnTheLeft
      ? max(x + 4, room + 4) : max(min(x - 4, drawing.width - room - 4), 4)
    drawing.addText(
      text, x: place, y: Self.top - 14, class: "axis", anchor: isOnTheLeft ? .end : .start)
  }

  /// Names the parts of the network below their first steps, where there is room.
  private func addParts(_ width: Int, to drawing: inout Drawing) {
    let bottom = Self.top + Self.height
    var (free, name) = (0, "")
    for (index, step) in plan.steps.enumerated() {
      let part = step.origins.last.map(NetworkPart.prefix(of:)) ?? name
      guard part != name else { continue }
      name = part
      let x = Self.left + index * stepWidth
      drawing.addLine(x, bottom, x, bottom + 6, class: "tick")
      let label = shortened(escaped(part), to: 20)
      let room = Drawing.room(for: label)
      guard x >= free, x + room <= drawing.width else { continue }
      drawing.addText(label, x: x, y: bottom + 18, class: "axis")
      free = x + room + 8
    }
    drawing.addText(
      "steps of the plan, 0 to \(plan.steps.count - 1); offsets in the arena upwards",
      x: 4, y: bottom + 36, class: "axis")
  }
}

extension Plan.Buffer {
  /// What a buffer holds, as drawings tell it.
  enum Category: CaseIterable {
    case spikes, reals, workspace, membrane, sum

    /// The class in the style sheet.
    var name: String {
      switch self {
      case .spikes: "spike"
      case .reals: "real"
      case .workspace: "workspace"
      case .membrane: "membrane"
      case .sum: "sum"
      }
    }

    /// In words.
    var words: String {
      switch self {
      case .spikes: "spikes, a bit each"
      case .reals: "numbers, 32 bits each"
      case .workspace: "workspace of a kernel"
      case .membrane: "membranes, 32 bits each"
      case .sum: "sums over time, 32 bits each"
      }
    }
  }

  /// What it holds.
  var category: Category {
    switch role {
    case .value: layout.isBits ? .spikes : .reals
    case .workspace: .workspace
    case .membrane: .membrane
    case .sum: .sum
    }
  }
}
