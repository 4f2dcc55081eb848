import Engine
import IRTestSupport
import Interpreter
import Lowering
import ModelTestSupport
import Passes
import SpikeIR
import Testing

/// Every spike of the authors' own code comes out, in the Engine and in the Interpreter.
@Suite struct AuthorsSpikesTests {
  @Test(arguments: ModelFixture.all)
  func everySpikeIsTheAuthors(_ fixture: ModelFixture) throws {
    let module = try Pipeline.standard.run(on: fixture.module())
    let reference = try ReferenceSpikes(fixture)
    let logits = try fixture.logits()
    let engine = try Engine(Lowering.lower(module), threads: 2)
    let stepwise = try Engine(Lowering.lower(module, schedule: .step), threads: 2)
    let steps = module.input.isTimed ? module.timeSteps : 1
    for (index, sample) in try fixture.samples(of: module).enumerated() {
      var names: Set<String> = []
      var fired = 0
      let output = engine.run(sample) { layer, spikes in
        let expected = reference.spikes(
          of: layer.name, sample: index, steps: module.timeSteps, count: layer.shape.count)
        #expect(spikes == expected, "\(layer.name) of sample \(index)")
        names.insert(layer.name)
        fired += spikes.count { $0 == 1 }
      }
      #expect(names == reference.names)
      var seen: Set<String> = []
      let again = stepwise.run(sample) { layer, spikes in
        let expected = reference.spikes(
          of: layer.name, sample: index, steps: module.timeSteps, count: layer.shape.count)
        #expect(spikes == expected, "\(layer.name) of sample \(index), step by step")
        seen.insert(layer.name)
      }
      #expect(seen == names && again.bits == output.bits)
      #expect(fired > 1000)
      let expected = try Interpreter(module).run(
        Tensor(module.input.shape, steps: steps, sample),
        observing: { layer in
          let found = reference.spikes(
            of: layer.name, sample: index, steps: module.timeSteps,
            count: layer.spikes.shape.count)
          #expect(layer.spikes.values == found.map { Float($0) }, "\(layer.name)")
        })
      #expect(output.bits == expected.values.bits)
      // The authors' sums are of another order, so the logits are theirs up to rounding.
      for (found, authors) in zip(output, logits[(index * output.count)...]) {
        #expect(abs(found - authors) <= 1e-5 * max(1, abs(authors)))
      }
    }
  }
}
