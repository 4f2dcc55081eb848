import Reports

/// The units in which a table can tell its numbers: the largest in which their sum is at least a
/// thousand, so that what makes them up is not all zeros.
struct Scale {
  /// The units, the largest first.
  private let units: [(name: String, size: Double)]

  /// Counts: `G` for 10^9, `M` for 10^6, `k` for 10^3.
  static let counts = Scale(units: [("G", 1e9), ("M", 1e6), ("k", 1e3)])

  /// Energies of pJ; a terminal's `uJ` is a page's `µJ`, since tables are ASCII.
  static let energies = Scale(units: [("mJ", 1e9), ("uJ", 1e6), ("nJ", 1e3)])

  /// The unit for the parts of `sum`.
  func unit(for sum: Double) -> Unit {
    let fitting = units.first { sum >= 1000 * $0.size } ?? units[units.count - 1]
    return Unit(name: fitting.name, size: fitting.size)
  }

  /// A unit.
  struct Unit {
    /// What stands in the head of a column.
    let name: String
    /// What one of it is.
    let size: Double

    /// A number in this unit, or a dash for none.
    func cell(_ number: Double) -> String { number == 0 ? "-" : decimals(number / size) }

    /// A number with its unit.
    func text(_ number: Double) -> String { "\(decimals(number / size)) \(name)" }
  }
}
