import Accounts
import Diagnostics
import SpikeIR

extension Account {
  /// A line for each node and step: sums over the samples, energies in pJ.
  ///
  /// The papers' count knows no steps: all of a node's stands in its first line, so that sums are right.
  func csv(_ model: EnergyModel) -> String {
    var lines = [
      "value,op,operands,from,samples,step," + Event.allCases.map(\.rawValue).joined(separator: ",")
        + ",picojoules,conventionACs,conventionMACs,conventionPicojoules"
    ]
    for node in nodes {
      let operands = node.operands.map(\.domain.description).joined(separator: " x ")
      for (step, events) in node.steps.enumerated() {
        let papers = step == 0 ? convention(of: node) : Convention()
        let counts = [papers.acs, papers.macs, papers.picojoules].map { $0 * Double(samples) }
        let cells =
          [node.value.description, node.mnemonic, operands, escaped(node.name)].map(Self.quoted)
          + ["\(samples)", "\(step)"] + Event.allCases.map { "\(events[$0])" }
          + ["\(model.picojoules(events))"] + counts.map { "\($0)" }
        lines.append(cells.joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A cell of text, by RFC 4180.
  private static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2C].contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
