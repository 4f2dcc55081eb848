import Explanations
import Foundation
import Testing

/// Every id that the program can give is explained, and nothing else is.
@Suite struct ExplanationTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The Swift files under `Sources/`, without their comments.
  static func sources() throws -> [String] {
    let folder = root.appending(path: "Sources")
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }
      .map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }
      .map { $0.replacing(#/(?m)^ *\/\/\/.*$/#, with: "") }
  }

  /// The ids that factories of diagnostics are called with, and the rules of profiles.
  static func ids() throws -> Set<String> {
    var found: Set<String> = []
    for source in try sources() {
      for match in source.matches(of: #/\.(?:error|warning)\(\s*"([^"\\]+)"/#) {
        found.insert(String(match.1))
      }
      for match in source.matches(of: #/case \w+ = "([a-z-]+-r\d+)"/#) {
        found.insert(String(match.1))
      }
    }
    return found
  }

  /// The ids of the constraints that the ops of `ir-spec/ops.md` have.
  static func constraints() throws -> Set<String> {
    let page = try String(contentsOf: root.appending(path: "ir-spec/ops.md"), encoding: .utf8)
    return Set(
      page.split(separator: "\n## ").dropFirst().flatMap { section in
        let mnemonic = section.prefix { $0 != "\n" }
        return section.matches(of: #/(?m)^- C(\d+): /#).map { "\(mnemonic)-c\($0.1)" }
      })
  }

  @Test func everyIDIsExplainedOnceAndNoOther() throws {
    let explained = Explanation.all.map(\.id)
    #expect(Set(explained).count == explained.count)
    let expected = try Self.ids().union(Self.constraints())
    #expect(expected.count > 190)
    #expect(Set(explained).subtracting(expected).sorted() == [])
    #expect(expected.subtracting(explained).sorted() == [])
  }

  @Test func idsAreWrittenWhereTheyAreFound() throws {
    // Ids that are put together would escape the search: the ops' constraints alone are.
    let composed = try Self.sources().flatMap {
      $0.matches(of: #/\.(?:error|warning)\(\s*(?!")[^_\s]/#).map { String($0.0) }
    }
    #expect(composed.count <= 3, "\(composed)")
  }

  @Test(arguments: Explanation.all.map(\.id))
  func explanationsSayWhatAndShowAnExample(_ id: String) throws {
    let explanation = try #require(Explanation.of(id))
    let paragraphs = explanation.text.split(separator: "\n\n")
    #expect(paragraphs.count >= 2)
    #expect(paragraphs.contains { $0.hasPrefix("    ") }, "there is no example")
    #expect(explanation.summary.count > 15 && !explanation.summary.contains("\n"))
    #expect(!explanation.text.contains("]("), "links lead nowhere in a terminal")
  }

  @Test func whatIsNotKnownIsNotExplained() {
    #expect(Explanation.of("no-such-id") == nil)
    #expect(Explanation.of("") == nil)
  }
}
