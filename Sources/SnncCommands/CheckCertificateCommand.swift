import ArgumentParser
import Diagnostics
import JSON
import Reports
import SpikeIR
import Verification

/// `snnc check-certificate`: whether a certificate is one of a module.
struct CheckCertificateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-certificate",
    abstract: "Compute what a certificate says of a module again, and compare.",
    discussion: """
      Everything is computed anew from the module, and its weights are hashed.
      The exit status is 0 if nothing differs, 1 with the first difference, and
      65 if the file is no certificate. A certificate may say that the module
      breaks its profile: the last line says whether it does, and with --profile
      the exit status, too.

        snnc verify model.snn --spike-driven --json > model.json
        snnc check-certificate model.json model.snn --profile spike-driven
      """)

  @Argument(help: "The certificate.", completion: .file(extensions: ["json"]))
  var certificate: String

  @Argument(help: "The module.", completion: .file(extensions: ["snn"]))
  var model: String

  @Option(
    help: ArgumentHelp(
      "Fail unless the certificate is of this profile and says that it holds.",
      valueName: "name"))
  var profile: String?

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      let wanted = try profile.map(Profile.init(parsing:))
      let claimed = try JSONFile.read(certificate)
      let module = try ModelArgument.read(model)
      do throws(Diagnostic) {
        let holds = try Certificate.check(claimed, against: module)
        let profile = claimed["profile"]?.string ?? ""
        Console.out(
          "the certificate is one of \(escaped(model)), which "
            + "\(holds ? "is" : "is NOT") \(profile)"
            + (claimed["strict"] == .boolean(true) ? ", with nothing exempt" : ""))
        if let wanted, !holds || wanted.name != profile { throw .doesNotHold(wanted, profile) }
      } catch {
        throw error.inFile(certificate)
      }
    }
  }
}

extension Diagnostic {
  fileprivate static func doesNotHold(_ wanted: Profile, _ found: String) -> Diagnostic {
    .error(
      "profile-not-certified",
      "a certificate that the module is \(wanted.name) is needed, and this one does not say so",
      notes: ["it is one of the profile \(escaped(found))"], status: .checkFailed)
  }
}
