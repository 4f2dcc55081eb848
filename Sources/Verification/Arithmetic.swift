import SpikeIR

/// What kind of arithmetic a multiplying op comes down to.
public enum Arithmetic: Hashable, Sendable, CustomStringConvertible {
  /// A spike says whether a term is added.
  case gatedAdditions
  /// A term is added as often as an integer says, at most this often.
  case repeatedAdditions(Int)
  /// A multiplication and an addition a term.
  case multiplications

  /// What operands of these domains take.
  init(_ domains: [Domain]) {
    let counts = domains.compactMap(\.maximumCount)
    switch counts.min() {
    case 1: self = .gatedAdditions
    case let count?: self = .repeatedAdditions(count)
    case nil: self = .multiplications
    }
  }

  /// The name in certificates, with AC for additions and MAC for multiplications and additions.
  public var description: String {
    switch self {
    case .gatedAdditions: "AC spikes"
    case .repeatedAdditions(let maximum): "AC integers up to \(maximum)"
    case .multiplications: "MAC"
    }
  }
}

extension Domain {
  /// The largest of the integers from 0 that the domain consists of; `nil` for another domain.
  var maximumCount: Int? {
    switch self {
    case .spike: 1
    case .count(let maximum): maximum
    case .fixed, .real: nil
    }
  }
}
