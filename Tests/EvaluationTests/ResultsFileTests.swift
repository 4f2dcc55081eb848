import Diagnostics
import Evaluation
import Testing

/// The text that keeps results.
@Suite struct ResultsFileTests {
  static func parse(_ text: String) throws -> (results: Results, byteCount: Int)? {
    try Results.parse(Array(text.utf8).span)
  }

  static let shard = Shard(number: 2, count: 3)
  static let results = Made.results(of: Made.header(samples: 30, shard: shard))

  @Test("what is written is read again")
  func roundTrip() throws {
    let text = Self.results.text
    #expect(text.utf8.allSatisfy { $0 == 10 || (0x20...0x7E).contains($0) })
    let found = try #require(try Self.parse(text))
    #expect(found.results == Self.results)
    #expect(found.byteCount == text.utf8.count)
    #expect(found.results.isComplete)
  }

  @Test("a line is an object that a script can read")
  func line() {
    let result = SampleResult(
      index: 3, name: "a\"b", label: 1,
      outcome: .scored(
        best: [.init(output: 1, logit: 2.5), .init(output: 0, logit: -0.125)], spikes: 12))
    #expect(
      result.line
        == #"{"index": 3, "name": "a\"b", "label": 1, "best": [[1, 2.5], [0, -0.125]], "spikes": 12}"#
        + "\n")
  }

  @Test("a file that was cut short anywhere has the whole lines before")
  func torn() throws {
    let text = Array(Self.results.text.utf8)
    let header = Self.results.header.line.utf8.count
    for length in 0..<text.count {
      let found = try Results.parse(Array(text[..<length]).span)
      guard length >= header else {
        #expect(found == nil)
        continue
      }
      let ends = text[..<length].indices.filter { text[$0] == UInt8(ascii: "\n") }
      #expect(found?.byteCount == ends.last.map { $0 + 1 })
      #expect(found?.results.samples == Array(Self.results.samples.prefix(ends.count - 1)))
    }
  }

  @Test("samples that are twice, missing or of another shard are named")
  func order() throws {
    let header = Self.results.header
    let (first, second, third) = (Made.result(1), Made.result(4), Made.result(7))
    for (samples, message) in [
      ([first, first], "each sample comes once, and sample 1 comes twice"),
      ([first, second, first], "each sample comes once, and sample 1 comes twice"),
      ([first, third], "sample 4 is missing before sample 7"),
      ([first, Made.result(2)], "shard 2/3 of 30 samples, and sample 2 is none of them"),
      (Self.results.samples + [Made.result(31)], "sample 31 is none of them"),
      (Self.results.samples + [Made.result(28)], "sample 28 comes twice"),
    ] {
      let text = header.line + samples.map(\.line).joined()
      let error = #expect(throws: Diagnostic.self) { try Self.parse(text) }
      #expect(error?.id == "results-sample")
      #expect(error?.message.hasSuffix(message) == true, "\(error?.message ?? "")")
      #expect(error?.location.place == .text(line: samples.count + 1, column: 1))
    }
  }

  @Test(
    "lines that the program does not write are refused",
    arguments: [
      #"{}"#, #"[]"#, #"7"#,
      #"{"index": 0, "name": "a", "label": 10, "error": "e"}"#,
      #"{"index": 0, "name": "a", "label": -1, "error": "e"}"#,
      #"{"index": 0, "name": "a", "label": 1}"#,
      #"{"index": 0, "name": "a", "label": 1, "error": "e", "more": 1}"#,
      #"{"index": 0, "label": 1, "name": "a", "error": "e"}"#,
      #"{"index": 0, "name": "a", "label": 1, "best": [[1, 2.0]], "spikes": 0}"#,
      #"{"index": 0, "name": "a", "label": 1, "best": [[1, 2.0], [2, 1.0], [3, 0.5], [4, 0.5], [1, 0.0]], "spikes": 0}"#,
      #"{"index": 0, "name": "a", "label": 1, "best": [[1, 2.0], [2, 3.0], [3, 0.5], [4, 0.5], [5, 0.0]], "spikes": 0}"#,
      #"{"index": 0, "name": "a", "label": 1, "best": [[1, 2.0], [2, 1.0], [3, 0.5], [4, 0.5], [10, 0.0]], "spikes": 0}"#,
      #"{"index": 0, "name": "a", "label": 1, "best": [[1, 2.0], [2, 1.0], [3, 0.5], [4, 0.5], [5, 0]], "spikes": 0}"#,
      #"{"index": 0, "name": "a", "label": 1, "best": [[1, 2.0], [2, 1.0], [3, 0.5], [4, 0.5], [5, 0.0]], "spikes": 1001}"#,
    ])
  func badLines(_ line: String) {
    let text = Made.header(samples: 3).line + line + "\n"
    let error = #expect(throws: Diagnostic.self) { try Self.parse(text) }
    #expect(error?.id == "bad-results")
    #expect(error?.location.place == .text(line: 2, column: 1))
  }

  @Test("what is no JSON, or asks for too much, is refused at its line")
  func hostile() {
    let header = Made.header(samples: 3).line
    let deep = String(repeating: "[", count: 100)
    let long = "\"" + String(repeating: "a", count: 1 << 16) + "\""
    for (line, id) in [
      ("", "json-syntax"), ("{", "json-syntax"), (deep, "json-limit"), (long, "json-limit"),
    ] {
      let error = #expect(throws: Diagnostic.self) { try Self.parse(header + line + "\n") }
      #expect(error?.id == id)
      guard case .text(line: 2, _) = error?.location.place else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test("a header of something else, or of another version, is refused")
  func headers() {
    let header = Made.header(samples: 3).line
    for (old, new) in [
      ("snnc-results", "snnc-certificate"), ("\"version\": 1", "\"version\": 2"),
      ("\"outputs\": 10", "\"outputs\": 0"), ("\"1/1\"", "\"2/1\""),
      ("\"samples\": 3", "\"samples\": 99999999999"), ("\"samples\": 3", "\"samples\": -1"),
      ("\"neurons\": 1000", "\"neurons\": 1000, \"more\": 1"),
    ] {
      #expect(header.contains(old))
      let error = #expect(throws: Diagnostic.self) {
        try Self.parse(header.replacing(old, with: new))
      }
      #expect(error?.id == "bad-results")
      #expect(error?.location.place == .text(line: 1, column: 1))
    }
  }
}
