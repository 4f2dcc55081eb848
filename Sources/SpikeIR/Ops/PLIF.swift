public import Diagnostics

/// A layer of parametric leaky integrate-and-fire neurons: the time constant was learned.
///
///     %4 = plif %3 {inverse_tau = 0.6224593, threshold = 1.0} : timed spike [256, 8, 8]
///
/// At each step `v = v + (x[t] - v) * inverse_tau`, a difference, a product and a sum, each
/// rounded; then it fires and resets as `NeuronDynamics` says.
///
/// Source: Fang et al., "Incorporating Learnable Membrane Time Constant" (ICCV 2021); spikingjelly
/// 0.0.0.0.12, `clock_driven/neuron.py`, `MultiStepParametricLIFNode`, which multiplies by
/// `w.sigmoid()` where a `lif` divides by tau.
public struct PLIF: NeuronOperation {
  public static let definition = OpDefinition(
    mnemonic: "plif", role: .neuron,
    summary: "Leaky integrate-and-fire neurons whose time constant was learned.",
    operands: ["input"],
    attributes: [
      .init("inverse_tau", .real, "the inverse of the membrane's time constant in steps"),
      .init("threshold", .real, "the membrane at which a neuron fires"),
    ])

  /// The inverse of the membrane's time constant.
  public let inverseTau: Double

  /// The membrane at which a neuron fires.
  public let threshold: Double

  /// Creates the op.
  public init(inverseTau: Double, threshold: Double) {
    self.inverseTau = inverseTau
    self.threshold = threshold
  }

  public init(_ attributes: AttributeList) {
    self.init(
      inverseTau: attributes.real("inverse_tau"), threshold: attributes.real("threshold"))
  }

  public var attributes: [Attribute] {
    [Attribute("inverse_tau", .real(inverseTau)), Attribute("threshold", .real(threshold))]
  }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    guard inverseTau.isBinary32, inverseTau > 0, inverseTau <= 1 else {
      throw Self.violation(
        1, "inverse_tau must be a binary32 number above 0 and at most 1, and it is \(inverseTau)")
    }
    guard threshold.isThreshold else {
      throw Self.violation(
        2, "the threshold must be a positive binary32 number, and it is \(threshold)")
    }
    return ValueType(.spike, operands[0].shape, timed: true)
  }

  var dynamics: NeuronDynamics {
    NeuronDynamics(
      charge: .learned(inverseTau: Float(inverseTau)), threshold: Float(threshold))
  }
}

extension ModuleBuilder {
  /// Appends a `plif`; `origin` is the neuron's module path, by which its spikes are known.
  public mutating func plif(
    _ input: ValueID, inverseTau: Double, threshold: Double = 1, from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(
      .plif(PLIF(inverseTau: inverseTau, threshold: threshold)), [input], from: [origin])
  }
}
