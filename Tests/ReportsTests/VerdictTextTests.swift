import Reports
import SpikeIR
import Testing
import Verification

/// How verdicts read.
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
    let module = try Self.module()
    #expect(
      module.verify(.spikeDriven).summary(of: module) == [
        "1 of 3 products are spike-driven", "exempt (encoding): stem",
        "0 of 1 residual additions are membrane shortcuts", "the module is NOT spike-driven",
      ])
  }

  @Test func violationsAreExplainedWithTheirPath() throws {
    let module = try Self.module()
    let verdict = module.verify(.spikeDriven)
    #expect(
      verdict.findings.map(verdict.judgement) == [
        "exempt: encoding", "NOT spike-driven", "spike-driven",
      ])
    let violation = try #require(verdict.violations.first)
    #expect(
      violation.explanation(in: module)
        == "linear block.0.fc block.0.bn multiplies count<2> from add block.0")
    #expect(
      violation.path(in: module, Derivations(of: module)) == [
        "block.0: spike + spike = count<2>", "block.0.bn multiplies count<2>",
      ])
    #expect(
      module.remedies(for: verdict).map { $0.text(for: module) } == [
        "with integers unrolled into as many spikes it holds: --profile integer:2"
      ])
  }

  @Test func numbersThatAreTooLargeAreNamed() throws {
    let module = try Module(
      parsing: """
        snnir 1
        module @"large" {
        time_steps = 1
        weight @"w" : f32 [1, 1] = [3e38]
        input %x : real [1]
        %1 = linear %x, @"w" from "head"
        output %1
        }
        """)
    let violation = try #require(module.verify(.deterministic).violations.first)
    #expect(violation.explanation(in: module) == "linear head can reach an infinity")
    #expect(violation.path(in: module, Derivations(of: module)) == [])
  }

  @Test func longPathsAreShortInTheMiddle() throws {
    let sums = (3...12).map { "%\($0) = add %\($0 - 1), %2 from \"add\($0)\"" }
    let module = try Module(
      parsing: """
        snnir 1
        module @"long" {
        time_steps = 1
        weight @"w" : f32 [1, 1] = [1.0]
        input %x : real [1]
        %1 = lif %x {tau = 2.0, threshold = 1.0}
        %2 = reshape %1 {shape = [1]}
        \(sums.joined(separator: "\n"))
        %13 = linear %12, @"w" from "fc"
        %14 = lif %13 {tau = 2.0, threshold = 1.0}
        output %14
        }
        """)
    let violation = try #require(module.verify(.spikeDriven).violations.first)
    #expect(
      violation.path(in: module, Derivations(of: module)) == [
        "add3: spike + spike = count<2>", "add4: count<2> + spike = count<3>",
        "add5: count<3> + spike = count<4>", "... 4 more ...",
        "add10: count<8> + spike = count<9>", "add11: count<9> + spike = count<10>",
        "add12: count<10> + spike = count<11>", "fc multiplies count<11>",
      ])
  }

  @Test func readoutsSayWhatTheyRead() throws {
    func line(_ tail: String) throws -> String? {
      let module = try Module(
        parsing: """
          snnir 1
          module @"readout" {
          time_steps = 3
          weight @"w" : f32 [1, 1] = [1.0]
          input %x : timed real [1, 1]
          %1 = lif %x {tau = 2.0, threshold = 1.0} from "lif"
          \(tail)
          %9 = linear %8, @"w" from "head"
          output %9
          }
          """)
      return module.verify(.spikeDriven).summary(of: module).first { $0.contains("readout") }
    }
    #expect(
      try line(
        """
        %2 = reshape %1 {shape = [1]}
        %3 = linear %2, @"w"
        %4 = reshape %3 {shape = [1, 1]}
        %6 = add %4, %4 from "block"
        %7 = mean %6 from "head"
        %8 = mean_steps %7 from "head"
        """) == "exempt (readout): head, which multiplies the real-valued membrane mean (block)")
    #expect(
      try line(
        """
        %5 = add %1, %1 from "block"
        %6 = add %5, %1 from "block.1"
        %7 = mean %6 from "head"
        %8 = mean_steps %7 from "head"
        """)
        == "exempt (readout): head, which multiplies the real-valued mean of count<3> (block.1)")
  }
}
