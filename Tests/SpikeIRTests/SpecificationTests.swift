import Diagnostics
import Foundation
import SpikeIR
import Testing

/// The pages of `ir-spec/` and the code say the same.
@Suite struct SpecificationTests {
  /// A section of `ops.md`.
  struct OpSection: CustomStringConvertible {
    let mnemonic: String
    /// The text under each heading, in order.
    let parts: [(heading: Substring, text: String)]
    var description: String { mnemonic }

    /// The numbers of the constraints C1, C2 and so on.
    var constraints: [Int] {
      let text = parts.first { $0.heading == "Constraints" }?.text ?? ""
      return text.matches(of: #/(?m)^- C(\d+): /#).compactMap { Int($0.1) }
    }
  }

  /// The headings of a section.
  static let headings: [Substring] = [
    "Semantics", "Operands", "Weights", "Attributes", "Constraints", "Result", "Example",
  ]

  static let tests = URL(filePath: #filePath).deletingLastPathComponent()
  static let root = tests.deletingLastPathComponent().deletingLastPathComponent()

  /// The text of a file below the root.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The sections of `ops.md`.
  static var sections: [OpSection] {
    get throws {
      try text("ir-spec/ops.md").split(separator: "\n## ").dropFirst().map { section in
        let parts = section.split(separator: "\n### ").dropFirst().map { part in
          let lines = part.split(separator: "\n", maxSplits: 1)
          return (heading: lines[0], text: String(lines[1]))
        }
        return OpSection(
          mnemonic: String(section.prefix { $0 != "\n" }), parts: parts)
      }
    }
  }

  /// The texts of all files with this extension under a folder.
  static func files(_ folder: URL, _ suffix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == suffix }
      .map { try String(contentsOf: $0, encoding: .utf8) }
  }

  @Test func everyOpHasASection() throws {
    #expect(try Self.sections.map(\.mnemonic) == Op.definitions.map(\.mnemonic))
  }

  @Test(arguments: try sections)
  func sectionsHaveEveryHeading(_ section: OpSection) {
    #expect(section.parts.map(\.heading) == Self.headings)
  }

  @Test(arguments: try sections)
  func sectionsNameWhatTheDefinitionHas(_ section: OpSection) throws {
    let definition = try #require(Op.definitions.first { $0.mnemonic == section.mnemonic })
    /// The names in code font that `heading` starts a sentence or an item with.
    func names(_ heading: Substring) -> [String] {
      let text = section.parts.first { $0.heading == heading }?.text ?? ""
      let pattern = heading == "Attributes" ? #/(?m)^(?:- )?`(\w+)`: /# : #/`(\w+)`/#
      return text.matches(of: pattern).map { String($0.1) }
    }
    #expect(names("Operands") == definition.operands)
    #expect(names("Weights") == definition.weights)
    #expect(names("Attributes") == definition.attributes.map(\.name))
    for attribute in definition.attributes {
      #expect(
        section.parts[3].text.contains("`\(attribute.name)`: \(attribute.kind.rawValue)"))
    }
  }

  @Test(arguments: try sections)
  func constraintsAreCheckedAndTested(_ section: OpSection) throws {
    let sources = try Self.files(Self.root.appending(path: "Sources/SpikeIR/Ops"), "swift")
    let source = try #require(sources.first { $0.contains("mnemonic: \"\(section.mnemonic)\"") })
    let checked = source.matches(of: /violation\(\s*(\d+),/).compactMap { Int($0.1) }
    #expect(Set(checked) == Set(section.constraints))
    #expect(section.constraints == Array(1..<section.constraints.count + 1))
    let cases = try Self.files(Self.tests.appending(path: "Cases"), "snnir").joined()
    let tests = try Self.files(Self.tests, "swift").joined()
    for constraint in section.constraints {
      let id = "\(section.mnemonic)-c\(constraint)"
      #expect(cases.contains("// error: \(id)\n") || tests.contains("== \"\(id)\""), "\(id)")
    }
  }

  @Test(arguments: ["ir-spec/ops.md", "ir-spec/text.md"])
  func examplesArePrintedText(_ path: String) throws {
    let examples = try Self.text(path).matches(of: /(?s)```snnir\n(.*?)```/).map { String($0.1) }
    #expect(!examples.isEmpty)
    for example in examples {
      let module = try Module(parsing: example, file: path)
      #expect(module.text == example)
    }
  }

  @Test func examplesUseTheirOp() throws {
    for section in try Self.sections {
      let example = try #require(section.parts.last?.text)
      #expect(example.contains("= \(section.mnemonic) %"), "\(section.mnemonic)")
    }
  }
}
