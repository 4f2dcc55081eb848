import Accounts
import ArgumentParser
import Diagnostics

/// What events are priced by.
struct EnergyOptions: ParsableArguments {
  @Option(
    name: .customLong("energy-model"),
    help: ArgumentHelp(
      "What events cost: horowitz-45nm (the default), or a FILE.json of costs.",
      valueName: "model"),
    completion: .file(extensions: ["json"]))
  var name: String?

  /// The model that is named, or the papers' one.
  ///
  /// - Throws: `unknown-energy-model` (exit status 64), or what is wrong with the file.
  func model() throws(Diagnostic) -> EnergyModel {
    guard let name else { return .horowitz45nm }
    guard name.hasSuffix(".json") else { return try EnergyModel(named: name) }
    let json = try JSONFile.read(name)
    do throws(Diagnostic) {
      return try EnergyModel(json)
    } catch {
      throw error.inFile(name)
    }
  }
}
