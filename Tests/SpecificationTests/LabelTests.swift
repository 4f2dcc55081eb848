import Explanations
import Testing

/// Every label of `validation.md` has code that refuses with it, a test that provokes it, and its text;
/// and every refusal of the readers has a label.
///
/// That an explained id stands in the sources is what `ExplanationsTests` holds; the constraints of
/// ops are held by `OpPageTests`.
@Suite struct LabelTests {
  /// A row of the page's tables.
  struct Label: CustomStringConvertible {
    let id: String
    /// The pages that the row refers to.
    let pages: [String]
    var description: String { id }
  }

  /// The labels of the page, in order.
  static var labels: [Label] {
    get throws {
      try Specification.page("validation.md").split(separator: "\n").compactMap { line in
        guard let match = line.firstMatch(of: #/^\| `([a-z0-9-]+)` \|/#) else { return nil }
        let pages = line.matches(of: #/\]\(([a-z]+\.md)/#).map { String($0.1) }
        return Label(id: String(match.1), pages: pages)
      }
    }
  }

  /// The ids with which Swift files under a folder of the sources refuse.
  static func ids(of module: String) throws -> Set<String> {
    Set(
      try Specification.files("Sources/\(module)", ".swift").flatMap { _, text in
        text.matches(of: #/\.error\(\s*"([a-z0-9-]+)"/#).map { String($0.1) }
      })
  }

  @Test func theReadersHaveTheseLabelsAndNoOthers() throws {
    let labels = try Self.labels.map(\.id)
    #expect(Set(labels).count == labels.count)
    // What is refused of a file that is no text, of a module's input and of a certificate.
    let others: Set = [
      "bad-text", "certificate-differs", "input-domain", "input-not-finite", "input-shape",
    ]
    let raised = try Self.ids(of: "SpikeIR").union(Self.ids(of: "SpikeIRProto")).union(others)
    #expect(raised.subtracting(labels).sorted() == [], "they have no label")
    #expect(Set(labels).subtracting(raised).sorted() == [], "nothing raises them")
    #expect(labels.count > 40)
  }

  @Test(arguments: try labels)
  func labelsHaveCodeATextAndATest(_ label: Label) throws {
    #expect(Explanation.of(label.id) != nil, "it is not in diagnostics.md")
    #expect(!label.pages.isEmpty)
    for page in label.pages {
      #expect(try Specification.page(page).contains("`\(label.id)`"), "\(page)")
    }
    let tests = try Specification.files("Tests", ".swift")
      .filter { !$0.path.contains("/SpecificationTests/") }
    let cases = try Specification.files("Tests/SpikeIRTests/Cases", ".snnir")
    #expect(
      cases.contains { $0.text.contains("// error: \(label.id)\n") }
        || tests.contains { _, text in
          // The id itself, or a message with it in brackets.
          text.contains("\"\(label.id)\"") || text.contains("[\(label.id)]")
        }, "no test provokes it")
  }

  @Test(arguments: [
    "binary.md", "execution.md", "limits.md", "structure.md", "text.md", "types.md",
    "versioning.md",
  ])
  func pagesNameNoOtherLabels(_ page: String) throws {
    let labels = Set(try Self.labels.map(\.id)).union(try Refusals.labels())
    let named = try Specification.page(page).matches(of: #/`([a-z][a-z0-9_]*(?:-[a-z0-9]+)+)`/#)
    for match in named { #expect(labels.contains(String(match.1)), "\(match.1)") }
  }
}
