/// A table of text and numbers, in a box that scrolls where the page is narrower.
struct DataTable {
  /// A column.
  struct Column {
    /// What stands above it, with its unit.
    let title: String
    /// Whether it holds numbers, whose last digits stand below one another.
    let isNumeric: Bool

    /// A column of text.
    static func text(_ title: String) -> Column { Column(title: title, isNumeric: false) }

    /// A column of numbers.
    static func number(_ title: String) -> Column { Column(title: title, isNumeric: true) }
  }

  /// What it shows, in a sentence.
  let caption: String
  /// The columns.
  let columns: [Column]
  /// The rows: a cell a column.
  var rows: [[String]] = []
  /// A last row, parted from the others.
  var total: [String]?

  /// The table.
  var element: Element {
    Element("div", ["class": "scroll", "tabindex": "0", "role": "group", "aria-label": caption]) {
      Element("table") {
        Element("caption") { caption }
        Element("thead") {
          Element("tr") {
            for column in columns {
              Element("th", ["scope": "col", "class": column.isNumeric ? "number" : nil]) {
                column.title
              }
            }
          }
        }
        Element("tbody") { for row in rows { line(row) } }
        if let total { Element("tfoot") { line(total) } }
      }
    }
  }

  private func line(_ cells: [String]) -> Element {
    Element("tr") {
      for (column, cell) in zip(columns, cells) {
        Element("td", ["class": column.isNumeric ? "number" : nil]) { cell }
      }
    }
  }
}
