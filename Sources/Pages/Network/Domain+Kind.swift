import SpikeIR

extension Domain {
  /// The kinds of domains, as their colours are called in the style sheet.
  static let kinds = ["spike", "count", "fixed", "real"]

  /// The kind, without its bounds.
  var kind: String {
    switch self {
    case .spike: "spike"
    case .count: "count"
    case .fixed: "fixed"
    case .real: "real"
    }
  }

  /// The name in drawings: the kind, and the bound of integers.
  var label: String {
    switch self {
    case .spike, .real: kind
    case .count: description
    case .fixed(_, _, let scale): "fixed 2^-\(scale)"
    }
  }
}
