import ArgumentParser
import Diagnostics
import Explanations

/// `snnc explain`: what a diagnostic means.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a diagnostic by the id in brackets behind its message.",
    discussion: """
      Every message ends in its id, such as [spike-driven-r2]. This says what it
      means, why it is so and what to do, with an example. Without an id, all are
      listed.

        snnc explain spike-driven-r2
        snnc explain conv2d-c2
        snnc explain | grep zip
      """)

  @Argument(
    help: "The id, such as spike-driven-r2; all are listed without it.",
    completion: .list(Explanation.all.map(\.id)))
  var id: String?

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      guard let id else {
        list()
        return
      }
      guard let explanation = Explanation.of(id) else { throw .unknownExplanation(id) }
      Console.out("\(explanation.id)\n\n\(explanation.text)")
    }
  }

  /// Prints every id with its first sentence.
  private func list() {
    var table = Table()
    for explanation in Explanation.all { table.add(explanation.id, explanation.summary) }
    Console.out(table.lines)
  }
}

extension Diagnostic {
  /// The error that names those ids that have a word of `id` in them.
  fileprivate static func unknownExplanation(_ id: String) -> Diagnostic {
    let words = id.split(separator: "-").filter { $0.utf8.count > 2 }
    let like = Explanation.all.map(\.id).filter { known in words.contains { known.contains($0) } }
    return .error(
      "unknown-explanation", "there is no diagnostic '\(escaped(id))'",
      notes: like.isEmpty
        ? ["snnc explain lists them"] : ["like it: \(like.prefix(12).joined(separator: ", "))"],
      status: .usage)
  }
}
