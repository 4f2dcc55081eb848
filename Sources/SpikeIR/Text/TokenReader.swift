import Diagnostics

/// A token with the offset where it stands, or what was made of it.
typealias Located<Element> = (element: Element, offset: Int)

/// Reads tokens of expected kinds, with one token of lookahead.
struct TokenReader {
  /// What cuts the text.
  private var lexer: Lexer

  /// The token that comes next.
  private(set) var token: Token

  /// The offset of `token`.
  private(set) var offset: Int

  /// Starts at the beginning of `text`.
  init(_ text: String) throws(Diagnostic) {
    lexer = try Lexer(text)
    token = try lexer.next()
    offset = lexer.start
  }

  /// Goes to the next token.
  mutating func advance() throws(Diagnostic) {
    token = try lexer.next()
    offset = lexer.start
  }

  /// Takes the keyword `word`.
  mutating func take(word: String) throws(Diagnostic) {
    guard token == .word(word) else { throw unexpected("'\(word)'") }
    try advance()
  }

  /// Takes `sign`.
  mutating func take(_ sign: Unicode.Scalar) throws(Diagnostic) {
    guard token == .sign(sign) else { throw unexpected("'\(sign)'") }
    try advance()
  }

  /// Takes any word; `meaning` says what it is.
  mutating func word(_ meaning: String) throws(Diagnostic) -> Located<String> {
    guard case .word(let text) = token else { throw unexpected(meaning) }
    let place = offset
    try advance()
    return (text, place)
  }

  /// Takes a string.
  mutating func string() throws(Diagnostic) -> String {
    guard case .string(let text) = token else { throw unexpected("a string") }
    try advance()
    return text
  }

  /// Takes `@"name"`.
  mutating func symbol() throws(Diagnostic) -> Located<String> {
    guard case .symbol(let name) = token else { throw unexpected("a name after '@'") }
    let place = offset
    try advance()
    return (name, place)
  }

  /// Takes an integer.
  mutating func integer() throws(Diagnostic) -> Int {
    guard case .integer(let value) = token else { throw unexpected("an integer") }
    try advance()
    return value
  }

  /// Takes a number as the nearest one of a format.
  mutating func number<Format: BinaryFloatingPoint & LosslessStringConvertible>(
    _: Format.Type
  ) throws(Diagnostic) -> Format {
    let value: Format
    switch token {
    case .integer(let integer): value = Format(integer)
    case .real(let text):
      guard let number = Format(text), number.isFinite else {
        throw fail(.numberRange(text, bits: MemoryLayout<Format>.size * 8), at: offset)
      }
      value = number
    default: throw unexpected("a number")
    }
    try advance()
    return value
  }

  /// Takes `[element, ...]`, which may be empty.
  mutating func list<Element>(
    _ element: (inout TokenReader) throws(Diagnostic) -> Element
  ) throws(Diagnostic) -> [Element] {
    var elements: [Element] = []
    try take("[")
    if token != .sign("]") {
      elements.append(try element(&self))
      while token == .sign(",") {
        try advance()
        elements.append(try element(&self))
      }
    }
    try take("]")
    return elements
  }

  /// Takes `[integer, ...]`.
  mutating func integers() throws(Diagnostic) -> [Int] {
    try list { (tokens: inout TokenReader) throws(Diagnostic) in try tokens.integer() }
  }

  /// The error of the token that comes next, where `expected` must stand.
  func unexpected(_ expected: String) -> Diagnostic {
    fail(.unexpectedToken(token, expected), at: offset)
  }

  /// Returns `error` at a byte offset of the text, whatever place it named before.
  func fail(_ error: Diagnostic, at offset: Int) -> Diagnostic {
    var error = error
    error.location.place = lexer.place(of: offset)
    return error
  }

  /// Calls `body` and gives its error the place of a byte offset, which is looked for only then: the
  /// whole text before it is read for that.
  func at<Result>(
    _ offset: Int, _ body: () throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    do throws(Diagnostic) { return try body() } catch { throw fail(error, at: offset) }
  }
}

extension Diagnostic {
  fileprivate static func unexpectedToken(_ token: Token, _ expected: String) -> Diagnostic {
    .error("unexpected-token", "expected \(expected), found \(token)")
  }

  fileprivate static func numberRange(_ text: String, bits: Int) -> Diagnostic {
    .error("bad-number", "\(text) is too large for binary\(bits)")
  }
}
