/// Bars that start at one line: a row a layer, one bar or several in it.
struct BarChart {
  /// A bar, of segments that follow one another.
  struct Bar {
    /// The class in the style sheet and the length of each segment, in the unit of the axis.
    let segments: [(name: String, length: Double)]

    /// The whole length.
    var length: Double { segments.reduce(0) { $0 + $1.length } }
  }

  /// A row.
  struct Row {
    /// What it is called, short enough to stand beside it.
    let label: String
    /// The bars, from the top.
    let bars: [Bar]
    /// The number that stands behind them.
    let number: String
  }

  /// What it shows, in a sentence.
  let title: String
  /// What the length of a bar is, with its unit.
  let axis: String
  /// The rows, from the top.
  let rows: [Row]

  private static let barWidth = 270
  private static let barHeight = 11
  private static let rowGap = 6
  private static let headerHeight = 22
  private static let letterWidth = 6.1

  /// The picture.
  var drawing: Drawing {
    let left = Self.room(rows.map(\.label)) + 12
    let longest = rows.flatMap(\.bars).map(\.length).max() ?? 0
    let barCount = rows.map(\.bars.count).max() ?? 1
    // Several bars of a row are thinner, so that a row is as high as it has to be for its text.
    let barHeight = barCount == 1 ? Self.barHeight : 6
    let rowHeight = max(barCount * (barHeight + 1), Self.barHeight) + Self.rowGap
    var drawing = Drawing(
      width: left + Self.barWidth + Self.room(rows.map(\.number)) + 16,
      height: Self.headerHeight + rows.count * rowHeight + 6, title: title)
    drawing.addText(axis, x: left, y: 12, class: "axis")
    for (index, row) in rows.enumerated() {
      let y = Self.headerHeight + index * rowHeight
      let baseline = y + (rowHeight - Self.rowGap) / 2 + 4
      drawing.addText(row.label, x: left - 8, y: baseline, class: "path", anchor: .end)
      for (number, bar) in row.bars.enumerated() {
        add(bar, x: left, y: y + number * (barHeight + 1), barHeight, longest, to: &drawing)
      }
      let end = row.bars.map { Self.pixels($0.length, longest) }.max() ?? 0
      drawing.addText(row.number, x: left + end + 6, y: baseline, class: "cell")
    }
    drawing.addLine(
      left, Self.headerHeight - 3, left, drawing.height - 4, class: "tick")
    return drawing
  }

  private func add(
    _ bar: Bar, x left: Int, y: Int, _ height: Int, _ longest: Double, to drawing: inout Drawing
  ) {
    var length = 0.0
    for (name, segment) in bar.segments where segment > 0 {
      let start = Self.pixels(length, longest)
      length += segment
      let width = max(Self.pixels(length, longest) - start, 1)
      drawing.addRectangle(
        Frame(x: left + start, y: y, width: width, height: height), class: "bar \(name)")
    }
  }

  private static func pixels(_ length: Double, _ longest: Double) -> Int {
    longest > 0 ? Int((length / longest * Double(barWidth)).rounded()) : 0
  }

  /// The width of the longest of some texts.
  private static func room(_ texts: [String]) -> Int {
    Int(Double(texts.map(\.count).max() ?? 0) * letterWidth)
  }
}
