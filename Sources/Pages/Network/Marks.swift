package import SpikeIR
package import Verification

/// What a verdict says of the ops of a drawing.
package struct Marks: Sendable {
  /// How an op stands before the profile.
  package enum Judgement: Sendable {
    /// It breaks a rule.
    case violation
    /// It would break a rule, and may.
    case exempt(Verdict.Exemption)

    /// The sign in drawings.
    var symbol: String {
      switch self {
      case .violation: "✗"
      case .exempt: "○"
      }
    }

    /// In words.
    var words: String {
      switch self {
      case .violation: "breaks a rule"
      case .exempt(let exemption): "exempt: \(exemption.rawValue)"
      }
    }
  }

  /// The ops that break a rule or would, by their results.
  package let judgements: [ValueID: Judgement]

  /// The kinds of the residuals, by their results.
  package let residuals: [ValueID: Residual.Kind]

  /// What `verdict` says.
  package init(_ verdict: Verdict) {
    judgements = Dictionary(
      verdict.findings.compactMap { finding in
        guard finding.rule != nil else { return nil }
        return (finding.value, finding.exemption.map(Judgement.exempt) ?? .violation)
      }, uniquingKeysWith: { first, _ in first })
    residuals = Dictionary(
      verdict.residuals.map { ($0.value, $0.kind) }, uniquingKeysWith: { first, _ in first })
  }
}
