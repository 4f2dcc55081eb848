import Checkpoint

extension Hint {
  /// The number that this is, or spells, or that height and width in a list are, as in
  /// `img_size=(224, 224)` and `input_size=[3, 224, 224]`.
  var number: Double? {
    switch self {
    case .integer(let value): return Double(value)
    case .real(let value): return value
    case .text(let text): return Double(text)
    case .list(let values):
      let numbers = Set((values.count == 3 ? values[1...] : values[...]).map(\.number))
      return numbers.count == 1 ? numbers.first ?? nil : nil
    case .boolean, .none: return nil
    }
  }

  /// Whether this is a text.
  var isText: Bool {
    if case .text = self { true } else { false }
  }

  /// The value as plain text: of a number its digits, as some scripts write `1111` for a word.
  var text: String {
    switch self {
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .text(let value): value
    case .boolean(let value): "\(value)"
    case .list(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
    case .none: "none"
    }
  }
}
