import ArgumentParser
import Diagnostics
import Passes
import Reports
import SpikeIR

/// `snnc verify`: what a module's types prove.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that a module is spike-driven, or name the edge that breaks it.",
    discussion: """
      Every conv2d, linear, matmul and mul must have an operand that holds only
      spikes, so that its products are gated additions. It is proved from the
      types; no input is run. The encoding (it weights the image itself) and the
      readout (nothing spikes after it) are exempt and named.

        snnc verify --spike-driven
        snnc verify model.snn --spike-driven --strict --json
      """)

  @OptionGroup var model: ModelArgument

  @Flag(help: "Check that every product has a spike operand.")
  var spikeDriven = false

  @Flag(help: "Exempt nothing.")
  var strict = false

  @Flag(help: "Print the verdict as JSON.")
  var json = false

  func validate() throws {
    guard spikeDriven else {
      throw ValidationError("say what to verify: --spike-driven")
    }
  }

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      let (module, path) = try model.read(checkingWeights: false)
      let verdict = module.verifySpikeDriven(strict: strict)
      if json {
        Console.out(verdict.json(of: module, strict: strict))
      } else {
        show(verdict, module)
      }
      guard verdict.holds else { throw .notSpikeDriven(verdict, path, module) }
    }
  }

  /// Prints the table of findings and the verdict.
  private func show(_ verdict: SpikeDrivenVerdict, _ module: Module) {
    var table = Table()
    table.add("op", "operands", "verdict", "from")
    for finding in verdict.findings {
      table.add(
        finding.mnemonic, finding.domains.map(\.description).joined(separator: " x "),
        finding.judgement, finding.origins.map(escaped).joined(separator: " "))
    }
    for line in table.lines { Console.out(line) }
    Console.out()
    for line in verdict.summary(strict: strict) { Console.out(line) }
  }
}

extension Diagnostic {
  /// The error that names the first violation, with the others as notes.
  fileprivate static func notSpikeDriven(
    _ verdict: SpikeDrivenVerdict, _ path: String, _ module: Module
  ) -> Diagnostic {
    let violations = verdict.violations
    let first = violations[0]
    return .error(
      "not-spike-driven",
      "\(violations.count) of \(verdict.findings.count) products have no spike "
        + "operand; the first: \(first.explanation(in: module))",
      at: Location(file: path, place: module.place(of: first.value)),
      notes: violations.dropFirst().prefix(20).map { $0.explanation(in: module) },
      status: .checkFailed)
  }
}
