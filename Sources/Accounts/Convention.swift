import SpikeIR

/// What the papers of this field count: dense operations times the rate at which inputs fire, with
/// 0.9 pJ an addition and 4.6 pJ a multiplication with addition.
///
/// Convolutions, linear layers and the products of attention count; neurons, batch norms, pooling
/// and additions do not. The accounts differ from it: padding has no terms, a spike is counted where
/// it is, and an integer costs a multiplication.
public struct Convention: Hashable, Sendable {
  /// Accumulations.
  public var acs: Double
  /// Multiplications with an accumulation.
  public var macs: Double

  /// Creates a count of none, but for what is given.
  public init(acs: Double = 0, macs: Double = 0) {
    self.acs = acs
    self.macs = macs
  }

  /// The energy, in pJ.
  public var picojoules: Double {
    EnergyModel.horowitz45nm[.acSpike] * acs + EnergyModel.horowitz45nm[.mac] * macs
  }

  /// Both.
  public static func + (lhs: Convention, rhs: Convention) -> Convention {
    Convention(acs: lhs.acs + rhs.acs, macs: lhs.macs + rhs.macs)
  }
}

extension Account {
  /// What the papers would count for a node and one sample, at the rates of these samples.
  ///
  /// A real operand makes MACs, any other ACs. A product of spikes takes the smaller of both rates,
  /// and one of spikes and integers the spikes' rate.
  public func convention(of node: Node) -> Convention {
    guard node.dense > 0 else { return Convention() }
    let spikes = node.operands.filter { $0.domain == .spike }
    let exact = spikes.isEmpty ? node.operands.filter { $0.domain != .real } : spikes
    guard let rate = exact.map({ $0.rate(samples: samples) }).min() else {
      return Convention(macs: node.dense)
    }
    return Convention(acs: node.dense * rate)
  }

  /// What the papers would count for the module and one sample.
  public var convention: Convention {
    nodes.reduce(Convention()) { $0 + convention(of: $1) }
  }
}
