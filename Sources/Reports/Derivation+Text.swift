public import SpikeIR
public import Verification

extension Verdict.Finding {
  /// A sentence that names the op, its operands and where they come from, or what is wrong with it.
  public func explanation(in module: Module) -> String {
    let name = origins.isEmpty ? value.description : origins.joined(separator: " ")
    switch rule {
    case .finiteWeights:
      return "\(mnemonic) \(name) has a weight that is infinite, no number, or not there"
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

  /// For each operand that is no spikes, how it came to be so, down to this op.
  public func path(in module: Module) -> [String] {
    guard rule != .finiteWeights, rule != .noOverflow else { return [] }
    let name = module.name(of: value)
    var lines: [String] = []
    for (operand, domain) in zip(operands, domains) where domain != .spike {
      let steps = module.derivation(of: operand).steps.map { $0.text(in: module) }
      let mean = domain == .real ? module.meanInWords(operand) : nil
      lines += shortened(steps) + ["\(name) multiplies \(mean ?? domain.description)"]
    }
    return lines
  }

  /// The first and the last of many lines.
  private func shortened(_ lines: [String]) -> [String] {
    let (first, last) = (3, 3)
    guard lines.count > first + last + 1 else { return lines }
    return lines.prefix(first) + ["... \(lines.count - first - last) more ..."]
      + lines.suffix(last)
  }
}

extension Derivation.Step {
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
  func source(of operand: ValueID) -> String {
    let domain = type(of: operand).domain
    guard domain == .real else { return "\(domain)" }
    return meanInWords(operand) ?? "the real-valued \(name(of: operand))"
  }

  /// What the real value `operand` is the mean of, in words; `nil` where it is no mean.
  fileprivate func meanInWords(_ operand: ValueID) -> String? {
    let mean = derivation(of: operand).steps.first(where: \.isMean)
    guard let mean, let averaged = definition(of: mean.value)?.operands[0] else { return nil }
    let domain = type(of: averaged).domain
    return domain == .real
      ? "the real-valued membrane mean (\(name(of: averaged)))"
      : "the real-valued mean of \(domain) (\(name(of: averaged)))"
  }

  /// The last of a value's module paths, or its text form.
  func name(of value: ValueID) -> String {
    definition(of: value)?.origins.last ?? value.description
  }
}
