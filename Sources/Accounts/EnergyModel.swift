/// What events cost, by a name: the energy of a count is the sum of its events' costs.
public struct EnergyModel: Sendable {
  /// What a model prices; each is a member of its file.
  public enum Cost: String, CaseIterable, Sendable {
    /// An accumulation that a spike selects.
    case acSpike
    /// An accumulation of a product with an integer.
    case acInteger
    /// A plain addition of a number that is no spike.
    case addition
    /// A multiplication of reals, and an addition.
    case mac
    /// The update of a membrane.
    case neuronUpdate
    /// A spike that is brought to an op that reads it.
    case spikeRouted
    /// A weight that is read from near memory, for each accumulation.
    case weightReadSRAM
    /// A weight that is read from far memory, once a sample.
    case weightReadDRAM

    /// What is counted for it.
    public var event: Event {
      switch self {
      case .acSpike: .acSpike
      case .acInteger: .acInteger
      case .addition: .addition
      case .mac: .mac
      case .neuronUpdate: .neuronUpdate
      case .spikeRouted: .spikeIn
      case .weightReadSRAM: .weightRead
      case .weightReadDRAM: .weightLoad
      }
    }
  }

  /// The name.
  public let name: String

  /// The costs, in pJ.
  private let costs: [Cost: Double]

  /// Creates a model; what is not given costs nothing.
  init(_ name: String, _ costs: [Cost: Double]) {
    self.name = name
    self.costs = costs
  }

  /// What one event costs, in pJ.
  public subscript(cost: Cost) -> Double { costs[cost] ?? 0 }

  /// What events cost, in pJ.
  public func picojoules(_ events: Events) -> Double {
    Cost.allCases.reduce(0) { $0 + Double(events[$1.event]) * self[$1] }
  }

  /// Additions and multiplications of binary32 numbers in 45 nm; memory, routing and neurons cost
  /// nothing in it, as in the papers' convention.
  ///
  /// An addition is 0.9 pJ and a multiplication 3.7 pJ. A product with an integer that is no spike
  /// takes both, so it is priced as a MAC: an addition alone does not make it.
  ///
  /// Source: Horowitz, "Computing's energy problem (and what we can do about it)" (ISSCC 2014).
  public static let horowitz45nm = EnergyModel(
    "horowitz-45nm", [.acSpike: 0.9, .acInteger: 4.6, .addition: 0.9, .mac: 4.6])

  /// The models that are known by name.
  public static let all = [horowitz45nm]
}
