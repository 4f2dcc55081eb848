import Diagnostics
import Interpreter
import Reports
import SpikeIR
import Testing

/// Where a run parts from a reference: at once, and what follows from it.
@Suite struct ComparisonTests {
  /// Two layers of neurons behind one another; each fires where its input is at least 1.
  static func module() throws -> Module {
    try Module(
      parsing: """
        snnir 1
        module @"two layers" {
        time_steps = 2
        input %x : timed real [3]
        %1 = lif %x {tau = 1.0, threshold = 1.0} from "first"
        %2 = lif %1 {tau = 1.0, threshold = 1.0} from "second"
        output %2
        }
        """)
  }

  /// The comparison of one sample, which fires at 3 of 6 places, with packed spikes.
  static func compare(_ first: UInt8, _ second: UInt8) throws -> Comparison {
    let module = try module()
    return try Comparison(
      of: module, with: .init(spikes: ["first": [first], "second": [second]], samples: 1),
      on: [Tensor(module.input.shape, steps: 2, [1, 0, 1.5, 0.75, 0, 1])])
  }

  @Test func equalSpikesDoNotDiffer() throws {
    let comparison = try Self.compare(0b10100100, 0b10100100)
    #expect(comparison.layers.map(\.name) == ["first", "second"])
    #expect(comparison.free == 0 && comparison.forced == 0 && comparison.count == 12)
    #expect(comparison.firstFree == nil && comparison.largestMargin == 0)
    #expect(comparison.outputs == [[1, 0, 1, 0, 0, 1]])
  }

  @Test func forcedRunsShowADifferenceOnlyWhereItArises() throws {
    // The reference also fires at the fourth place, where the membrane is 0.25 below.
    let comparison = try Self.compare(0b10110100, 0b10110100)
    #expect(comparison.layers.map(\.free) == [1, 1])
    #expect(comparison.layers.map(\.forced) == [1, 0])
    #expect(comparison.layers.map(\.largestMargin) == [0.25, 0])
    #expect(comparison.firstFree?.name == "first")
  }

  @Test func samplesAreTheMiddleAxisOfTheReference() throws {
    let module = try Self.module()
    let samples: [[Float]] = [[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 0, 1]]
    // [step][sample][neuron]: 111 000, then 000 101.
    let bits: [UInt8] = [0b11100000, 0b01010000]
    let comparison = try Comparison(
      of: module, with: .init(spikes: ["first": bits, "second": bits], samples: 2),
      on: samples.map { Tensor(module.input.shape, steps: 2, $0) })
    #expect(comparison.free == 0 && comparison.count == 24)
  }

  @Test(
    arguments: [
      (["first": [0]], "missing-spikes"), (["first": [0], "second": [0, 0]], "spikes-size"),
    ] as [([String: [UInt8]], String)])
  func referencesMustFit(_ spikes: [String: [UInt8]], _ id: String) throws {
    let module = try Self.module()
    let error = #expect(throws: Diagnostic.self) {
      try Comparison(of: module, with: .init(spikes: spikes, samples: 1), on: [])
    }
    #expect(error?.id == id)
  }
}
