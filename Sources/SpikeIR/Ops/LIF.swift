public import Diagnostics

/// A layer of leaky integrate-and-fire neurons with a hard reset, one for each element.
///
///     %4 = lif %3 {tau = 2.0, threshold = 1.0} : timed spike [768, 14, 14]
///
/// At each step `v = v + (x[t] - v) / tau`, a difference, a true division and a sum, each rounded;
/// then it fires and resets as `NeuronDynamics` says.
///
/// Source: spikingjelly 0.0.0.0.12, `clock_driven/neuron.py`, `MultiStepLIFNode` with
/// `decay_input=True`, `v_reset=0.`; a static input is seen at every step.
public struct LIF: NeuronOperation {
  public static let definition = OpDefinition(
    mnemonic: "lif", role: .neuron,
    summary: "Leaky integrate-and-fire neurons with a hard reset to 0.",
    operands: ["input"],
    attributes: [
      .init("tau", .real, "the membrane's time constant in steps"),
      .init("threshold", .real, "the membrane at which a neuron fires"),
    ])

  /// The membrane's time constant, in steps.
  public let tau: Double

  /// The membrane at which a neuron fires.
  public let threshold: Double

  /// Creates the op.
  public init(tau: Double, threshold: Double) {
    self.tau = tau
    self.threshold = threshold
  }

  public init(_ attributes: AttributeList) {
    self.init(tau: attributes.real("tau"), threshold: attributes.real("threshold"))
  }

  public var attributes: [Attribute] {
    [Attribute("tau", .real(tau)), Attribute("threshold", .real(threshold))]
  }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    guard tau.isBinary32, tau >= 1 else {
      throw Self.violation(1, "tau must be a binary32 number of at least 1, and it is \(tau)")
    }
    guard threshold.isThreshold else {
      throw Self.violation(
        2, "the threshold must be a positive binary32 number, and it is \(threshold)")
    }
    return ValueType(.spike, operands[0].shape, timed: true)
  }

  var dynamics: NeuronDynamics {
    NeuronDynamics(charge: .leaky(tau: Float(tau)), threshold: Float(threshold))
  }
}

extension ModuleBuilder {
  /// Appends a `lif`; `origin` is the neuron's module path, by which its spikes are known.
  public mutating func lif(
    _ input: ValueID, tau: Double, threshold: Double = 1, from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(.lif(LIF(tau: tau, threshold: threshold)), [input], from: [origin])
  }
}
