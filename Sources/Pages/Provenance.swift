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
    (["snnc"] + command.map(Self.quoted)).joined(separator: " ")
  }

  /// A word as a shell reads it: in quotes where it holds more than letters, digits and a few signs.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:=,+@%".contains($0))
    }
    guard !isPlain || word.isEmpty else { return word }
    let parts = word.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: "'\\''") + "'"
  }
}
