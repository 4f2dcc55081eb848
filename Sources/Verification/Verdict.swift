public import SpikeIR

/// What the types, and for some profiles the weights, of a module prove of it.
///
/// No input is run.
public struct Verdict: Sendable {
  /// Why an op may break a rule.
  public enum Exemption: String, Sendable {
    /// It weights the image itself.
    case encoding
    /// Nothing spikes, and nothing is weighted, after it.
    case readout
  }

  /// An op that multiplies, or breaks a rule.
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
    /// What the op comes down to.
    public let arithmetic: Arithmetic
    /// The rule that it breaks; `nil` where it breaks none.
    public let rule: Rule?
    /// Why it may; `nil` where it breaks no rule or may not.
    public let exemption: Exemption?

    /// Whether it says no.
    public var isViolation: Bool { rule != nil && exemption == nil }
  }

  /// What the module was held against.
  public let profile: Profile

  /// Whether nothing is exempt.
  public let isStrict: Bool

  /// Every op that the profile looks at, in order.
  public let findings: [Finding]

  /// Every residual, in order.
  public let residuals: [Residual]

  /// Every layer of neurons whose arithmetic is exact, in order.
  public let exactNeurons: [MembraneBound]

  /// How large values can become, where the profile has to know.
  public let bounds: MagnitudeBounds?

  /// The findings that say no.
  public var violations: [Finding] { findings.filter(\.isViolation) }

  /// Whether the module keeps every rule, its exemptions aside.
  public var holds: Bool { !findings.contains(where: \.isViolation) }
}
