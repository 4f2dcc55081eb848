import Engine
import IRTestSupport
import Interpreter
import Lowering
import SpikeIR
import Testing

/// `ops.md` and the ops say the same.
@Suite struct OpPageTests {
  @Test func thePageIsWhatTheDefinitionsGive() throws {
    try Specification.expect("ops.md", toBe: OpPage.stored.generated().text)
  }

  @Test func everyOpHasASection() throws {
    #expect(try OpPage.stored.sections.map(\.mnemonic) == Op.definitions.map(\.mnemonic))
  }

  @Test(arguments: try OpPage.stored.sections)
  func sectionsHaveEveryHeading(_ section: OpPage.Section) {
    #expect(section.parts.map(\.heading) == OpPage.headings)
    #expect(section.introduction.count > 10)
  }

  @Test(arguments: try OpPage.stored.sections)
  func constraintsAreCheckedAndTested(_ section: OpPage.Section) throws {
    let source = try #require(
      try Specification.files("Sources/SpikeIR/Ops", ".swift").map(\.text)
        .first { $0.contains("mnemonic: \"\(section.mnemonic)\"") })
    let checked = source.matches(of: /violation\(\s*(\d+),/).compactMap { Int($0.1) }
    #expect(Set(checked) == Set(section.constraints))
    #expect(section.constraints == Array(1..<section.constraints.count + 1))
    #expect(try Refusals.constraints(of: section.mnemonic) == section.constraints)
  }

  @Test(arguments: try OpPage.stored.sections)
  func examplesUseTheirOpAndAreComputedEverywhere(_ section: OpPage.Section) throws {
    let examples = try section.examples
    #expect(!examples.isEmpty)
    for example in examples {
      #expect(example.text.contains("= \(section.mnemonic) %"))
      let module = try example.module
      #expect(module.text == example.text)
      let expected = try example.computed().values.bits
      #expect(example.output.bits == expected)
      for schedule in Schedule.allCases {
        let engine = try Engine(Lowering.lower(module, schedule: schedule))
        #expect(engine.run(example.input).bits == expected)
      }
    }
  }

  @Test(arguments: ["binary.md", "text.md"])
  func examplesOfTheFormsArePrintedText(_ name: String) throws {
    let page = try Specification.page(name)
    let example = try #require(page.firstMatch(of: /(?s)```snnir\n(.*?)```/)).1
    #expect(try Module(parsing: String(example)).text == example)
  }
}
