extension Plan {
  /// What lies in the arena while one step runs, in bytes.
  public struct Occupancy: Sendable {
    /// The step.
    public let step: Int
    /// Membranes, and sums over time.
    public let state: Int
    /// Values, and copies of them in other layouts.
    public let values: Int
    /// What kernels work on.
    public let workspaces: Int

    /// All of it; the arena may be larger, where gaps between buffers could not be filled.
    public var total: Int { state + values + workspaces }
  }

  /// What lies in the arena at the step where it is the most, the first of equals.
  public var fullest: Occupancy {
    // By how much each step has more than the one before it.
    var changes = [Int](repeating: 0, count: steps.count + 1)
    for buffer in buffers {
      changes[buffer.lifetime.lowerBound] += Self.aligned(buffer.byteCount)
      changes[buffer.lifetime.upperBound + 1] -= Self.aligned(buffer.byteCount)
    }
    var (total, largest, fullest) = (0, 0, 0)
    for step in steps.indices {
      total += changes[step]
      if total > largest { (largest, fullest) = (total, step) }
    }
    return occupancy(at: fullest)
  }

  /// What lies in the arena while `step` runs.
  private func occupancy(at step: Int) -> Occupancy {
    let alive = buffers.filter { $0.lifetime.contains(step) }
    func byteCount(of roles: Buffer.Role...) -> Int {
      alive.reduce(0) { $0 + (roles.contains($1.role) ? Self.aligned($1.byteCount) : 0) }
    }
    return Occupancy(
      step: step, state: byteCount(of: .membrane, .sum), values: byteCount(of: .value),
      workspaces: byteCount(of: .workspace))
  }
}
