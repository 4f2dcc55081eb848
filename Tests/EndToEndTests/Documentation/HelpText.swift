import Foundation
import Testing

/// A command of `snnc` as it describes itself (`--experimental-dump-help`).
struct HelpText: Decodable, CustomTestStringConvertible, Sendable {
  struct Argument: Decodable, Sendable {
    struct Name: Decodable, Sendable {
      let kind: String
      let name: String
    }

    let names: [Name]?
    let abstract: String?
  }

  let commandName: String
  let abstract: String?
  let discussion: String?
  let arguments: [Argument]?
  let subcommands: [HelpText]?

  var testDescription: String { commandName }

  /// The flags and options, with their dashes.
  var flags: Set<String> {
    Set(
      (arguments ?? []).flatMap { $0.names ?? [] }
        .map { $0.kind == "long" ? "--\($0.name)" : "-\($0.name)" })
  }

  /// The commands in the discussion, which are set off by two spaces, and go on behind a backslash.
  var examples: [String] {
    let joined = (discussion ?? "").replacing("\\\n", with: "")
    return joined.split(separator: "\n").filter { $0.contains(#/^  (?:snnc |make |\.\/)/#) }
      .map { String($0.dropFirst(2)) }
  }

  /// `snnc` and its subcommands.
  static let snnc: HelpText? = {
    struct Dump: Decodable { let command: HelpText }
    let ended = try? Snnc.run("--experimental-dump-help", in: Folder())
    return (ended?.output.data(using: .utf8)).flatMap {
      try? JSONDecoder().decode(Dump.self, from: $0).command
    }
  }()

  /// The subcommands, but for `help`.
  static let subcommands = (snnc?.subcommands ?? []).filter { $0.commandName != "help" }
}
