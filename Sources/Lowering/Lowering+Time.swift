import SpikeIR

// What depends on the schedule: how many time steps a buffer holds, and what is kept between them.
extension Lowering {
  /// The time steps of a value in a buffer that is made now: one where each takes the place of the
  /// one before.
  func steps(of value: ValueID) -> Int {
    guard module.type(of: value).isTimed else { return 1 }
    return phase == .everyStep && !phases.isKept(value) ? 1 : module.timeSteps
  }

  /// The phase in which a value is brought into another layout: once where it is always the same,
  /// else where it is needed.
  func phaseOfCopies(of value: ValueID) -> Plan.Phase {
    module.type(of: value).isTimed ? phase : phases[value]
  }

  /// Adds a buffer for the membranes of neurons whose spikes lie in `spikes`; `nil` where one call
  /// computes all steps, so that nothing is kept.
  mutating func membrane(of spikes: BufferID) -> BufferID? {
    guard phase == .everyStep, module.timeSteps > 1 else { return nil }
    return newState(.membrane, like: buffers[spikes.index].layout)
  }

  /// Adds a buffer for one binary32 number for each element of a time step.
  private mutating func newState(
    _ role: Plan.Buffer.Role, like layout: Plan.Layout
  ) -> BufferID {
    let state = Plan.Layout(
      steps: 1, positions: layout.positions, channels: layout.channels, isBits: false)
    return newBuffer(state, role: role)
  }

  /// `mean_steps`: step by step, a sum of its own that is divided at the end.
  mutating func lowerMeanSteps(_ value: ValueID, _ node: Node) {
    let operand = node.operands[0]
    guard phase == .end, phases[operand] != .end else {
      let (input, axes) = asItLies(operand)
      emit(.meanSteps(input: input, output: define(value, axes)), node.origins)
      return
    }
    phase = .everyStep
    let (input, axes) = asItLies(operand)
    let sum = newState(.sum, like: buffers[input.index].layout)
    emit(.add(sum, input, output: sum), node.origins)
    phase = .end
    let steps = Float(module.timeSteps)
    emit(.divide(input: sum, by: steps, output: define(value, axes)), node.origins)
  }

  /// `repeat`: nothing to do where the steps come one by one and none is kept.
  mutating func lowerRepeat(_ value: ValueID, _ node: Node) {
    guard phase != .everyStep || phases.isKept(value) else {
      places[value.index] = place(of: node.operands[0])
      return
    }
    let (input, axes) = asItLies(node.operands[0])
    emit(.repeat(input: input, output: define(value, axes)), node.origins)
  }
}
