import IRTestSupport
import Interpreter
import ONNX
import SpikeIR
import Testing

/// The operators that are written compute what the module does.
@Suite struct EvaluationTests {
  @Test("random modules give the Interpreter's numbers and spikes", arguments: 0..<8)
  func randomModules(_ part: Int) throws {
    for seed in UInt64(part * 25)..<UInt64(part * 25 + 25) {
      let module = try ModuleGenerator.module(seed: seed)
      try expectEqual(module, seed: seed)
    }
  }

  @Test func chainsOfConvolutions() throws {
    for seed in 0..<60 as Range<UInt64> {
      guard let module = try ModuleGenerator.convolutions(seed: seed) else { continue }
      try expectEqual(module, seed: seed)
    }
  }

  /// Runs a module both ways, on an input that the seed determines.
  private func expectEqual(_ module: Module, seed: UInt64) throws {
    var random = SeededRandom(seed)
    let steps = module.input.isTimed ? module.timeSteps : 1
    let input = random.sample(of: module)
    var layers: [String: [Float]] = [:]
    let expected = try Interpreter(module).run(
      Tensor(module.input.shape, steps: steps, input),
      observing: { layers[$0.name] = $0.spikes.values })
    let model = try Sample.decoded(module, withSpikes: true)
    let found = try Evaluator.run(model, input)
    #expect(found["output"]?.values == expected.values, "seed \(seed)")
    for (name, spikes) in layers {
      #expect(found["spikes/\(name)"]?.values == spikes, "seed \(seed), \(name)")
    }
    for value in model.outputs + model.values {
      #expect(found[value.name]?.extents == value.extents, "seed \(seed), \(value.name)")
    }
  }
}
