import SpikeIR
import Testing
import Verification

/// What is exempt, and what only looks like it.
@Suite struct ExemptionTests {
  /// The verdict on a module of these lines, whose input is of `type`.
  static func verdict(
    _ type: String, _ lines: String, output: String, _ profile: Profile = .spikeDriven
  ) throws -> (module: Module, verdict: Verdict) {
    let module = try Module(
      parsing: """
        snnir 1
        module @"case" {
        time_steps = 2
        weight @"w" : f32 [2, 2] = [1.0, 1.0, 1.0, 1.0]
        input %x : \(type)
        \(lines)
        output \(output)
        }
        """)
    return (module, module.verify(profile))
  }

  @Test func anImageTimesItselfIsNoEncoding() throws {
    #expect(try !Self.verdict("real [2]", "%1 = mul %x, %x", output: "%1").verdict.holds)
    let attention =
      "%1 = matmul %x, %x {transpose_lhs = false, transpose_rhs = true}"
    let (_, verdict) = try Self.verdict("real [1, 2, 2]", attention, output: "%1", .eventDriven)
    #expect(!verdict.holds)
  }

  @Test func spikesOfTheInputThatAreAddedUpAreNoImage() throws {
    let (_, verdict) = try Self.verdict(
      "timed spike [2]",
      "%1 = add %x, %x %2 = linear %1, @\"w\" %3 = lif %2 "
        + "{tau = 2.0, threshold = 1.0} from \"n\"", output: "%3")
    #expect(!verdict.holds)
  }

  @Test func whatTheOutputDoesNotNeedIsNoReadout() throws {
    let lines =
      "%1 = lif %x {tau = 2.0, threshold = 1.0} from \"n\" %2 = mean_steps %1 "
      + "%3 = linear %2, @\"w\""
    #expect(try Self.verdict("timed real [2]", lines, output: "%3").verdict.holds)
    #expect(try !Self.verdict("timed real [2]", lines, output: "%1").verdict.holds)
  }

  @Test func gatesAreNotJudgedByProfilesOfSums() throws {
    let (_, verdict) = try Self.verdict("real [2]", "%1 = mul %x, %x", output: "%1", .eventDriven)
    #expect(verdict.findings.isEmpty && verdict.holds)
  }

  @Test func unrollingIsNoHelpForProductsOfIntegers() throws {
    let lines =
      "%1 = lif %x {tau = 2.0, threshold = 1.0} from \"n\" %2 = add %1, %1 "
      + "%3 = add %2, %1 %4 = mul %2, %3 %5 = scale %3 {factor = 0.375} %6 = mean_steps %4"
    let (module, verdict) = try Self.verdict("timed real [2]", lines, output: "%6")
    #expect(!verdict.holds)
    #expect(module.remedies(for: verdict).isEmpty)
  }

  @Test func longWaysAreWalkedOnceHoweverManyAsk() throws {
    var lines = "%1 = lif %x {tau = 2.0, threshold = 1.0} from \"n\" %a1 = add %1, %1 "
    let count = 4000
    for index in 2...count { lines += "%a\(index) = add %a\(index - 1), %1 " }
    for index in 1...count { lines += "%l\(index) = linear %a\(index), @\"w\" " }
    let (module, verdict) = try Self.verdict(
      "timed real [2]", lines, output: "%l\(count)", .eventDriven)
    let derivations = Derivations(of: module)
    #expect(verdict.findings.count == count)
    for finding in verdict.findings {
      let (first, omitted, last) = derivations.steps(to: finding.operands[0])
      #expect(first.count + last.count <= 7 && omitted >= 0)
    }
  }
}
