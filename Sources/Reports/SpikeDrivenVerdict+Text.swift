import Diagnostics
public import Passes
public import SpikeIR

extension SpikeDrivenVerdict.Finding {
  /// One or two words: what the check says of this op.
  public var judgement: String {
    if isSpikeDriven { return "spike-driven" }
    return exemption.map { "exempt: \($0.rawValue)" } ?? "NOT spike-driven"
  }

  /// A sentence that names the operand in the way and where it comes from.
  public func explanation(in module: Module) -> String {
    let name = origins.joined(separator: " ")
    let operands = zip(self.operands, domains).map { operand, domain in
      let source = module.definition(of: operand)
      let made = source.map { "\($0.op.definition.mnemonic) \($0.origins.joined(separator: " "))" }
      return "\(domain) from \(made ?? "the input")"
    }
    return "\(mnemonic) \(name) multiplies \(operands.joined(separator: " by "))"
  }
}

extension SpikeDrivenVerdict {
  /// The verdict in a few lines.
  public func summary(strict: Bool) -> [String] {
    let driven = findings.filter(\.isSpikeDriven).count
    var lines = ["\(driven) of \(findings.count) products are spike-driven"]
    for finding in findings {
      guard let exemption = finding.exemption else { continue }
      let origins = finding.origins.map(escaped).joined(separator: " ")
      lines.append("exempt (\(exemption.rawValue)): \(origins)")
    }
    let shortcuts = residuals.filter(\.isMembraneShortcut).count
    if !residuals.isEmpty {
      lines.append(
        "\(shortcuts) of \(residuals.count) residual additions are membrane shortcuts")
    }
    let scope = strict ? ", with nothing exempt" : ""
    lines.append(holds ? "the module is spike-driven\(scope)" : "the module is NOT spike-driven")
    return lines
  }

  /// The verdict as JSON, one finding a line.
  public func json(of module: Module, strict: Bool) -> String {
    let rows = findings.map { finding in
      let fields: [(String, String)] = [
        ("value", JSONText.string(finding.value.description)),
        ("op", JSONText.string(finding.mnemonic)),
        ("origins", JSONText.list(finding.origins.map(JSONText.string))),
        ("domains", JSONText.list(finding.domains.map { JSONText.string($0.description) })),
        ("spikeDriven", "\(finding.isSpikeDriven)"),
        ("exemption", finding.exemption.map { JSONText.string($0.rawValue) } ?? "null"),
      ]
      return "    {" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
    }
    return """
      {
        "module": \(JSONText.string(module.name)),
        "check": "spike-driven",
        "strict": \(strict),
        "holds": \(holds),
        "products": [
      \(rows.joined(separator: ",\n"))
        ]
      }
      """
  }
}
