import Diagnostics
import Engine
import Lowering
import SpikeIR

/// How often the neurons of each layer fire on some samples: spikes for each neuron and step.
struct FiringRates {
  /// The rates, by the layers' names.
  let rates: [String: Double]

  /// Runs `module` on the `samples`.
  init(of module: Module, on samples: any SampleSource) throws(Diagnostic) {
    let engine = try Engine(Lowering.lower(module))
    var spikes: [String: Int] = [:]
    var neurons: [String: Int] = [:]
    for index in 0..<samples.count {
      _ = engine.run(try samples.sample(index)) { layer, fired in
        spikes[layer.name, default: 0] += fired.reduce(0) { $0 + Int($1) }
        neurons[layer.name, default: 0] += fired.count
      }
    }
    rates = spikes.reduce(into: [:]) { rates, layer in
      rates[layer.key] = Double(layer.value) / Double(neurons[layer.key] ?? 1)
    }
  }
}
