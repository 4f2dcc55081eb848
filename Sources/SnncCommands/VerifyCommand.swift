import ArgumentParser
import Diagnostics
import Reports
import SpikeIR
import Verification

/// `snnc verify`: what a module's types prove.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that a module is spike-driven, or name the edge that breaks it.",
    discussion: """
      It is proved from the types (deterministic: and from the weights); no input
      is run. The profiles:

        spike-driven   nothing but spikes multiplies, and nothing else is multiplied
        event-driven   every conv2d, linear and matmul has a spike operand
        integer:K      the same, with integers from 0 to K in place of spikes
        deterministic  no value can overflow, so that every bit is fixed

      The encoding (it weights the image itself) and the readout (nothing spikes
      after it) are exempt and named; --strict takes that away. ir-spec/profiles.md
      has the rules. The exit status is 1 where a rule is broken.

        snnc verify model.snn --spike-driven
        snnc verify model.snn --profile deterministic
        snnc verify convnet.snn --spike-driven --strict
        snnc verify spikformer.snn --profile integer:17
        snnc verify model.snn --spike-driven --json > model.json
      """)

  @OptionGroup var model: ModelArgument

  @Option(
    help: ArgumentHelp("The rules to verify.", valueName: "name"),
    completion: .list(["event-driven", "spike-driven", "integer:", "deterministic"]))
  var profile: String?

  @Flag(help: "The same as --profile spike-driven.")
  var spikeDriven = false

  @Flag(help: "Exempt nothing.")
  var strict = false

  @Flag(help: "Print a certificate, which snnc check-certificate checks.")
  var json = false

  func validate() throws {
    guard spikeDriven != (profile != nil) else {
      throw ValidationError("say what to verify: --spike-driven, or --profile NAME")
    }
  }

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      let profile = try self.profile.map(Profile.init(parsing:)) ?? .spikeDriven
      let (module, path) = try model.read(checkingWeights: json || profile == .deterministic)
      let verdict = module.verify(profile, strict: strict)
      if json {
        let tool = SnncCommand.version
        Console.out(Certificate(of: verdict, on: module, tool: tool).json.text)
      } else {
        show(verdict, module)
      }
      guard verdict.holds else { throw Self.report(verdict, path, module) }
    }
  }

  /// Prints the tables of findings and residuals, and the verdict.
  private func show(_ verdict: Verdict, _ module: Module) {
    var table = Table()
    table.add("op", "operands", "verdict", "from")
    for finding in verdict.findings {
      table.add(
        finding.mnemonic, finding.domains.map(\.description).joined(separator: " x "),
        verdict.judgement(of: finding), finding.name)
    }
    show(table)
    var shortcuts = Table()
    shortcuts.add("shortcut", "sum or product", "from")
    for residual in verdict.residuals {
      shortcuts.add(residual.kind.rawValue, residual.equation, residual.name)
    }
    if !verdict.residuals.isEmpty { show(shortcuts) }
    Console.out(verdict.summary(of: module))
    for remedy in module.remedies(for: verdict) {
      Console.out("hint: \(escaped(remedy.text(for: module)))")
    }
  }

  /// Prints a table and an empty line.
  private func show(_ table: Table) {
    Console.out(table.lines)
    Console.out()
  }

  /// Tells the first violations, each with its path, and returns the error that sums them up.
  private static func report(_ verdict: Verdict, _ path: String, _ module: Module) -> Diagnostic {
    let violations = verdict.violations
    let derivations = Derivations(of: module)
    for finding in violations.prefix(Verdict.toldViolations) {
      Console.report(.violation(finding, path, module, derivations))
    }
    return .broken(verdict, path, untold: violations.count - Verdict.toldViolations)
  }
}

extension Diagnostic {
  /// The error of one violation, with the path that led to it.
  fileprivate static func violation(
    _ finding: Verdict.Finding, _ path: String, _ module: Module, _ derivations: Derivations
  ) -> Diagnostic {
    .error(
      finding.rule?.rawValue ?? "", finding.explanation(in: module),
      at: Location(file: path, place: module.place(of: finding.value)),
      notes: finding.path(in: module, derivations), status: .checkFailed)
  }

  /// The error that sums the violations up.
  fileprivate static func broken(_ verdict: Verdict, _ path: String, untold: Int) -> Diagnostic {
    let rules = verdict.profile.rules.filter { rule in
      verdict.violations.contains { $0.rule == rule }
    }
    return .error(
      "profile-broken",
      "\(verdict.violations.count) of \(verdict.findings.count) "
        + (verdict.profile == .deterministic ? "products and ops" : "products")
        + " break the profile "
        + verdict.profile.name,
      at: Location(file: path),
      notes: (untold > 0 ? ["\(untold) more are in the table"] : [])
        + rules.map { "for the rule and what to do: snnc explain \($0.rawValue)" },
      status: .checkFailed)
  }
}
