import BitCollections
public import SpikeIR

/// What the check for spike-driven computation says of a module.
///
/// A `conv2d`, `linear`, `matmul` or `mul` is spike-driven where at least one of its activation
/// operands holds only spikes, so that its products are gated additions.
public struct SpikeDrivenVerdict: Sendable {
  /// Why an op need not be spike-driven.
  public enum Exemption: String, Sendable {
    /// It weights the image itself.
    case encoding
    /// Nothing spikes, and nothing is weighted, after it.
    case readout
  }

  /// An op that multiplies, with what it multiplies.
  public struct Finding: Sendable {
    /// The op's result.
    public let value: ValueID
    /// The op's mnemonic.
    public let mnemonic: String
    /// The checkpoint's module paths.
    public let origins: [String]
    /// The activation operands.
    public let operands: [ValueID]
    /// Their domains.
    public let domains: [Domain]
    /// Why it is exempt; `nil` where it is not, and in the strict reading.
    public let exemption: Exemption?

    /// Whether one of the operands holds only spikes.
    public var isSpikeDriven: Bool { domains.contains(.spike) }

    /// Whether it is neither spike-driven nor exempt.
    public var isViolation: Bool { !isSpikeDriven && exemption == nil }
  }

  /// A residual addition, with what is added.
  public struct Residual: Sendable {
    /// The addition's result.
    public let value: ValueID
    /// The checkpoint's module paths.
    public let origins: [String]
    /// The domains of the two addends.
    public let domains: [Domain]

    /// Whether membranes are added, ahead of a neuron, so that no integers reach a multiplication.
    public var isMembraneShortcut: Bool { domains.contains(.real) }
  }

  /// Every op that multiplies, in order.
  public let findings: [Finding]

  /// Every residual addition, in order.
  public let residuals: [Residual]

  /// The findings that say no.
  public var violations: [Finding] { findings.filter(\.isViolation) }

  /// Whether the module is spike-driven, its exemptions aside.
  public var holds: Bool { violations.isEmpty }
}

extension Module {
  /// Checks that every `conv2d`, `linear`, `matmul` and `mul` is spike-driven.
  ///
  /// It reads the domains that the types prove; no input is run. The encoding (an op that weights
  /// the image itself, before any neuron) and the readout (one after which nothing spikes and
  /// nothing is weighted) are exempt, unless `strict`.
  public func verifySpikeDriven(strict: Bool = false) -> SpikeDrivenVerdict {
    let raw = rawValues()
    let usedOn = valuesUsedOn()
    var findings: [SpikeDrivenVerdict.Finding] = []
    var residuals: [SpikeDrivenVerdict.Residual] = []
    for (value, node) in definitions {
      let domains = node.operands.map { type(of: $0).domain }
      if case .add = node.op {
        residuals.append(.init(value: value, origins: node.origins, domains: domains))
      }
      guard node.op.definition.role == .product else { continue }
      var exemption: SpikeDrivenVerdict.Exemption?
      if !strict, !domains.contains(.spike) {
        if node.operands.allSatisfy({ raw.contains($0.index) }) {
          exemption = .encoding
        } else if !usedOn.contains(value.index) {
          exemption = .readout
        }
      }
      findings.append(
        .init(
          value: value, mnemonic: node.op.definition.mnemonic, origins: node.origins,
          operands: node.operands, domains: domains, exemption: exemption))
    }
    return SpikeDrivenVerdict(findings: findings, residuals: residuals)
  }

  /// The values made of the image alone, without a neuron or a weighted sum between.
  private func rawValues() -> BitSet {
    var raw: BitSet = [ValueID.input.index]
    for (value, node) in definitions
    where !node.op.definition.role.isProductOrNeuron
      && node.operands.allSatisfy({ raw.contains($0.index) })
    {
      raw.insert(value.index)
    }
    return raw
  }

  /// The values on which a neuron or a weighted sum depends.
  private func valuesUsedOn() -> BitSet {
    var used: BitSet = []
    for (value, node) in Array(definitions).reversed()
    where node.op.definition.role.isProductOrNeuron || used.contains(value.index) {
      used.formUnion(node.operands.map(\.index))
    }
    return used
  }
}

extension OpDefinition.Role {
  /// Whether an op of this role ends the reach of the image, or of the readout.
  fileprivate var isProductOrNeuron: Bool { self == .product || self == .neuron }
}
