/// What a diagnostic's id stands for: what it means, why, what to do, and an example.
///
/// The texts are those of `ir-spec/`, which are embedded: `diagnostics.md`, the rules of
/// `profiles.md`, and the constraints of `ops.md`. To explain a new id, write its section there.
public struct Explanation: Sendable {
  /// The id.
  public let id: String

  /// The text, in Markdown, with an example that is indented by four columns.
  public let text: String

  /// The first sentence.
  public var summary: String {
    let paragraph = text.split(separator: "\n\n").first ?? ""
    let line = paragraph.split(separator: "\n").joined(separator: " ")
    let end = line.firstRange(of: ". ")?.lowerBound ?? line.endIndex
    let sentence = line[..<end]
    return sentence.hasSuffix(".") ? String(sentence.dropLast()) : String(sentence)
  }

  /// Every explanation: the rules of profiles, the constraints of ops, then the rest in the order of
  /// its page.
  public static let all: [Explanation] = rules + constraints + others

  /// The explanation of `id`; `nil` where there is none.
  public static func of(_ id: String) -> Explanation? {
    all.first { $0.id.utf8.elementsEqual(id.utf8) }
  }

  /// The sections of `profiles.md` that are named by rules.
  private static let rules = Page(PackageResources.profiles_md).sections(atLevel: 2)
    .filter { $0.title.contains(#/^[a-z-]+-r[0-9]+$/#) }
    .map { Explanation(id: $0.title, text: $0.text) }

  /// The constraints of `ops.md`, each with its op's example.
  private static let constraints = Page(PackageResources.ops_md).sections(atLevel: 2)
    .flatMap { op in
      let parts = Page(text: op.text).sections(atLevel: 3)
      let example = parts.first { $0.title == "Example" }?.code ?? ""
      return (parts.first { $0.title == "Constraints" }?.constraints ?? []).map {
        Explanation(
          id: "\(op.title)-c\($0.number)",
          text: "`\(op.title)`: \($0.text)\n\nAn example that keeps it:\n\n\(example)")
      }
    }

  /// The sections of `diagnostics.md`.
  private static let others = Page(PackageResources.diagnostics_md).sections(atLevel: 2)
    .map { Explanation(id: $0.title, text: $0.text) }
}
