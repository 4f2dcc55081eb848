import Reports

/// Shares of one by row and column, each as a number on a field that is the stronger the larger it
/// is.
struct Heatmap {
  /// A row.
  struct Row {
    /// What it is called, short enough to stand beside it.
    let label: String
    /// Whether a line parts it from the row before.
    let beginsPart: Bool
    /// The shares.
    let shares: [Double]
  }

  /// What it shows, in a sentence.
  let title: String
  /// What the columns are called.
  let columns: [String]
  /// What stands above the columns together.
  let axis: String
  /// The rows, from the top.
  let rows: [Row]

  private static let cellWidth = 50
  private static let cellHeight = 17
  private static let headerHeight = 34

  /// The largest share, of which the others' colours are parts.
  var largest: Double { rows.flatMap(\.shares).max() ?? 0 }

  /// The picture.
  var drawing: Drawing {
    let left = (rows.map { Drawing.room(for: $0.label) }.max() ?? 0) + 12
    var drawing = Drawing(
      width: left + columns.count * Self.cellWidth + 2,
      height: Self.headerHeight + rows.count * Self.cellHeight + 4, title: title)
    drawing.addText(axis, x: left, y: 12, class: "axis")
    for (column, name) in columns.enumerated() {
      drawing.addText(
        name, x: left + column * Self.cellWidth + Self.cellWidth - 6, y: 28, class: "axis",
        anchor: .end)
    }
    for (index, row) in rows.enumerated() {
      let y = Self.headerHeight + index * Self.cellHeight
      add(row, x: left, y: y, to: &drawing)
    }
    return drawing
  }

  /// How strong the strongest field is, so that the number on it can be read.
  private static let strongest = 0.62

  private func add(_ row: Row, x left: Int, y: Int, to drawing: inout Drawing) {
    if row.beginsPart {
      drawing.addLine(0, y, left + columns.count * Self.cellWidth, y, class: "rule")
    }
    drawing.addText(row.label, x: left - 8, y: y + 12, class: "path", anchor: .end)
    for (column, share) in row.shares.enumerated() {
      let x = left + column * Self.cellWidth
      drawing.addRectangle(
        Frame(x: x, y: y + 1, width: Self.cellWidth - 1, height: Self.cellHeight - 1),
        class: "heat", opacity: largest > 0 ? share / largest * Self.strongest : 0)
      drawing.addText(
        percent(share), x: x + Self.cellWidth - 6, y: y + 12, class: "cell", anchor: .end)
    }
  }
}
