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

/// A number with its digits in groups of three: `66,338,632`.
func grouped(_ number: Int) -> String {
  let digits = Array("\(number.magnitude)")
  var result = number < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
    result.append(digit)
  }
  return result
}

/// A number with two digits behind the point: `1,234.50`.
func decimals(_ number: Double) -> String {
  let hundredths = Int((number * 100).rounded())
  let rest = hundredths.magnitude % 100
  let sign = hundredths < 0 ? "-" : ""
  return "\(sign)\(grouped(Int(hundredths.magnitude / 100))).\(rest < 10 ? "0" : "")\(rest)"
}
