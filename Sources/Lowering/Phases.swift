import SpikeIR

/// When each value of a module is computed, in a schedule that goes from time step to time step.
///
/// What does not vary over time is computed once, before the rest. So are neurons that see the same
/// input at every step: the spikes of all their steps take less memory as bits than that input and
/// the membranes would, and the input, the encoding convolution, is not computed again. What needs
/// all steps, a mean over them and what is made of it, comes at the end. In the schedule `layer`
/// everything is computed once.
struct Phases {
  private var phases: [Plan.Phase]
  private var kept: [Bool]

  /// Sorts the values of `module`, each read by `users`.
  init(_ module: Module, _ schedule: Schedule, users: [[ValueID]]) {
    let count = module.nodes.count + 1
    phases = [Plan.Phase](repeating: .once, count: count)
    kept = [Bool](repeating: false, count: count)
    guard schedule == .step else { return }
    if module.input.isTimed { phases[ValueID.input.index] = .everyStep }
    for (value, node) in module.definitions { phases[value.index] = phase(of: node, in: module) }
    kept[module.output.index] = true
    for index in (0..<count).reversed() where !kept[index] {
      kept[index] = users[index].contains { needsAllSteps($0, in: module) }
    }
  }

  /// When a value is computed.
  subscript(value: ValueID) -> Plan.Phase { phases[value.index] }

  /// Whether all steps of a value are needed at the end, so that they must all be stored.
  func isKept(_ value: ValueID) -> Bool { kept[value.index] }

  private func phase(of node: Node, in module: Module) -> Plan.Phase {
    // A mean over time adds up at every step, and is there at the end.
    if case .meanSteps = node.op { return .end }
    guard !node.operands.contains(where: { self[$0] == .end }) else { return .end }
    let seesTheSame = !node.operands.contains { module.type(of: $0).isTimed }
    let isNeuron = node.op.neuron != nil
    return !node.type.isTimed || (isNeuron && seesTheSame) ? .once : .everyStep
  }

  /// Whether the node of `user` reads its operands' steps at the end, or shows them where they lie
  /// to one that does.
  private func needsAllSteps(_ user: ValueID, in module: Module) -> Bool {
    switch module.definition(of: user)?.op {
    case .meanSteps: false
    case .reshape, .transpose: self[user] == .end || isKept(user)
    default: self[user] == .end
    }
  }
}
