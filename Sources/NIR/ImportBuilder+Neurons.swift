import Diagnostics
import SpikeIR

extension ImportBuilder {
  /// A layer of neurons: a step of Euler's forward method of NIR's equation.
  ///
  /// With `w = v / r`, the equation has no resistance, and the threshold is `v_threshold / r`; an
  /// `IF` has `r dt` in its place.
  mutating func fire(
    _ name: String, _ neurons: NIRGraph.Neurons, _ input: ValueID
  ) throws(Diagnostic) -> ValueID {
    let shape = builder.type(of: input).shape
    /// The number of all neurons.
    func number(_ numbers: HDF5Dataset, _ key: String) throws(Diagnostic) -> Double {
      guard numbers.count == 1 || numbers.extents == shape.extents else {
        throw .shape("'\(key)'", numbers.extents, shape)
      }
      guard let number = numbers.uniformNumber else { throw .differ(name, key) }
      return number
    }
    try checkReset(
      name,
      try neurons.reset.map { (reset) throws(Diagnostic) in
        try number(reset, "v_reset")
      })
    if let leak = neurons.leak, try number(leak, "v_leak") != 0 {
      throw .neuron(name, "v_leak", "0", try number(leak, "v_leak"))
    }
    let resistance = try number(neurons.resistance, "r")
    let isIF = neurons.tau == nil
    let gain = rounded(isIF ? resistance * settings.step.seconds : resistance)
    guard gain > 0 else { throw .neuron(name, "r", "above 0", resistance) }
    if gain != 1 { count(.resistance) }
    let level = try number(neurons.threshold, "v_threshold")
    let threshold = settings.firing.threshold(ofNIR: level / gain)
    guard threshold > 0, threshold.isFinite else {
      throw .neuron(name, "v_threshold / r", "a positive binary32 number", level / gain)
    }
    guard let tau = neurons.tau else {
      return try builder.if(input, threshold: Double(threshold), from: name)
    }
    let seconds = try number(tau, "tau")
    let steps = self.steps(seconds, tau)
    guard steps >= 1, steps.isFinite else {
      throw .neuron(
        name, "tau", "a step of \(settings.step.seconds) s or more", seconds,
        notes: ["another length of a step is said by --dt"])
    }
    return try builder.lif(
      input, tau: Double(steps), threshold: Double(threshold), from: name)
  }

  /// A time constant in steps, in the arithmetic of the file: numbers that were multiplied in
  /// binary32 are divided in binary32, which gives them back.
  private func steps(_ seconds: Double, _ tau: HDF5Dataset) -> Float {
    tau.isFloat32
      ? Float(seconds) / Float(settings.step.seconds) : Float(seconds / settings.step.seconds)
  }

  /// A gain that differs from 1 by no more than the rounding of `r` and `dt` is 1.
  private func rounded(_ gain: Double) -> Double {
    abs(gain - 1) <= 0x1p-22 ? 1 : gain
  }

  /// Checks that the membranes of a layer are reset to 0.
  private func checkReset(_ name: String, _ reset: Double?) throws(Diagnostic) {
    guard settings.reset != .subtract else { throw .softReset }
    guard let reset else {
      guard settings.reset == .zero else { throw .noReset(name) }
      return
    }
    guard reset == 0 else { throw .neuron(name, "v_reset", "0", reset) }
  }
}

extension Diagnostic {
  fileprivate static func neuron(
    _ name: String, _ key: String, _ rule: String, _ number: Double, notes: [String] = []
  ) -> Diagnostic {
    .error(
      "nir-neuron", "'\(key)' of the neurons of '\(escaped(name))' must be \(rule), not \(number)",
      notes: notes)
  }

  fileprivate static func differ(_ name: String, _ key: String) -> Diagnostic {
    .error(
      "nir-neuron",
      "'\(key)' of '\(escaped(name))' must be one finite number for all neurons, which it is not")
  }

  fileprivate static func noReset(_ name: String) -> Diagnostic {
    .error(
      "nir-reset", "the file does not say what the membranes of '\(escaped(name))' are reset to",
      notes: ["if it is 0, say so: --reset zero"], status: .usage)
  }

  fileprivate static let softReset = Diagnostic.error(
    "nir-reset", "SpikeIR's neurons are reset to 0, and not by their threshold",
    notes: ["train with a hard reset, or run the model where it was trained"], status: .usage)
}
