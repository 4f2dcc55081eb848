import Lowering

/// Runs samples on an engine and measures each kernel's call.
///
/// A first run counts the work, gives the result and warms the machine up; the runs that are timed
/// count nothing. The machine's peak is measured next to the first sample's.
public struct Profiler {
  private let engine: Engine
  private let repeats: Int
  private let clock = ContinuousClock()
  private var calls: [Profile.Call]
  private var samples = 0
  private var seconds = 0.0
  private var peak: AdditionPeak?

  /// Creates a profiler that times each sample `repeats` times, at least once.
  public init(_ engine: Engine, repeats: Int) {
    precondition(repeats > 0, "a sample must be timed at least once")
    self.engine = engine
    self.repeats = repeats
    calls = engine.plan.steps.enumerated().map { index, step in
      Profile.Call(
        step: index, origins: step.origins, kernel: step.kernel.description, work: Work(),
        seconds: 0)
    }
  }

  /// Runs one sample, as `Engine.run` does.
  public mutating func run(
    _ input: [Float], observing: Engine.Observer? = nil
  ) -> [Float] {
    var work = calls.map(\.work)
    let output = engine.run(input, observing: observing) { [engine] step, call in
      work[step] = work[step] + engine.work(of: engine.plan.steps[step].kernel)
      call()
    }
    let (run, steps) = best(input)
    for step in calls.indices {
      calls[step].work = work[step]
      calls[step].seconds += steps[step].seconds
    }
    seconds += run.seconds
    samples += 1
    return output
  }

  /// The shortest times, of the whole run and of each step.
  private mutating func best(_ input: [Float]) -> (run: Duration, steps: [Duration]) {
    var best: (run: Duration, steps: [Duration])?
    for _ in 0..<repeats {
      // In between the runs, so that both see the same machine.
      if samples == 0 {
        let now = AdditionPeak(on: engine)
        peak = peak?.best(of: now) ?? now
      }
      var steps = [Duration](repeating: .zero, count: calls.count)
      let run = clock.measure {
        _ = engine.run(input, calling: { [clock] in steps[$0] += clock.measure($1) })
      }
      best = best.map { (min($0.run, run), zip($0.steps, steps).map(min)) } ?? (run, steps)
    }
    return best ?? (.zero, [])
  }

  /// What was measured so far.
  public var profile: Profile {
    Profile(
      schedule: engine.plan.schedule, calls: calls, samples: samples, repeats: repeats,
      seconds: seconds,
      peak: peak ?? AdditionPeak(on: engine))
  }
}
