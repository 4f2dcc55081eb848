import Diagnostics
import Engine
import Lowering
import SpikeIR

/// How often the neurons of each layer fire on some samples: spikes for each neuron and step.
struct FiringRates {
  /// The rates, by the layers' names.
  let rates: [String: Double]

  /// Runs `module` on the `samples`.
  ///
  /// - Throws: what keeps the module from being run, or is wrong with a sample.
  init(of module: Module, on samples: any SampleSource) throws(Diagnostic) {
    let plan = try Lowering.lower(module)
    let counter = SpikeCounter(try Engine(plan))
    var spikes = [Int](repeating: 0, count: plan.neurons.count)
    for index in 0..<samples.count {
      let found = counter.run(try samples.sample(index)).spikes
      for (layer, count) in found.enumerated() { spikes[layer] += count }
      Console.progress(index + 1, of: samples.count, "samples")
    }
    let runs = module.timeSteps * samples.count
    rates = Dictionary(
      uniqueKeysWithValues: zip(plan.neurons, spikes).map { layer, count in
        (layer.name, Double(count) / Double(layer.shape.count * runs))
      })
  }
}
