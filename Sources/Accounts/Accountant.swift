public import SpikeIR

/// Counts what a module does, one sample after another, from the sample and the spikes of its
/// neurons.
///
/// These determine every value of the domains spike, count and fixed, and a real operand is counted
/// densely, so nothing else of a run is needed. `ir-spec/accounts.md` defines what is counted.
public struct Accountant {
  /// The module.
  public let module: Module

  /// What was counted so far.
  public private(set) var account: Account

  /// The step at which each value that is not timed becomes known: the first, or the last.
  private let staticSteps: [Int]

  /// Starts to count `module`.
  public init(_ module: Module) {
    self.module = module
    let (isLate, foldedBiases) = (module.dependsOnTime, module.foldedBiases)
    staticSteps = isLate.map { $0 ? module.timeSteps - 1 : 0 }
    account = Account(
      timeSteps: module.timeSteps,
      nodes: module.definitions.map { value, node in
        Account.Node(
          value: value, mnemonic: node.op.definition.mnemonic, role: node.op.definition.role,
          origins: node.origins, result: node.type,
          operands: node.operands.map { operand in
            let type = module.type(of: operand)
            return Account.Operand(
              domain: type.domain, elements: type.count(steps: module.timeSteps),
              nonzeros: type.domain == .real ? nil : 0)
          },
          dense: module.denseOperations(
            of: node,
            steps: node.type.isTimed || !isLate[value.index] ? module.timeSteps : 1,
            foldedBiases: foldedBiases),
          steps: [Events](repeating: Events(), count: module.timeSteps))
      })
  }

  /// Counts one sample.
  ///
  /// - Parameters:
  ///   - sample: the input in row-major order, its time steps outermost where it is timed.
  ///   - spikes: of each layer of neurons, by its name, one byte 0 or 1 for each element of
  ///     `[T][shape]`, as `Engine.run(observing:)` gives them.
  /// - Precondition: The sample fills the module's input, and every layer has its spikes.
  public mutating func add(_ sample: [Float], _ spikes: [String: [UInt8]]) {
    var counting = SampleCounts(module, sample, spikes)
    for (index, (value, node)) in module.definitions.enumerated() {
      counting.evaluate(value, node)
      for step in 0..<counting.steps(of: node) {
        let events = counting.events(of: value, node, at: step)
        account.nodes[index].steps[slot(value, node, step)] += events
      }
      account.nodes[index].steps[slot(value, node, 0)][.weightLoad] += node.weights.reduce(0) {
        $0 + module.weight($1).shape.count
      }
      for (number, operand) in node.operands.enumerated() {
        guard let nonzeros = counting.nonzeros(of: operand) else { continue }
        account.nodes[index].operands[number].nonzeros? += nonzeros
      }
      counting.forget(after: value, node)
    }
    account.samples += 1
  }

  /// The step of the account to which a node's step belongs.
  private func slot(_ value: ValueID, _ node: Node, _ step: Int) -> Int {
    node.type.isTimed || node.op.definition.role == .overTime ? step : staticSteps[value.index]
  }
}

extension Module {
  /// For each value, by its index, whether it is made of what mixes the time steps.
  fileprivate var dependsOnTime: [Bool] {
    var result = [false]
    for node in nodes {
      result.append(
        node.op.definition.role == .overTime || node.operands.contains { result[$0.index] })
    }
    return result
  }
}
