/// What a module does, in units that can be counted and priced; `ir-spec/accounts.md` defines each.
public enum Event: String, CaseIterable, Sendable {
  /// An addition that a spike selects: of a weight, of a number, or of the spike itself.
  case acSpike
  /// A product of an integer that is not zero, added: with a weight, a constant or a number.
  case acInteger
  /// A plain addition of a number that is no spike: any real, or an integer that is not zero.
  case addition
  /// A product of two reals, added: of an element and a weight, a constant or another element.
  case mac
  /// The update of one neuron's membrane at one step.
  case neuronUpdate
  /// A spike that an op reads.
  case spikeIn
  /// A spike that an op gives.
  case spikeOut
  /// A weight that is read for one accumulation.
  case weightRead
  /// A number of a weight, once a sample however often it is read.
  case weightLoad
}

/// How often each event happened.
public struct Events: Hashable, Sendable {
  private var counts = [Int](repeating: 0, count: Event.allCases.count)

  /// Creates the counts of nothing.
  public init() {}

  /// How often `event` happened.
  public subscript(event: Event) -> Int {
    get { counts[event.index] }
    set { counts[event.index] = newValue }
  }

  /// Accumulations and additions of any kind, with a product or without.
  public var operations: Int {
    self[.acSpike] + self[.acInteger] + self[.addition] + self[.mac]
  }

  /// The events of both.
  public static func + (lhs: Events, rhs: Events) -> Events {
    var sum = lhs
    sum += rhs
    return sum
  }

  /// Adds events.
  public static func += (lhs: inout Events, rhs: Events) {
    for index in lhs.counts.indices { lhs.counts[index] += rhs.counts[index] }
  }
}

extension Event {
  /// The position among all.
  fileprivate var index: Int { Self.positions[self] ?? 0 }

  private static let positions = Dictionary(
    uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
}

extension Sequence<Events> {
  /// All of the events.
  public var total: Events { reduce(Events(), +) }
}
