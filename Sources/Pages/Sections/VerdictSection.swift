import Diagnostics
import Reports
import SpikeIR
import Verification

/// What the types prove: the verdict, what breaks it and what is exempt.
struct VerdictSection {
  /// The module.
  let module: Module
  /// What is proved of it.
  let verdict: Verdict

  /// How many violations stand open; the others are folded.
  private static let openCount = 3

  /// The section.
  var section: PageSection {
    PageSection("verdict", "Verdict") {
      badge
      Element("ul", ["class": "facts"]) {
        for line in verdict.summary(of: module).dropLast() { Element("li") { line } }
      }
      violations
      for remedy in module.remedies(for: verdict) {
        Element("p", ["class": "hint"]) { "What would help: \(remedy.text(for: module))." }
      }
      folded("What the proof looked at: \(counted(verdict.findings.count, "product"))") {
        findings.element
      }
      if !verdict.residuals.isEmpty {
        folded("\(counted(verdict.residuals.count, "shortcut"))") { residuals.element }
      }
    }
  }

  /// The verdict in a word.
  private var badge: Element {
    let profile = verdict.profile.name
    let count = verdict.violations.count
    return Element("p", ["class": verdict.holds ? "badge good" : "badge bad"]) {
      verdict.holds
        ? "✓ \(profile)"
        : "✗ not \(profile): \(counted(count, "product")) \(count == 1 ? "breaks" : "break") a rule"
    }
  }

  /// The violations, each with the path that led to it.
  @MarkupBuilder private var violations: [Markup] {
    let derivations = Derivations(of: module)
    let told = verdict.violations.prefix(Verdict.toldViolations).map { item($0, derivations) }
    if !told.isEmpty {
      Element("ol", ["class": "violations"]) { for item in told.prefix(Self.openCount) { item } }
      if told.count > Self.openCount {
        folded("\(counted(told.count - Self.openCount, "more violation"))") {
          Element("ol", ["class": "violations", "start": "\(Self.openCount + 1)"]) {
            for item in told.dropFirst(Self.openCount) { item }
          }
        }
      }
    }
  }

  private func item(_ finding: Verdict.Finding, _ derivations: Derivations) -> Element {
    Element("li") {
      Element("strong") { finding.explanation(in: module) }
      if let rule = finding.rule { Element("code") { rule.rawValue } }
      Element("ul", ["class": "path"]) {
        for line in finding.path(in: module, derivations) { Element("li") { line } }
      }
    }
  }

  private var findings: DataTable {
    DataTable(
      caption: "each product, what it multiplies, and what the profile says of it",
      columns: [.text("op"), .text("operands"), .text("verdict"), .text("from")],
      rows: verdict.findings.map {
        [
          $0.mnemonic, $0.domains.map(\.description).joined(separator: " × "),
          verdict.judgement(of: $0), $0.name,
        ]
      })
  }

  private var residuals: DataTable {
    DataTable(
      caption: "each place where a shortcut joins the branch that it passed by",
      columns: [.text("kind"), .text("sum or product"), .text("from")],
      rows: verdict.residuals.map { [$0.kind.rawValue, $0.equation, $0.name] })
  }
}
