import ArgumentParser
import Diagnostics
import Evaluation
import Files

/// `snnc merge-results`: the shards of an evaluation as one.
struct MergeResultsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge-results",
    abstract: "Put the shards of an evaluation together.",
    discussion: """
      The files are those that snnc eval wrote with --shard 1/N to N/N. That all
      are of one module and one set of data, that no shard is missing or comes
      twice, and that each has each of its samples once, is checked. What is
      printed, and written with -o, is to the byte what one run prints and writes.

        snnc merge-results shard-1.jsonl shard-2.jsonl
        snnc merge-results shards/*.jsonl -o all.jsonl
      """)

  @Argument(help: "The results' files.", completion: .file(extensions: ["jsonl"]))
  var files: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write the results of all samples.", valueName: "file"),
    completion: .file(extensions: ["jsonl"]))
  var output: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      try checkOutputs([output].compactMap { $0 }, inputs: files)
      var parts: [Results.Part] = []
      for path in files { parts.append(.init(path: path, results: try Self.read(path))) }
      let merged = try Results.merging(parts)
      if let output { try AtomicFile(output, holding: Array(merged.text.utf8)).commit() }
      for sample in merged.samples {
        guard case .broken(let reason) = sample.outcome else { continue }
        Console.note("\(escaped(sample.name)): \(Console.printable(reason))")
      }
      try EvaluationReport(merged, json: json).show()
    }
  }

  /// Reads a results' file.
  private static func read(_ path: String) throws(Diagnostic) -> Results {
    do throws(Diagnostic) {
      let file = try MappedFile(path: path)
      let found = try file.withSpan { (text) throws(Diagnostic) in try Results.parse(text) }
      guard let found else { throw .noResults }
      return found.results
    } catch {
      throw error.inFile(path)
    }
  }
}

extension Diagnostic {
  fileprivate static var noResults: Diagnostic {
    .error("bad-results", "results must begin with a whole line, and this file has none")
  }
}
