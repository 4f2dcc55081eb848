public import Lowering

/// What each kernel's call of a plan took, and what its additions need at the machine's peak.
///
/// All numbers are sums over the samples.
public struct Profile: Sendable {
  /// One call, by its step in the plan.
  public struct Call: Sendable {
    /// The number of the step.
    public let step: Int
    /// The checkpoint's module paths that it computes.
    public let origins: [String]
    /// What the kernel is called, with its window.
    public let kernel: String
    /// What it cannot do without.
    public var work: Work
    /// What it took, in seconds: of each sample the best of the repeats.
    public var seconds: Double

    /// Creates a call from its numbers.
    public init(step: Int, origins: [String], kernel: String, work: Work, seconds: Double) {
      self.step = step
      self.origins = origins
      self.kernel = kernel
      self.work = work
      self.seconds = seconds
    }
  }

  /// The orders in which calls can be told.
  public enum Order: String, CaseIterable, Sendable {
    /// As they run.
    case plan
    /// The most time lost against the peak first.
    case lost
  }

  /// The order in which the plan goes through layers and time steps.
  public let schedule: Schedule
  /// The calls, in the order of the plan.
  public let calls: [Call]
  /// The samples that were run.
  public let samples: Int
  /// How often each was timed.
  public let repeats: Int
  /// What whole runs took, in seconds: of each sample the best of the repeats.
  public let seconds: Double
  /// The machine's peak.
  public let peak: AdditionPeak

  /// Creates a profile from its numbers.
  public init(
    schedule: Schedule = .layer, calls: [Call], samples: Int, repeats: Int, seconds: Double,
    peak: AdditionPeak
  ) {
    self.schedule = schedule
    self.calls = calls
    self.samples = samples
    self.repeats = repeats
    self.seconds = seconds
    self.peak = peak
  }

  /// The time that `work` needs at the peak of all threads, in seconds.
  public func secondsAtPeak(_ work: Work) -> Double {
    Double(work.operations) / peak.together
  }

  /// The calls in some order.
  public func calls(in order: Order) -> [Call] {
    switch order {
    case .plan: calls
    case .lost: calls.sorted { (lost($1), $0.step) < (lost($0), $1.step) }
    }
  }

  /// The time that a call took and does not need at the peak, in seconds.
  private func lost(_ call: Call) -> Double { call.seconds - secondsAtPeak(call.work) }
}
