import Reports

/// Where the numbers of a page come from, as far as the module does not say it.
public struct Provenance: Sendable {
  /// The version of the program.
  public let version: String
  /// The command line, without the program's own path.
  public let command: [String]

  /// Creates a provenance.
  public init(version: String, command: [String]) {
    self.version = version
    self.command = command
  }

  /// The command line as a shell would take it.
  var line: String {
    (["snnc"] + command.map(shellWord)).joined(separator: " ")
  }
}
