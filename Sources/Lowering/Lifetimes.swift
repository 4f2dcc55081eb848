extension Plan {
  /// Sets who writes each buffer and how long it lives, when `steps` run phase after phase.
  ///
  /// From the first step that touches it to the last. But the steps of `.everyStep` run again and
  /// again: what comes to them from outside, or goes from them to the end, lives through all of
  /// them. State lives always, since it is set to zeros before the first step.
  static func setLifetimes(_ buffers: inout [Buffer], _ steps: [Step]) {
    var lifetimes = [ClosedRange<Int>?](repeating: nil, count: buffers.count)
    for (index, step) in steps.enumerated() {
      for buffer in step.kernel.buffers {
        lifetimes[buffer.index] = (lifetimes[buffer.index]?.lowerBound ?? index)...index
      }
    }
    let repeated = steps.indices.filter { steps[$0].phase == .everyStep }
    for index in buffers.indices {
      guard let lifetime = lifetimes[index] else {
        preconditionFailure("every buffer is for some step")
      }
      // What is read has been written before.
      buffers[index].writer = lifetime.lowerBound
      let phases = (steps[lifetime.lowerBound].phase, steps[lifetime.upperBound].phase)
      if buffers[index].role.isState {
        buffers[index].lifetime = 0...(steps.count - 1)
      } else if phases.0 != phases.1, let first = repeated.first,
        let last = repeated.last
      {
        buffers[index].lifetime =
          min(lifetime.lowerBound, first)...max(lifetime.upperBound, last)
      } else {
        buffers[index].lifetime = lifetime
      }
    }
  }
}
