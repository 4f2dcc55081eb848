public import Diagnostics

/// A layer of integrate-and-fire neurons with a hard reset, one for each element.
///
///     %4 = if %3 {threshold = 1.0} : timed spike [64, 56, 56]
///
/// At each step `v = v + x[t]`, rounded; then it fires and resets as `NeuronDynamics` says.
///
/// Source: spikingjelly 0.0.0.0.12, `clock_driven/neuron.py`, `MultiStepIFNode` with
/// `v_reset=0.`; a static input is seen at every step.
public struct IF: NeuronOperation {
  public static let definition = OpDefinition(
    mnemonic: "if", role: .neuron,
    summary: "Integrate-and-fire neurons with a hard reset to 0.",
    operands: ["input"],
    attributes: [
      .init("threshold", .real, "the membrane at which a neuron fires")
    ])

  /// The membrane at which a neuron fires.
  public let threshold: Double

  /// Creates the op.
  public init(threshold: Double) {
    self.threshold = threshold
  }

  public init(_ attributes: AttributeList) {
    self.init(threshold: attributes.real("threshold"))
  }

  public var attributes: [Attribute] { [Attribute("threshold", .real(threshold))] }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    guard threshold.isThreshold else {
      throw Self.violation(
        1, "the threshold must be a positive binary32 number, and it is \(threshold)")
    }
    return ValueType(.spike, operands[0].shape, timed: true)
  }

  var dynamics: NeuronDynamics {
    NeuronDynamics(charge: .integrating, threshold: Float(threshold))
  }
}

extension ModuleBuilder {
  /// Appends an `if`; `origin` is the neuron's module path, by which its spikes are known.
  public mutating func `if`(
    _ input: ValueID, threshold: Double = 1, from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(.if(IF(threshold: threshold)), [input], from: [origin])
  }
}
