import Diagnostics
public import SpikeIR
public import Verification

extension Verdict {
  /// How many violations are told in full: more than any published model has, and no flood.
  public static let toldViolations = 1000

  /// One or two words: what the verdict says of an op.
  public func judgement(of finding: Finding) -> String {
    if let exemption = finding.exemption { return "exempt: \(exemption.rawValue)" }
    return finding.rule == nil ? profile.name : "NOT \(profile.name)"
  }

  /// The verdict in a few lines.
  public func summary(of module: Module) -> [String] {
    let kept = findings.count { $0.rule == nil }
    let kind = profile == .deterministic ? "products and ops" : "products"
    var lines = ["\(kept) of \(findings.count) \(kind) are \(profile.name)"]
    let derivations = Derivations(of: module)
    lines += findings.compactMap { exemptionLine(for: $0, in: module, derivations) }
    lines += shortcutLines
    if let bits = exactNeurons.map(\.bits).max() {
      let count = exactNeurons.count
      let layers = count == 1 ? "1 layer of neurons is" : "\(count) layers of neurons are"
      lines.append("\(layers) exact in integers of \(bits) bits at most")
    }
    if bounds != nil { lines.append("for real inputs of magnitude 2^20 at most") }
    let scope = isStrict && profile != .deterministic ? ", with nothing exempt" : ""
    lines.append(
      holds ? "the module is \(profile.name)\(scope)" : "the module is NOT \(profile.name)")
    return lines
  }

  /// The line that names an exempt op; `nil` where it is not exempt.
  private func exemptionLine(
    for finding: Finding, in module: Module, _ derivations: Derivations
  ) -> String? {
    guard let exemption = finding.exemption else { return nil }
    let line = "exempt (\(exemption.rawValue)): \(finding.name)"
    guard exemption == .readout else { return line }
    return line + ", which multiplies "
      + finding.operands.map { module.source(of: $0, derivations) }.joined(separator: " by ")
  }

  /// What the residuals are, in a line or two.
  private var shortcutLines: [String] {
    let additions = residuals.filter { $0.kind != .and && $0.kind != .iand }
    let membranes = additions.count { $0.kind == .membrane }
    var lines: [String] = []
    if !additions.isEmpty {
      lines.append("\(membranes) of \(additions.count) residual additions are membrane shortcuts")
    }
    for kind in [Residual.Kind.and, .iand] {
      let count = residuals.count { $0.kind == kind }
      if count > 0 { lines.append("\(count) residuals are \(kind.rawValue)") }
    }
    return lines
  }
}

extension Verdict.Finding {
  /// The op's module paths, escaped, or where it has none its result.
  public var name: String { nameOf(origins, value) }
}

extension Residual {
  /// The op's module paths, escaped, or where it has none its result.
  public var name: String { nameOf(origins, value) }
}

private func nameOf(_ origins: [String], _ value: ValueID) -> String {
  origins.isEmpty ? value.description : origins.map(escaped).joined(separator: " ")
}

extension Residual {
  /// What is joined, and what it gives.
  public var equation: String {
    let sign = kind == .and || kind == .iand ? "*" : "+"
    return "\(domains[0]) \(sign) \(domains[1]) = \(result)"
  }
}

extension Remedy {
  /// What to do, in a sentence.
  public func text(for module: Module) -> String {
    switch self {
    case .mergeConvChains(let violations):
      "merging convolutions without neurons between them takes \(violations) violations away: "
        + "snnc opt MODEL --passes merge-conv-chains,remove-dead -o MERGED"
    case .unrollIntegers(let maximum):
      "with integers unrolled into as many spikes it holds: --profile integer:\(maximum)"
    case .neuronAheadOfReadout(let value):
      "a layer of neurons ahead of \(module.name(of: value)) would give the readout spikes"
    }
  }
}
