import Diagnostics
import Dispatch
import Evaluation
import Synchronization

/// Computes the results of samples on several threads, and takes them in the order of the samples.
///
/// A thread computes a whole sample. Whatever the number of threads, the results are the same; where
/// the evaluation ends early, they are those of the first samples.
final class Evaluator: Sendable {
  /// What became of a sample, and the diagnostic of one that is broken.
  struct Found: Sendable {
    let result: SampleResult
    let problem: Diagnostic?
  }

  /// Computes what becomes of the sample of a number; of one thread alone.
  typealias Compute = (Int) -> Found

  private struct State {
    /// What was found so far.
    var results: Results
    /// Where that is written.
    let file: ResultsFile?
    /// Where that is shown.
    var bar: ProgressBar
    /// The next sample to compute, by its place among those that are left.
    var next = 0
    /// What was computed and waits for its turn, by the number of the sample.
    var waiting: [Int: Found] = [:]
    /// What ended the evaluation.
    var failure: Diagnostic?
  }

  /// The samples that are left.
  private let samples: [Int]
  private let stopsAtBroken: Bool
  private let state: Mutex<State>
  /// No part of the state, so that an interruption waits for nobody.
  private let isInterrupted = Atomic(false)

  /// Prepares to go on with `results`, and to append to `file` what is found.
  ///
  /// - Parameter stopsAtBroken: whether a broken sample ends the evaluation; it is then not among
  ///   the results.
  init(goingOnWith results: Results, file: sending ResultsFile?, stopsAtBroken: Bool) {
    samples = Array(
      results.header.shard.samples(of: results.header.samples).dropFirst(results.samples.count))
    self.stopsAtBroken = stopsAtBroken
    let bar = ProgressBar(
      "samples", start: results.samples.count, of: results.expectedCount)
    state = Mutex(State(results: results, file: file, bar: bar))
  }

  /// Lets the evaluation end when the samples that are being computed are done.
  func interrupt() { isInterrupted.store(true, ordering: .relaxed) }

  /// Computes all samples that are left.
  ///
  /// - Parameter make: makes what computes samples on one thread.
  /// - Returns: all results, and what ended the evaluation before they were complete, if anything
  ///   but an interruption did.
  func run(
    threads: Int, _ make: @Sendable () throws(Diagnostic) -> Compute
  ) -> (results: Results, failure: Diagnostic?) {
    DispatchQueue.concurrentPerform(iterations: min(threads, samples.count)) { _ in
      do throws(Diagnostic) {
        let compute = try make()
        while let sample = next() { take(compute(sample)) }
      } catch {
        state.withLock { $0.failure = $0.failure ?? error }
      }
    }
    return state.withLock { state in
      do throws(Diagnostic) {
        try state.file?.sync()
      } catch {
        state.failure = state.failure ?? error
      }
      state.bar.end()
      return (state.results, state.failure)
    }
  }

  /// The next sample to compute; `nil` where there is none, or none is to be computed any more.
  private func next() -> Int? {
    state.withLock {
      guard $0.failure == nil, !isInterrupted.load(ordering: .relaxed), $0.next < samples.count
      else { return nil }
      $0.next += 1
      return samples[$0.next - 1]
    }
  }

  /// Takes what was found, if its turn has come, and what waited for it.
  private func take(_ found: Found) {
    state.withLock { state in
      state.waiting[found.result.index] = found
      do throws(Diagnostic) {
        while state.failure == nil,
          let found = state.waiting.removeValue(forKey: state.results.next)
        {
          if let problem = found.problem {
            guard !stopsAtBroken else { throw problem }
            Console.report(problem)
          }
          try state.file?.append(found.result.line)
          state.results.append(found.result)
          state.bar.show(state.results.samples.count)
        }
      } catch {
        state.failure = error
      }
    }
  }
}
