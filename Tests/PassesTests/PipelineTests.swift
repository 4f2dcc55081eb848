import Diagnostics
import IRTestSupport
import Passes
import SpikeIR
import Testing

/// Pipelines as the command line gives them.
@Suite struct PipelineTests {
  @Test func namesAreReadInOrder() throws {
    let names = "remove-dead,fold-batch-norm,remove-dead"
    let pipeline = try Pipeline(parsing: names)
    #expect(pipeline.passes.map(\.name).joined(separator: ",") == names)
    #expect(try Pipeline(parsing: "").passes.isEmpty)
  }

  @Test(arguments: ["fold", "fold-batch-norm, remove-dead", "Remove-Dead", "remove-dead;x"])
  func unknownNamesAreRefused(_ names: String) throws {
    let error = #expect(throws: Diagnostic.self) { try Pipeline(parsing: names) }
    #expect(error?.id == "unknown-pass")
    #expect(error?.status == .usage)
    let note = try #require(error?.notes.first)
    #expect(Pass.all.allSatisfy { note.contains($0.name) })
  }

  @Test func namesAreUnique() {
    #expect(Set(Pass.all.map(\.name)).count == Pass.all.count)
  }

  @Test func everyResultIsShown() throws {
    var shown: [String] = []
    let module = try ModuleGenerator.module(seed: 5)
    let result = try Pipeline.standard.run(on: module) { name, _ in shown.append(name) }
    #expect(shown == Pipeline.standard.passes.map(\.name))
    try result.verifyStructure()
  }
}
