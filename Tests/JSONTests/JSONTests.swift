import Diagnostics
import JSON
import Testing

/// JSON texts are read exactly, or refused at their place.
@Suite struct JSONTests {
  /// Reads a text.
  static func parse(
    _ text: [UInt8], _ limits: JSONLimits = .standard
  ) throws(Diagnostic) -> JSONValue {
    try JSONValue(parsing: text.span, limits: limits)
  }

  /// A text and what it is.
  static let values: [(String, JSONValue)] = [
    ("null", .null), ("true", .boolean(true)), (" false\n", .boolean(false)),
    ("0", .integer(0)), ("-9223372036854775808", .integer(.min)),
    ("9223372036854775807", .integer(.max)), ("0.5", .real(0.5)), ("1e2", .real(100)),
    ("-0.0", .real(-0.0)), ("1E-400", .real(0)), ("\"\"", .string("")),
    (#""a\"\\\/\n\u00e9\ud83d\ude00""#, .string("a\"\\/\n\u{E9}\u{1F600}")),
    ("[]", .array([])), ("{}", .object([])),
    (
      "[1, [2.0, \"]\"], {\"\": null}]",
      .array([
        .integer(1), .array([.real(2), .string("]")]), .object([JSONMember("", .null)]),
      ])
    ),
    (
      "{\"z\": 1, \"a\": {\"z\": 2}, \"A\": 3}",
      .object([
        JSONMember("z", .integer(1)), JSONMember("a", .object([JSONMember("z", .integer(2))])),
        JSONMember("A", .integer(3)),
      ])
    ),
  ]

  @Test(arguments: values.indices)
  func reads(_ index: Int) throws {
    let (text, value) = Self.values[index]
    #expect(try Self.parse(Array(text.utf8)) == value)
  }

  /// A text that is none, the diagnostic and the line where it stands.
  static let malformed: [(String, id: String, line: Int)] = [
    ("", "json-syntax", 1), (" \n ", "json-syntax", 2), ("nul", "json-syntax", 1),
    ("True", "json-syntax", 1), ("NaN", "json-syntax", 1), ("Infinity", "json-syntax", 1),
    ("01", "json-syntax", 1), ("+1", "json-syntax", 1), ("1.", "json-syntax", 1),
    (".5", "json-syntax", 1), ("0x10", "json-syntax", 1), ("1 2", "json-syntax", 1),
    ("{}\n{}", "json-syntax", 2), ("{}\u{0}", "json-syntax", 1), ("[1,]", "json-syntax", 1),
    ("{\"a\":1,}", "json-syntax", 1), ("{a: 1}", "json-syntax", 1), ("{'a': 1}", "json-syntax", 1),
    ("[1\n2]", "json-syntax", 2), ("// a\n1", "json-syntax", 1), ("\"a\nb\"", "json-syntax", 1),
    (#""\x41""#, "json-syntax", 1), (#""\ud800""#, "json-syntax", 1),
    (#""\u0000""#, "json-syntax", 1), (#"{"\u0000": 1}"#, "json-syntax", 1),
    ("\u{FEFF}{}", "json-syntax", 1), ("9223372036854775808", "json-syntax", 1),
    ("1e400", "json-syntax", 1), ("]", "json-syntax", 1), ("[}", "json-syntax", 1),
    ("{\"a\": 1,\n \"a\": 1}", "json-duplicate", 2),
    (#"{"a": 1, "\u0061": 2}"#, "json-duplicate", 1),
    ("[{\"b\": {\"c\": 1, \"c\": 1}}]", "json-duplicate", 1),
  ]

  @Test(arguments: malformed.indices)
  func refuses(_ index: Int) throws {
    let (text, id, line) = Self.malformed[index]
    let error = try #require(throws: Diagnostic.self) { _ = try Self.parse(Array(text.utf8)) }
    #expect(error.id == id, "\(error.message)")
    guard case .text(line, let column) = error.location.place else {
      Issue.record("\(error.location)")
      return
    }
    #expect(column >= 1)
    #expect(error.message.first?.isUppercase == false)
  }

  @Test(arguments: [
    [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
  ])
  func refusesWhatIsNotUTF8(_ bytes: [UInt8]) {
    let error = #expect(throws: Diagnostic.self) { _ = try Self.parse(bytes) }
    #expect(error?.id == "json-syntax")
  }

  @Test func everyPrefixIsAnError() {
    let text = Array(#"{"a": [1, -2.5e3, "b\\\u00e9"], "c": {"d": null, "e": true}}"#.utf8)
    for count in 0..<text.count {
      let error = #expect(throws: Diagnostic.self) { _ = try Self.parse(Array(text[..<count])) }
      #expect(error?.id == "json-syntax")
    }
  }

  @Test func namesThatOnlyLookEqualAreTwo() throws {
    let value = try Self.parse(Array("{\"\u{E9}\": 1, \"e\u{301}\": 2}".utf8))
    #expect(value["\u{E9}"] == .integer(1))
    #expect(value["e\u{301}"] == .integer(2))
    #expect(value["e"] == nil)
  }

  @Test func limitsHoldBeforeAnythingIsMade() throws {
    /// The diagnostic's id, or `nil` where the text is read.
    func id(_ text: String, _ limits: JSONLimits) -> String? {
      do throws(Diagnostic) { _ = try Self.parse(Array(text.utf8), limits) } catch {
        return error.id
      }
      return nil
    }
    let limits = JSONLimits(bytes: 40, depth: 3, values: 5)
    #expect(id("[[[1]]]", limits) == nil)
    #expect(id("[[[[1]]]]", limits) == "json-limit")
    #expect(id(#"{"a":{"b":{"c":{}}}}"#, limits) == "json-limit")
    #expect(id("[1,2,3,4]", limits) == nil)
    #expect(id("[1,2,3,4,5]", limits) == "json-limit")
    #expect(id(#"["[[[[,,,,,,\"[[[["]"#, limits) == nil)
    #expect(id(String(repeating: " ", count: 41), limits) == "json-limit")
    // Broken off or not, nesting is found before jansson would call itself so often.
    #expect(id(String(repeating: "[", count: 1 << 20), .standard) == "json-limit")
    #expect(id(String(repeating: "{\"a\":", count: 1 << 20), .standard) == "json-limit")
    let deepest = JSONLimits(bytes: 1 << 20, depth: .max, values: .max)
    #expect(id(String(repeating: "[", count: 513), deepest) == "json-limit")
    let brackets = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
    #expect(id(brackets, deepest) == nil)
  }
}
