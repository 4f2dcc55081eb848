import Lowering
import SpikeIR

/// Runs samples and counts the spikes of all layers of neurons, in the bits where they lie.
///
/// That costs next to nothing, where an observer would be given each spike as a byte.
public struct SpikeCounter {
  private let engine: Engine

  /// Where the spikes lie of the layers that each step of the plan computes.
  private let buffers: [[BufferID]]

  /// Creates a counter that runs samples on `engine`.
  public init(_ engine: Engine) {
    self.engine = engine
    buffers = engine.plan.steps.indices.map { step in
      engine.plan.neurons(after: step).map(\.layer.buffer)
    }
  }

  /// Computes the output for one sample, as `Engine.run` does, and counts the spikes of all steps.
  public func run(_ input: [Float]) -> (output: [Float], spikes: Int) {
    var spikes = 0
    let output = engine.run(
      input,
      calling: { [engine, buffers] step, call in
        call()
        for buffer in buffers[step] { spikes += engine.spikes(of: buffer) }
      })
    return (output, spikes)
  }
}
