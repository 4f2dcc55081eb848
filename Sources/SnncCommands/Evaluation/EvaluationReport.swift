import Diagnostics
import Evaluation
import Reports

/// What a user is told of an evaluation, in one run or merged.
struct EvaluationReport {
  private let results: Results
  private let json: Bool

  /// Prepares to tell of `results`, as JSON or as a table.
  init(_ results: Results, json: Bool) {
    self.results = results
    self.json = json
  }

  /// Prints what the results come to.
  ///
  /// - Parameter failure: what ended the evaluation before they were complete, if it was no
  ///   interruption.
  /// - Throws: that; `interrupted` (exit status 130) where results are missing without it; or
  ///   `broken-samples` (exit status 65).
  func show(endedBy failure: Diagnostic? = nil) throws(Diagnostic) {
    if json {
      Console.out(results.json.text)
    } else {
      var table = Table()
      for row in results.summary { table.add(row.what, escaped(row.value)) }
      Console.out(table.lines)
    }
    if let failure { throw failure }
    guard results.isComplete else { throw .interrupted(results) }
    let broken = Score(of: results).broken
    guard broken == 0 else { throw .broken(broken, of: results.samples.count) }
  }
}

extension Diagnostic {
  fileprivate static func interrupted(_ results: Results) -> Diagnostic {
    .error(
      "interrupted",
      "the evaluation was interrupted after \(results.samples.count) of \(results.expectedCount) "
        + "samples",
      notes: ["results that --results FILE keeps are gone on with by --resume"],
      status: .interrupted)
  }

  fileprivate static func broken(_ count: Int, of total: Int) -> Diagnostic {
    .error(
      "broken-samples", "\(count) of \(total) samples could not be read, and are not in the scores",
      notes: ["with --on-error stop the first of them ends the evaluation"])
  }
}
