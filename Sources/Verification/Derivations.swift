public import SpikeIR

/// How each value of a module came to be no spikes: the ops that changed its domain, and the first
/// that did.
///
/// Integers are followed through every op that made them larger, back to the addition that made
/// them of spikes; real values to the op that made them real, and means of them to what they are
/// means of. Ops that change neither number nor domain are left out. All values are followed at
/// once, so that a long chain is walked once, however many ops ask for it.
public struct Derivations: Sendable {
  /// An op on the way.
  public struct Step: Sendable {
    /// The result.
    public let value: ValueID
    /// The op's mnemonic.
    public let mnemonic: String
    /// The checkpoint's module paths.
    public let origins: [String]
    /// The domains of its operands.
    public let domains: [Domain]
    /// The domain of its result.
    public let result: Domain
  }

  /// What is known of one value.
  private struct Way {
    /// The last step on the way to it.
    var step: ValueID?
    /// The last step before that.
    var before: ValueID?
    /// The first steps, `ends` at most.
    var first: [ValueID] = []
    /// How many steps there are.
    var count = 0
    /// The first step that is a mean.
    var mean: ValueID?
  }

  /// How many steps are told at either end of a long way.
  private static let ends = 3

  private let module: Module
  private var ways: [Way] = [Way()]

  /// Follows the values of `module`.
  public init(of module: Module) {
    self.module = module
    for (value, node) in module.definitions { ways.append(way(to: value, node)) }
  }

  /// The way to the result of a node, all of whose operands' ways are known.
  private func way(to value: ValueID, _ node: Node) -> Way {
    guard node.type.domain != .spike else { return Way() }
    let source = node.source(in: module)
    var way = source.map { ways[$0.index] } ?? Way()
    let keepsDomain =
      node.operands.count == 1 && module.type(of: node.operands[0]).domain == node.type.domain
    guard !keepsDomain || node.op.isMean || source == nil else { return way }
    way.before = way.step
    way.step = value
    if way.first.count < Self.ends { way.first.append(value) }
    way.count += 1
    if way.mean == nil, node.op.isMean { way.mean = value }
    return way
  }

  /// The steps on the way to `value`, the first first, and how many of them are left out in the
  /// middle; none where the value is spikes or the module's input.
  public func steps(to value: ValueID) -> (first: [Step], omitted: Int, last: [Step]) {
    let way = ways[value.index]
    let lastCount = min(Self.ends + 1, way.count - way.first.count)
    var last: [Step] = []
    var current = way.step
    while last.count < lastCount, let step = current {
      last.insert(self.step(step), at: 0)
      current = ways[step.index].before
    }
    let omitted = way.count - way.first.count - last.count
    // One line in place of one step would tell less.
    return omitted == 0
      ? (way.first.map(step), 0, last) : (way.first.map(step), omitted + 1, Array(last.dropFirst()))
  }

  /// The value of whose elements `value` is a mean; `nil` where it is none.
  public func averaged(in value: ValueID) -> ValueID? {
    ways[value.index].mean.flatMap { module.definition(of: $0)?.operands[0] }
  }

  /// What a step says of a value's node.
  private func step(_ value: ValueID) -> Step {
    guard let node = module.definition(of: value) else { preconditionFailure("no node") }
    return Step(
      value: value, mnemonic: node.op.definition.mnemonic, origins: node.origins,
      domains: node.operands.map { module.type(of: $0).domain }, result: node.type.domain)
  }
}

extension Node {
  /// The operand from which the reason for this node's domain comes; `nil` if this node is it.
  fileprivate func source(in module: Module) -> ValueID? {
    let operands = operands.map { (value: $0, domain: module.type(of: $0).domain) }
    guard type.domain == .real else {
      // The operand with the largest integers: the one that grew.
      let integers = operands.filter { $0.domain != .spike }
      return integers.max { $0.domain.size < $1.domain.size }?.value
    }
    guard op.isMean || op.isRearrangement else { return nil }
    return operands[0].value
  }
}

extension Domain {
  /// The largest magnitude, or that of no number for `real`.
  fileprivate var size: Double { magnitude ?? .infinity }
}

extension Op {
  /// Whether this is a mean.
  fileprivate var isMean: Bool {
    switch self {
    case .mean, .meanSteps: true
    default: false
    }
  }

  /// Whether the result's elements are elements of the operand.
  fileprivate var isRearrangement: Bool {
    if case .maxPool2d = self { true } else { onlyMoves }
  }
}
