public import SpikeIR
public import Verification

extension Verdict.Finding {
  /// A sentence that names the op, its operands and where they come from, or what is wrong with it.
  public func explanation(in module: Module) -> String {
    let name = origins.isEmpty ? value.description : origins.joined(separator: " ")
    switch rule {
    case .finiteWeights:
      return "\(mnemonic) \(name) has numbers that are not finite, or not there"
    case .noOverflow: return "\(mnemonic) \(name) can reach an infinity"
    default: return "\(mnemonic) \(name) multiplies \(sources(in: module))"
    }
  }

  /// The operands' domains and where they come from.
  private func sources(in module: Module) -> String {
    let operands = zip(self.operands, domains).map { operand, domain in
      let source = module.definition(of: operand)
      let made = source.map { "\($0.op.definition.mnemonic) \(module.name(of: operand))" }
      return "\(domain) from \(made ?? "the input")"
    }
    return operands.joined(separator: " by ")
  }

  /// For each operand that is no spikes, how it came to be so, down to this op: the first and the
  /// last steps of a long way.
  public func path(in module: Module, _ derivations: Derivations) -> [String] {
    guard rule != .finiteWeights, rule != .noOverflow else { return [] }
    let name = module.name(of: value)
    var lines: [String] = []
    for (operand, domain) in zip(operands, domains) where domain != .spike {
      let (first, omitted, last) = derivations.steps(to: operand)
      let mean = domain == .real ? module.meanInWords(operand, derivations) : nil
      lines += first.map { $0.text(in: module) }
      if omitted > 0 { lines.append("... \(omitted) more ...") }
      lines += last.map { $0.text(in: module) }
      lines.append("\(name) multiplies \(mean ?? domain.description)")
    }
    return lines
  }
}

extension Derivations.Step {
  /// The op's module path, and what it makes of what.
  fileprivate func text(in module: Module) -> String {
    let name = module.name(of: value)
    guard let first = domains.first else { return name }
    if mnemonic == Add.definition.mnemonic {
      return "\(name): \(first) + \(domains[1]) = \(result)"
    }
    if result == .real, domains.contains(.real) || mnemonic != MeanSteps.definition.mnemonic {
      return first == .real && isMean
        ? "\(name): \(mnemonic) of real = real" : "\(name) is real-valued (\(mnemonic))"
    }
    let operands = domains.map(\.description).joined(separator: ", ")
    return "\(name): \(mnemonic) of \(operands) = \(result)"
  }

  /// Whether this is a mean.
  fileprivate var isMean: Bool {
    mnemonic == Mean.definition.mnemonic || mnemonic == MeanSteps.definition.mnemonic
  }
}

extension Module {
  /// What a readout reads, in words.
  func source(of operand: ValueID, _ derivations: Derivations) -> String {
    let domain = type(of: operand).domain
    guard domain == .real else { return "\(domain)" }
    return meanInWords(operand, derivations) ?? "the real-valued \(name(of: operand))"
  }

  /// What the real value `operand` is the mean of, in words; `nil` where it is no mean.
  fileprivate func meanInWords(_ operand: ValueID, _ derivations: Derivations) -> String? {
    guard let averaged = derivations.averaged(in: operand) else { return nil }
    let domain = type(of: averaged).domain
    return domain == .real
      ? "the real-valued membrane mean (\(name(of: averaged)))"
      : "the real-valued mean of \(domain) (\(name(of: averaged)))"
  }
}
