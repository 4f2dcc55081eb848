import IRTestSupport
import Interpreter
import SpikeIR
import Testing
import Verification

/// For which neurons integers are proved to give the same bits.
@Suite struct MembraneBoundTests {
  /// The bound of one layer whose input is `domain`; `nil` where none is proved.
  static func bound(_ domain: String, _ op: String, steps: Int = 4) throws -> MembraneBound? {
    let module = try Module(
      parsing: """
        snnir 1
        module @"neurons" {
        time_steps = \(steps)
        input %x : timed \(domain) [1]
        %s = \(op) from "neurons"
        output %s
        }
        """)
    return module.verify(.spikeDriven).exactNeurons.first
  }

  @Test func attentionOfSpikingformerTakesTwentyBits() throws {
    // 196 tokens and 96 channels a head; tau 2, threshold 0.5, scale 1/8, T = 4.
    let found = try Self.bound("fixed<0, 18816, 2^-3>", "lif %x {tau = 2.0, threshold = 0.5}")
    #expect(found?.bits == 20)
    #expect(found?.input == .fixed(low: 0, high: 18816, scale: 3))
    // Half of 2352, and of a membrane below 0.5, in units of 2^-7: one unit less is below 0.5.
    #expect(found?.membrane == .fixed(low: 0, high: 150_528 + 32, scale: 7))
  }

  @Test(arguments: [
    ("spike", "if %x {threshold = 1.0}", "count<1>", 2),
    ("count<3>", "if %x {threshold = 2.0}", "count<4>", 4),
    ("fixed<-1, 1, 2^-0>", "if %x {threshold = 2.0}", "fixed<-4, 2, 2^-0>", 4),
    ("count<3>", "lif %x {tau = 1.0, threshold = 2.0}", "count<3>", 3),
    ("spike", "plif %x {inverse_tau = 0.25, threshold = 1.0}", "fixed<0, 175, 2^-8>", 10),
  ])
  func boundsAreThoseOfHand(
    _ domain: String, _ op: String, _ membrane: String, _ bits: Int
  ) throws {
    let found = try #require(try Self.bound(domain, op))
    #expect("\(found.membrane)" == membrane.replacing("count<1>", with: "spike"))
    #expect(found.bits == bits)
  }

  @Test(arguments: [
    ("real", "lif %x {tau = 2.0, threshold = 1.0}", 4),
    ("spike", "lif %x {tau = 1.75, threshold = 1.0}", 4),
    ("spike", "plif %x {inverse_tau = 0.3, threshold = 1.0}".replacing("0.3", with: "0.375"), 4),
    ("count<16777216>", "lif %x {tau = 2.0, threshold = 1.0}", 4),
    ("spike", "lif %x {tau = 2.0, threshold = 1.0}", 25),
    ("fixed<-1, 1, 2^-99>", "lif %x {tau = 2.0, threshold = 1.0}", 4),
  ])
  func whatMayRoundIsNotProved(_ domain: String, _ op: String, _ steps: Int) throws {
    #expect(try Self.bound(domain, op, steps: steps) == nil)
  }

  @Test func integersGiveTheSameSpikes() throws {
    let (steps, neurons) = (4, 5000)
    let module = try Module(
      parsing: """
        snnir 1
        module @"attention" {
        time_steps = \(steps)
        input %x : timed fixed<0, 18816, 2^-3> [\(neurons)]
        %s = lif %x {tau = 2.0, threshold = 0.5} from "lif"
        output %s
        }
        """)
    var random = SeededRandom(7)
    // Most near the threshold, where a rounding would show.
    let eighths = (0..<steps * neurons).map { _ in
      random.integer(0...random.one(of: [3, 9, 18816]))
    }
    let input = Tensor([neurons], steps: steps, eighths.map { Float($0) / 8 })
    let spikes = try Interpreter(module).run(input).values
    for neuron in 0..<neurons {
      // In units of 2^-7, of which 64 are the threshold.
      var v: Int32 = 0
      for step in 0..<steps {
        let x = Int32(eighths[step * neurons + neuron]) << 4
        v += (x - v) >> 1
        #expect(v < 1 << 19 && (v >= 64) == (spikes[step * neurons + neuron] == 1))
        if v >= 64 { v = 0 }
      }
    }
  }

  @Test func membranesStayWithinTheirBound() throws {
    var found = 0
    for seed in 0..<400 as Range<UInt64> {
      let module = try ModuleGenerator.module(seed: seed)
      let bounds = module.verify(.spikeDriven).exactNeurons
      guard !bounds.isEmpty else { continue }
      var random = SeededRandom(seed)
      let steps = module.input.isTimed ? module.timeSteps : 1
      let input = Tensor(module.input.shape, steps: steps, random.sample(of: module))
      _ = try Interpreter(module).run(
        input,
        observing: { layer in
          guard let bound = bounds.first(where: { $0.name == layer.name }) else { return }
          found += 1
          #expect(
            layer.membrane.values.allSatisfy(bound.membrane.contains), "seed \(seed) \(layer.name)")
        })
    }
    #expect(found > 100)
  }
}
