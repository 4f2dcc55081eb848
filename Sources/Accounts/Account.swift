public import SpikeIR

/// What a module did on some samples: the events of each node at each time step.
///
/// All counts are sums over the samples; divide by `samples` for one.
public struct Account: Sendable {
  /// The elements of one operand of a node, and how many of them were not zero.
  public struct Operand: Sendable {
    /// What the elements can be.
    public let domain: Domain
    /// The elements of one sample, over all steps that there are.
    public let elements: Int
    /// The elements that were not zero, of all samples; `nil` where the domain is `real`.
    public internal(set) var nonzeros: Int?

    /// The share of elements that were not zero; 1 where the domain is `real`.
    public func rate(samples: Int) -> Double {
      guard let nonzeros else { return 1 }
      return samples == 0 ? 0 : Double(nonzeros) / (Double(elements) * Double(samples))
    }
  }

  /// One node.
  public struct Node: Sendable {
    /// The value that it defines.
    public let value: ValueID
    /// The name of its op.
    public let mnemonic: String
    /// The role of its op.
    public let role: OpDefinition.Role
    /// The checkpoint's module paths that it came from.
    public let origins: [String]
    /// What it gives.
    public let result: ValueType
    /// Its operands.
    public internal(set) var operands: [Operand]
    /// The operations of one sample as the papers count them before they multiply by a rate.
    public let dense: Double
    /// The events of each of the T steps.
    ///
    /// A static node does everything at one step: the first, or the last where it needs a mean over
    /// time.
    public internal(set) var steps: [Events]

    /// The events of all steps.
    public var total: Events { steps.total }

    /// Its last module path, or the text form of its value where it has none.
    public var name: String { origins.last ?? value.description }

    /// How often its elements fired at each step, for each and sample; `nil` for other than neurons.
    public func firingRates(samples: Int) -> [Double]? {
      guard role == .neuron, samples > 0 else { return nil }
      return steps.map {
        Double($0[.spikeOut]) / (Double(result.shape.count) * Double(samples))
      }
    }

    /// How often its elements fired, for each, step and sample; `nil` for other than neurons.
    public func firingRate(samples: Int) -> Double? {
      firingRates(samples: samples).map { $0.reduce(0, +) / Double($0.count) }
    }
  }

  /// The samples that were counted.
  public internal(set) var samples = 0

  /// The module's time steps, T.
  public let timeSteps: Int

  /// The nodes, in the module's order.
  public internal(set) var nodes: [Node]

  /// The events of all nodes at each step.
  public var steps: [Events] {
    (0..<timeSteps).map { step in nodes.lazy.map { $0.steps[step] }.total }
  }

  /// The events of all nodes and steps.
  public var total: Events { nodes.lazy.map(\.total).total }

  /// The spikes that neurons fired; what other ops give is not among them.
  public var neuronSpikes: Int { neuronSpikesOfSteps.reduce(0, +) }

  /// The spikes that neurons fired at each step.
  public var neuronSpikesOfSteps: [Int] {
    let neurons = nodes.filter { $0.role == .neuron }
    return (0..<timeSteps).map { step in neurons.reduce(0) { $0 + $1.steps[step][.spikeOut] } }
  }

  /// How often neurons fired, for each, step and sample; 0 where there are none.
  public var firingRate: Double {
    let updates = total[.neuronUpdate]
    return updates == 0 ? 0 : Double(neuronSpikes) / Double(updates)
  }

  /// Adds an account of the same module on other samples.
  ///
  /// Counts are integers, so the order of samples does not matter.
  ///
  /// - Precondition: Both are of modules with the same nodes and time steps.
  public mutating func add(_ other: Account) {
    precondition(
      nodes.count == other.nodes.count && timeSteps == other.timeSteps,
      "accounts that are added must be of one module")
    samples += other.samples
    for index in nodes.indices {
      for step in 0..<timeSteps { nodes[index].steps[step] += other.nodes[index].steps[step] }
      for operand in nodes[index].operands.indices {
        guard let more = other.nodes[index].operands[operand].nonzeros else { continue }
        nodes[index].operands[operand].nonzeros? += more
      }
    }
  }
}
