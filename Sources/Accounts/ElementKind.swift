import SpikeIR

/// What the elements of a domain cost to add and to multiply: the simpler, the less.
enum ElementKind: Int, Comparable {
  case spike, integer, real

  /// The kind of a domain's elements; `fixed` counts as integers, being integers times a constant.
  init(_ domain: Domain) {
    switch domain {
    case .spike: self = .spike
    case .count, .fixed: self = .integer
    case .real: self = .real
    }
  }

  /// The event of adding an element.
  var addition: Event { self == .spike ? .acSpike : .addition }

  /// The event of adding an element's product with a number that is no simpler.
  var product: Event {
    switch self {
    case .spike: .acSpike
    case .integer: .acInteger
    case .real: .mac
    }
  }

  /// The event of dividing a sum, by the kind of the quotient.
  var quotient: Event { self == .real ? .mac : .acInteger }

  static func < (lhs: ElementKind, rhs: ElementKind) -> Bool { lhs.rawValue < rhs.rawValue }
}

extension Events {
  /// Counts terms that are products with a weight, each of which is read.
  mutating func multiply(_ kind: ElementKind, by terms: Int) {
    self[kind.product] += terms
    self[.weightRead] += terms
  }
}
