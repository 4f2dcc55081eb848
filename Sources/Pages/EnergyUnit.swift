import Reports

/// The unit in which energies are told: the largest of which there is at least one.
package struct EnergyUnit {
  /// The name.
  package let name: String
  /// One of it, in pJ.
  private let picojoules: Double

  /// The unit for energies of which the largest is `largest` pJ.
  package init(for largest: Double) {
    let units = [("mJ", 1e9), ("µJ", 1e6), ("nJ", 1e3)]
    (name, picojoules) = units.first { largest >= $0.1 } ?? ("pJ", 1)
  }

  /// An energy in this unit, without its name.
  package func number(_ energy: Double) -> String {
    fixedPoint(energy / picojoules, digits: 4, grouping: true)
  }

  /// An energy in this unit.
  func text(_ energy: Double) -> String { "\(number(energy)) \(name)" }
}
