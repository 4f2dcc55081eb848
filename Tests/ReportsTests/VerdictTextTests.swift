import Passes
import Reports
import SpikeIR
import Testing

/// How the verdict on spike-driven computation reads.
@Suite struct VerdictTextTests {
  static func module() throws -> Module {
    try Module(
      parsing: """
        snnir 1
        module @"a \\x22name\\x22" {
        time_steps = 2
        weight @"w" : f32 [1, 1] = [1.0]
        input %x : real [1]
        %1 = linear %x, @"w" from "stem"
        %2 = lif %1 {tau = 2.0, threshold = 1.0} from "lif"
        %3 = add %2, %2 from "block.0"
        %4 = linear %3, @"w" from "block.0.fc", "block.0.bn"
        %5 = lif %4 {tau = 2.0, threshold = 1.0} from "lif2"
        %6 = linear %5, @"w" from "head"
        output %6
        }
        """)
  }

  @Test func theSummaryNamesWhatIsExempt() throws {
    let verdict = try Self.module().verifySpikeDriven()
    #expect(
      verdict.summary(strict: false) == [
        "1 of 3 products are spike-driven", "exempt (encoding): stem",
        "0 of 1 residual additions are membrane shortcuts", "the module is NOT spike-driven",
      ])
  }

  @Test func violationsAreExplained() throws {
    let module = try Self.module()
    let verdict = module.verifySpikeDriven()
    #expect(
      verdict.findings.map(\.judgement) == ["exempt: encoding", "NOT spike-driven", "spike-driven"])
    #expect(
      verdict.violations.map { $0.explanation(in: module) } == [
        "linear block.0.fc block.0.bn multiplies count<2> from add block.0"
      ])
  }

  @Test func jsonSaysTheSame() throws {
    let module = try Self.module()
    #expect(
      module.verifySpikeDriven(strict: true).json(of: module, strict: true) == """
        {
          "module": "a \\"name\\"",
          "check": "spike-driven",
          "strict": true,
          "holds": false,
          "products": [
            {"value": "%1", "op": "linear", "origins": ["stem"], "domains": ["real"], \
        "spikeDriven": false, "exemption": null},
            {"value": "%4", "op": "linear", "origins": ["block.0.fc", "block.0.bn"], \
        "domains": ["count<2>"], "spikeDriven": false, "exemption": null},
            {"value": "%6", "op": "linear", "origins": ["head"], "domains": ["spike"], \
        "spikeDriven": true, "exemption": null}
          ]
        }
        """)
  }
}
