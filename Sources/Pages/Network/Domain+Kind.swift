import SpikeIR

extension Domain {
  /// The kind, without its bounds, as its colour is called in the style sheet.
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
