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
    /// The numbers that stand behind them, in the order of the bars.
    let numbers: [String]

    /// The numbers as one text.
    var text: String { numbers.joined(separator: " / ") }
  }

  /// What it shows, in a sentence.
  let title: String
  /// What the length of a bar is, with its unit.
  let axis: String
  /// The rows, from the top.
  let rows: [Row]

  /// The pixels of a row's bars and numbers together: two charts fill a page.
  private static let plotWidth = 376
  private static let barHeight = 11
  private static let rowGap = 6
  private static let headerHeight = 22

  /// The picture.
  var drawing: Drawing {
    let left = Self.room(rows.map(\.label)) + 12
    let numberRoom = Self.room(rows.map(\.text)) + 16
    let barWidth = max(Self.plotWidth - numberRoom, 120)
    let longest = rows.flatMap(\.bars).map(\.length).max() ?? 0
    let scale = longest > 0 ? Double(barWidth) / longest : 0
    let barCount = rows.map(\.bars.count).max() ?? 1
    // Several bars of a row are thinner, so that a row is as high as it has to be for its text.
    let barHeight = barCount == 1 ? Self.barHeight : 6
    let rowHeight = max(barCount * (barHeight + 1), Self.barHeight) + Self.rowGap
    var drawing = Drawing(
      width: left + barWidth + numberRoom,
      height: Self.headerHeight + rows.count * rowHeight + 6, title: title)
    drawing.addText(axis, x: left, y: 12, class: "axis")
    for (index, row) in rows.enumerated() {
      let y = Self.headerHeight + index * rowHeight
      let baseline = y + (rowHeight - Self.rowGap) / 2 + 4
      drawing.addText(row.label, x: left - 8, y: baseline, class: "path", anchor: .end)
      for (number, bar) in row.bars.enumerated() {
        add(bar, x: left, y: y + number * (barHeight + 1), barHeight, scale, to: &drawing)
      }
      let end = row.bars.map { Self.pixels($0.length, scale) }.max() ?? 0
      drawing.addText(row.text, x: left + end + 6, y: baseline, class: "cell")
    }
    drawing.addLine(
      left, Self.headerHeight - 3, left, drawing.height - 4, class: "tick")
    return drawing
  }

  private func add(
    _ bar: Bar, x left: Int, y: Int, _ height: Int, _ scale: Double, to drawing: inout Drawing
  ) {
    var length = 0.0
    for (name, segment) in bar.segments where segment > 0 {
      let start = Self.pixels(length, scale)
      length += segment
      let width = max(Self.pixels(length, scale) - start, 1)
      drawing.addRectangle(
        Frame(x: left + start, y: y, width: width, height: height), class: "bar \(name)")
    }
  }

  private static func pixels(_ length: Double, _ scale: Double) -> Int {
    Int((length * scale).rounded())
  }

  /// The width of the longest of some texts.
  private static func room(_ texts: [String]) -> Int {
    texts.map { Drawing.room(for: $0) }.max() ?? 0
  }
}
