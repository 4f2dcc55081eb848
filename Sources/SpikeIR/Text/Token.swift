import Diagnostics

/// A lexical element of the text form.
enum Token: Hashable {
  /// A keyword, a mnemonic or the name of an attribute.
  case word(String)
  /// A value's name, `%name`, without the sign.
  case value(String)
  /// The name of the module or a weight, `@"name"`, without the sign and unescaped.
  case symbol(String)
  /// A string, unescaped.
  case string(String)
  /// A number without point and exponent.
  case integer(Int)
  /// A number with point or exponent, as it is written: its format depends on where it stands.
  case real(String)
  /// One of `{ } [ ] < > = : , ^`.
  case sign(Unicode.Scalar)
  /// The end of the text.
  case end
}

extension Token: CustomStringConvertible {
  /// The token as an error message names it.
  var description: String {
    switch self {
    case .word(let text), .real(let text): "'\(escaped(text))'"
    case .value(let name): "'%\(escaped(name))'"
    case .symbol(let name): "'@\(quoted(name))'"
    case .string(let text): quoted(text)
    case .integer(let value): "'\(value)'"
    case .sign(let sign): "'\(sign)'"
    case .end: "the end"
    }
  }
}

/// Returns `text` as a string of the text form: in quotes, with every byte that is not printable
/// ASCII, the quote and the backslash as `\xHH`.
func quoted(_ text: String) -> String {
  let pieces = text.utf8.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
  return "\"" + pieces.map { escaped(utf8: $0) }.joined(separator: "\\x22") + "\""
}
