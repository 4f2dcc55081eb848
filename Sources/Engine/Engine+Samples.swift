import Glibc
import Lowering
import SpikeIR

extension Engine {
  /// Computes the output for one sample.
  ///
  /// - Parameters:
  ///   - input: the sample in row-major order, its time steps outermost where the input is timed.
  ///   - observing: sees the spikes of each layer.
  ///   - calling: makes each kernel's call.
  /// - Precondition: `input` has as many elements as the module's input.
  /// - Returns: the output in row-major order, its time steps outermost where it is timed.
  public func run(
    _ input: [Float], observing: Observer? = nil, calling: Caller? = nil
  ) -> [Float] {
    let count = plan.module.input.count(steps: plan.module.timeSteps)
    precondition(
      input.count == count, "a sample has \(count) elements, and this one has \(input.count)")
    reset(observing: observing)
    caller = calling
    defer { caller = nil }
    let stride = plan.module.input.isTimed ? plan.module.input.shape.count : 0
    input.withUnsafeBufferPointer { input in
      for step in 0..<plan.module.timeSteps {
        advance(input.baseAddress.map { $0 + step * stride })
      }
    }
    return finish()
  }

  /// Begins a sample; what was computed of another is forgotten.
  ///
  /// Its frames are given to `step` one after another, T of them; then `finish` has the output.
  ///
  /// - Parameter observing: sees the spikes of each layer, when those of all time steps are there.
  public func reset(observing: Observer? = nil) {
    memset(arena, 0, plan.stateByteCount)
    time = 0
    observer = observing
    spikes = [[UInt8]](repeating: [], count: plan.neurons.count)
  }

  /// Computes all that one more time step makes known.
  ///
  /// The plan must be of the schedule `step`, and the sample's steps not yet complete.
  ///
  /// - Parameter frame: the time step's input in row-major order. An input that is not timed is read
  ///   at the first step alone.
  public func step(_ frame: [Float]) {
    precondition(plan.schedule == .step, "frames are fed to plans of the schedule 'step' alone")
    precondition(
      frame.count == plan.module.input.shape.count,
      "a frame has \(plan.module.input.shape.count) elements, and this one has \(frame.count)")
    frame.withUnsafeBufferPointer { advance($0.baseAddress) }
  }

  /// Computes the output when all time steps of a sample have been given; once a sample.
  public func finish() -> [Float] {
    let (steps, output) = (plan.module.timeSteps, plan.module.type(of: plan.module.output))
    precondition(time == steps, "the output takes \(steps) time steps, and there were \(time)")
    time += 1
    defer { observer = nil }
    return [Float](unsafeUninitializedCapacity: output.count(steps: steps)) { floats, count in
      run(.end, nil, floats.baseAddress)
      count = output.count(steps: steps)
    }
  }

  /// Runs one time step.
  private func advance(_ frame: UnsafePointer<Float>?) {
    precondition(time < plan.module.timeSteps, "a sample has no more time steps than its module")
    if time == 0 { run(.once, frame) }
    run(.everyStep, frame)
    time += 1
  }
}
