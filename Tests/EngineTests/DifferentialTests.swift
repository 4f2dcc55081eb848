import Engine
import IRTestSupport
import Interpreter
import Lowering
import SpikeIR
import Testing

/// The Engine gives the Interpreter's bits, whatever the module and the number of threads.
@Suite struct DifferentialTests {
  /// A run's output, and the spikes of each layer of neurons by name.
  struct Outcome: Equatable {
    var output: [UInt32]
    var spikes: [String: [Float]] = [:]
  }

  static func interpreted(_ module: Module, _ input: [Float]) throws -> Outcome {
    let steps = module.input.isTimed ? module.timeSteps : 1
    var outcome = Outcome(output: [])
    let output = try Interpreter(module).run(
      Tensor(module.input.shape, steps: steps, input),
      observing: { outcome.spikes[$0.name] = $0.spikes.values })
    outcome.output = output.values.bits
    return outcome
  }

  static func compiled(_ plan: Plan, _ input: [Float], threads: Int) throws -> Outcome {
    let engine = try Engine(plan, threads: threads)
    var outcome = Outcome(output: [])
    // Twice on one engine: nothing may be left over from the sample before.
    for _ in 0..<2 {
      outcome.spikes = [:]
      let output = engine.run(input) { outcome.spikes[$0.name] = $1.map { Float($0) } }
      outcome.output = output.bits
    }
    return outcome
  }

  @Test(arguments: 0..<10)
  func randomModulesGiveTheSameBits(_ group: Int) throws {
    for seed in (0..<200).map({ UInt64(group * 200 + $0) }) {
      let module = try ModuleGenerator.module(seed: seed)
      var random = SeededRandom(seed)
      let input = random.sample(of: module)
      let expected = try Self.interpreted(module, input)
      for schedule in Schedule.allCases {
        let plan = try Lowering.lower(module, schedule: schedule)
        for threads in 1...3 {
          let found = try Self.compiled(plan, input, threads: threads)
          guard found != expected else { continue }
          let layers = expected.spikes.keys.filter { found.spikes[$0] != expected.spikes[$0] }
          Issue.record(
            "seed \(seed), \(schedule), \(threads) threads, layers \(layers.sorted())\n\(module)")
          break
        }
      }
    }
  }
}
