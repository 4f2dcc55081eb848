import SpikeIR

extension Interpreter {
  /// A layer of neurons: the membranes' update, comparison and hard reset over all steps.
  ///
  /// - Parameter forced: spikes that decide the resets in place of the neurons' own.
  /// - Returns: the neurons' own spikes, and the membranes before each reset.
  func fire(
    _ input: Tensor, _ neuron: NeuronDynamics, steps: Int, forced: [Float]?
  ) -> (spikes: Tensor, membrane: Tensor) {
    let count = input.shape.count
    var spikes = Tensor(zeros: input.shape, steps: steps)
    var membrane = spikes
    var v = [Float](repeating: 0, count: count)
    for step in 0..<steps {
      let start = input.start(of: step)
      for index in 0..<count {
        v[index] = neuron.charged(v[index], by: input.values[start + index])
        let fires = v[index] >= neuron.threshold
        spikes.values[step * count + index] = fires ? 1 : 0
        membrane.values[step * count + index] = v[index]
        let resets = forced.map { $0[step * count + index] != 0 } ?? fires
        if resets { v[index] = 0 }
      }
    }
    return (spikes, membrane)
  }
}
