import Lowering
import SpikeIR

/// Runs samples and counts the spikes of each layer of neurons, in the bits where they lie.
///
/// That costs next to nothing, where an observer would be given each spike as a byte.
public struct SpikeCounter {
  private let engine: Engine

  /// Creates a counter that runs samples on `engine`.
  public init(_ engine: Engine) {
    self.engine = engine
  }

  /// Computes the output for one sample, as `Engine.run` does, and counts the spikes of all time steps.
  ///
  /// - Returns: the output, and the spikes of each layer in the order of the plan's `neurons`.
  public func run(_ input: [Float]) -> (output: [Float], spikes: [Int]) {
    let plan = engine.plan
    var spikes = [Int](repeating: 0, count: plan.neurons.count)
    let output = engine.run(
      input,
      calling: { step, call in
        call()
        for (number, layer) in plan.neurons(after: step) {
          spikes[number] += engine.spikes(of: layer.buffer)
        }
      })
    return (output, spikes)
  }
}
