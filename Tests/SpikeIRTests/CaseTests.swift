import Diagnostics
import IRTestSupport
import SpikeIR
import Testing

/// The modules of `Cases/*.snnir` give the diagnostics that they announce, and no others.
@Suite struct CaseTests {
  @Test(arguments: try CaseFile.all)
  func diagnosticsAreAsAnnounced(_ file: CaseFile) throws {
    for section in try file.sections {
      do {
        let module = try Module(parsing: section.text, weights: CaseFile.weight)
        #expect(section.expected.isEmpty, "none came; first line \(section.firstLine + 1)")
        try module.verifyStructure()
        let printed = module.text
        #expect(try Module(parsing: printed, weights: CaseFile.weight).text == printed)
      } catch {
        let line = try #require(error.line) + section.firstLine
        #expect(
          section.expected == [CaseFile.Expectation(line: line, id: error.id)], "\(error.message)")
      }
    }
  }

  @Test func everyOpHasAFile() throws {
    let names = try CaseFile.all.map { $0.name }
    #expect(Set(Op.definitions.map(\.mnemonic)).subtracting(names).isEmpty)
  }
}

extension Diagnostic {
  /// The line of a diagnostic of a text.
  var line: Int? {
    guard case .text(let line, _) = location.place else { return nil }
    return line
  }
}
