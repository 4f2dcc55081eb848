import SpikeIR
import Testing

/// `ops.md`: what is written by hand, and what follows from the definitions of the ops.
struct OpPage {
  /// The section of an op.
  struct Section: CustomStringConvertible {
    /// The op's name, which is the heading.
    let mnemonic: String
    /// What stands ahead of the first part.
    let introduction: String
    /// The text under each heading, in order.
    var parts: [(heading: String, text: String)]

    var description: String { mnemonic }

    /// The text under a heading.
    subscript(heading: String) -> String { parts.first { $0.heading == heading }?.text ?? "" }

    /// The numbers of the constraints C1, C2 and so on.
    var constraints: [Int] {
      self["Constraints"].matches(of: #/(?m)^- C(\d+): /#).compactMap { Int($0.1) }
    }

    /// The examples.
    var examples: [Example] {
      get throws { try Example.all(in: self["Example"]) }
    }
  }

  /// The headings of a section.
  static let headings = [
    "Semantics", "Operands", "Weights", "Attributes", "Constraints", "Result", "Example",
  ]

  /// What stands ahead of the table of ops.
  private let head: String

  /// What stands between the table and the first section.
  private let middle: String

  /// The sections, in order.
  private(set) var sections: [Section]

  /// Reads the page.
  init(_ text: String) throws {
    let pieces = text.split(separator: "\n## ").map(String.init)
    let lines = pieces[0].split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix("| op |") })
    let end = lines[start...].firstIndex { !$0.hasPrefix("|") } ?? lines.endIndex
    head = lines[..<start].joined(separator: "\n")
    middle = lines[end...].joined(separator: "\n")
    sections = pieces.dropFirst().map { piece in
      let parts = piece.split(separator: "\n### ")
      let title = parts[0].split(
        separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      return Section(
        mnemonic: String(title[0]), introduction: title.count > 1 ? String(title[1]) : "",
        parts: parts.dropFirst().map { part in
          let lines = part.split(
            separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
          return (String(lines[0]), lines.count > 1 ? String(lines[1]) : "")
        })
    }
  }

  /// The page as it stands in the project.
  static var stored: OpPage {
    get throws { try OpPage(Specification.page("ops.md")) }
  }

  /// This page with everything that follows from the definitions.
  func generated() throws -> OpPage {
    var page = self
    for index in sections.indices {
      let section = sections[index]
      let definition = try #require(
        Op.definitions.first { $0.mnemonic == section.mnemonic }, "\(section.mnemonic)")
      page.sections[index].parts = try section.parts.map { heading, text in
        switch heading {
        case "Operands": (heading, "\n\(definition.operandText)\n")
        case "Weights": (heading, "\n\(definition.weightText)\n")
        case "Attributes": (heading, "\n\(definition.attributeText)\n")
        case "Example": (heading, try Example.generated(text))
        default: (heading, text)
        }
      }
    }
    return page
  }

  /// The text of the page.
  var text: String {
    let table =
      ["| op | operands | weights | attributes | constraints |", "|---|---|---|---|---|"]
      + zip(Op.definitions, sections).map { $0.row(constraints: $1.constraints.count) }
    return head + "\n" + table.joined(separator: "\n") + "\n" + middle
      + sections.map { section in
        "\n## \(section.mnemonic)\n" + section.introduction
          + section.parts.map { "\n### \($0.heading)\n\($0.text)" }.joined()
      }.joined()
  }
}

extension OpDefinition {
  /// Names in code font.
  private func list(_ names: some Sequence<String>) -> String {
    names.map { "`\($0)`" }.joined(separator: ", ")
  }

  /// The names of weights that must be there, and of those that may be left out.
  private var weightNames: (needed: ArraySlice<String>, optional: ArraySlice<String>) {
    (weights.dropLast(optionalWeights), weights.suffix(optionalWeights))
  }

  /// What stands under Operands.
  fileprivate var operandText: String { list(operands) + "." }

  /// What stands under Weights.
  fileprivate var weightText: String {
    guard !weights.isEmpty else { return "None." }
    let (needed, optional) = weightNames
    return list(needed) + (optional.isEmpty ? "." : ", and optionally \(list(optional)).")
  }

  /// What stands under Attributes.
  fileprivate var attributeText: String {
    let items = attributes.map { attribute in
      "`\(attribute.name)`: \(attribute.kind.rawValue), \(attribute.meaning)."
        + (attribute.default.map { " The default is \($0)." } ?? "")
    }
    return switch items.count {
    case 0: "None."
    case 1: items[0]
    default: items.map { "- \($0)" }.joined(separator: "\n")
    }
  }

  /// The row of the table of ops; what may be left out stands in brackets.
  fileprivate func row(constraints: Int) -> String {
    let (needed, optional) = weightNames
    let cells = [
      "[`\(mnemonic)`](#\(mnemonic))", list(operands),
      (needed.map { "`\($0)`" } + optional.map { "[`\($0)`]" }).joined(separator: ", "),
      attributes.map { $0.default == nil ? "`\($0.name)`" : "[`\($0.name)`]" }
        .joined(separator: ", "),
      constraintRange(constraints),
    ]
    return "| \(cells.joined(separator: " | ")) |"
  }
}

/// C1 to the last of some constraints; empty where there are none.
func constraintRange(_ count: Int) -> String {
  switch count {
  case 0: ""
  case 1: "C1"
  case 2: "C1, C2"
  default: "C1 to C\(count)"
  }
}
