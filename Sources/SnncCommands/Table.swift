import Reports

/// Rows of text in columns.
struct Table {
  private var rows: [[String]] = []

  /// The first column of numbers, which end where their column does; all others start there.
  private let firstNumber: Int

  /// Creates a table whose columns from `firstNumber` on are numbers.
  init(numbersFrom firstNumber: Int = .max) {
    self.firstNumber = firstNumber
  }

  /// Adds a row.
  mutating func add(_ cells: String...) {
    rows.append(cells)
  }

  /// Adds a row.
  mutating func add(_ cells: [String]) {
    rows.append(cells)
  }

  /// The rows, each column as wide as its widest cell.
  var lines: [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      let isPadded = { (row: [String]) in
        row.count > column + (column < firstNumber ? 1 : 0)
      }
      return rows.filter(isPadded).map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: max(widths[column] - cell.count, 0))
        if column > 0 { line += "  " }
        if column >= firstNumber {
          line += padding + cell
        } else {
          line += cell + (column + 1 < row.count ? padding : "")
        }
      }
      return line
    }
  }
}

/// A share in percent, or a dash where there is none.
func percent(_ share: Double?) -> String { share.map { Reports.percent($0) } ?? "-" }
