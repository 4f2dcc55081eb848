import Diagnostics

/// Cuts the text form into tokens; it works on bytes and knows no grammar.
struct Lexer {
  /// The text.
  private let bytes: [UInt8]

  /// The offset of the first byte that no token has taken.
  private var position = 0

  /// The offset at which the last token starts.
  private(set) var start = 0

  /// Starts at the beginning of `text`.
  ///
  /// - Throws: `text-limit`.
  init(_ text: String) throws(Diagnostic) {
    guard text.utf8.count <= TextLimits.bytes else {
      throw .textLimit(TextLimits.bytes, "bytes")
    }
    bytes = Array(text.utf8)
  }

  /// The line and the column, in bytes and both from 1, of a byte offset.
  func place(of offset: Int) -> Location.Place {
    let before = bytes.prefix(offset)
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return .text(line: line, column: offset - lineStart + 1)
  }

  /// The next token; `end` again and again at the end.
  ///
  /// - Throws: `unexpected-character`, `bad-string`, `bad-number` or `text-limit`, at its place.
  mutating func next() throws(Diagnostic) -> Token {
    skipBlanks()
    start = position
    guard let first = peek() else { return .end }
    switch first {
    case UInt8(ascii: "%"):
      position += 1
      return .value(try name())
    case UInt8(ascii: "@"):
      position += 1
      return .symbol(try string(atMost: TextLimits.name))
    case UInt8(ascii: "\""):
      return .string(try string(atMost: TextLimits.string))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return try number()
    case _ where Lexer.isName(first):
      return .word(try name())
    case _ where Lexer.signs.contains(first):
      position += 1
      return .sign(Unicode.Scalar(first))
    default:
      throw Diagnostic.unexpectedCharacter(first).at(place(of: position))
    }
  }

  /// The byte at the position; `nil` at the end.
  private func peek() -> UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  /// Skips spaces, tabs, line ends and comments.
  private mutating func skipBlanks() {
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
        position += 1
      case UInt8(ascii: "/") where bytes[position...].starts(with: [byte, byte]):
        skip { $0 != UInt8(ascii: "\n") }
      default:
        return
      }
    }
  }

  /// Skips bytes as long as they satisfy `condition`.
  private mutating func skip(while condition: (UInt8) -> Bool) {
    while let byte = peek(), condition(byte) { position += 1 }
  }

  /// Takes letters, digits and underscores, at least one.
  private mutating func name() throws(Diagnostic) -> String {
    let first = position
    skip(while: Lexer.isName)
    guard first < position else { throw Diagnostic.emptyName.at(place(of: start)) }
    return try text(from: first)
  }

  /// Takes a number: digits, perhaps with a sign, a fraction and an exponent.
  private mutating func number() throws(Diagnostic) -> Token {
    // Whatever looks like a number is taken, so that an error names all of it.
    skip { Lexer.isName($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    if bytes[position - 1] | 0x20 == UInt8(ascii: "e"), peek() == UInt8(ascii: "+") {
      position += 1
      skip(while: Lexer.isName)
    }
    let written = try text(from: start)
    if let value = Int(written) { return .integer(value) }
    guard Lexer.isReal(written[...].utf8) else {
      throw Diagnostic.badNumber(written).at(place(of: start))
    }
    return .real(written)
  }

  /// Takes a string in quotes and undoes its escapes.
  private mutating func string(atMost limit: Int) throws(Diagnostic) -> String {
    guard peek() == UInt8(ascii: "\"") else {
      throw Diagnostic.badString("a name in quotes follows '@'").at(place(of: start))
    }
    position += 1
    var content: [UInt8] = []
    while true {
      guard let byte = peek(), (0x20...0x7E).contains(byte) else {
        throw Diagnostic.badString("a string ends on its line and other bytes are written '\\xHH'")
          .at(place(of: position))
      }
      guard content.count <= limit else {
        throw Diagnostic.textLimit(limit, "bytes in this string").at(place(of: start))
      }
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = validText(content) else {
          throw Diagnostic.badString("a string must be UTF-8").at(place(of: start))
        }
        return text
      case UInt8(ascii: "\\"): content.append(try escape())
      default: content.append(byte)
      }
    }
  }

  /// Takes the `xHH` of an escape, whose backslash has been taken.
  private mutating func escape() throws(Diagnostic) -> UInt8 {
    let digits = bytes[position...].prefix(3)
    guard digits.count == 3, digits.first == UInt8(ascii: "x"),
      let high = Lexer.hexadecimal(bytes[position + 1]),
      let low = Lexer.hexadecimal(bytes[position + 2])
    else {
      throw Diagnostic.badString("a backslash is followed by 'x' and two hexadecimal digits")
        .at(place(of: position - 1))
    }
    position += 3
    return high << 4 | low
  }

  /// The bytes from `first` to the position, which are ASCII.
  private func text(from first: Int) throws(Diagnostic) -> String {
    guard position - first <= TextLimits.name else {
      throw Diagnostic.textLimit(TextLimits.name, "bytes in this name").at(place(of: start))
    }
    return String(decoding: bytes[first..<position], as: UTF8.self)
  }
}

extension Lexer {
  /// The bytes that are tokens by themselves.
  private static let signs = Set("{}[]<>=:,^".utf8)

  /// Whether `byte` is an ASCII letter, a digit or an underscore.
  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      true
    default: isDigit(byte)
    }
  }

  /// Whether `byte` is a decimal digit.
  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// The value of a hexadecimal digit; `nil` for other bytes.
  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    isName(byte) ? UInt8(String(Unicode.Scalar(byte)), radix: 16) : nil
  }

  /// Whether `bytes` are `[-] digits [. digits] [(e | E) [+ | -] digits]` with at least one of the
  /// two options.
  private static func isReal(_ bytes: Substring.UTF8View) -> Bool {
    var rest = bytes
    /// Removes at least one digit from the front of `rest`.
    func digits() -> Bool {
      let count = rest.prefix(while: isDigit).count
      rest = rest.dropFirst(count)
      return count > 0
    }
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    guard digits(), !rest.isEmpty else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard digits() else { return false }
    }
    guard let exponent = rest.popFirst() else { return true }
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    return exponent | 0x20 == UInt8(ascii: "e") && digits() && rest.isEmpty
  }
}

extension Diagnostic {
  /// The error of a text that holds more than `limit` of `things`.
  static func textLimit(_ limit: Int, _ things: String) -> Diagnostic {
    .error("text-limit", "a text has at most \(limit) \(things)")
  }

  fileprivate static func unexpectedCharacter(_ byte: UInt8) -> Diagnostic {
    .error("unexpected-character", "no token starts with '\(escaped(utf8: [byte]))'")
  }

  fileprivate static var emptyName: Diagnostic {
    .error("unexpected-character", "a value's name follows '%' and has letters, digits and '_'")
  }

  fileprivate static func badString(_ rule: String) -> Diagnostic {
    .error("bad-string", rule)
  }

  fileprivate static func badNumber(_ text: String) -> Diagnostic {
    .error(
      "bad-number",
      "'\(text)' is neither an integer of 64 bits nor digits with a fraction or an exponent")
  }
}
