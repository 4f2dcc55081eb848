import BitCollections
import Passes
public import SpikeIR

extension Module {
  /// Holds this module against `profile`.
  ///
  /// The encoding (an op that weights the image itself, before any neuron) and the readout (one
  /// after which nothing spikes and nothing is weighted) may break its rules, unless `strict`.
  public func verify(_ profile: Profile, strict: Bool = false) -> Verdict {
    let judge = Judge(self, profile, strict: strict)
    return Verdict(
      profile: profile, isStrict: strict,
      findings: definitions.compactMap { judge.finding($0.value, $0.node) },
      residuals: residuals, exactNeurons: exactNeurons, bounds: judge.bounds)
  }
}

/// Holds ops against a profile, with what has to be known of the whole module.
private struct Judge {
  let module: Module
  let profile: Profile
  let isStrict: Bool
  let bounds: MagnitudeBounds?
  private let foldable: BitSet
  private let raw: BitSet
  private let usedOn: BitSet
  private let live: BitSet

  init(_ module: Module, _ profile: Profile, strict: Bool) {
    self.module = module
    self.profile = profile
    isStrict = strict
    bounds = profile == .deterministic ? MagnitudeBounds(of: module) : nil
    foldable = module.foldableScalings
    raw = module.rawValues
    usedOn = module.valuesUsedOn
    live = module.liveValues
  }

  /// What there is to say of a node; `nil` if nothing.
  func finding(_ value: ValueID, _ node: Node) -> Verdict.Finding? {
    let domains = node.operands.map { module.type(of: $0).domain }
    let rule = brokenRule(value, node, domains)
    guard rule != nil || isJudged(node) || multiplies(value, node) else { return nil }
    return Verdict.Finding(
      value: value, mnemonic: node.op.definition.mnemonic, origins: node.origins,
      operands: node.operands, domains: domains, arithmetic: Arithmetic(domains), rule: rule,
      exemption: rule == nil || isStrict ? nil : exemption(value, node))
  }

  /// Whether a product is one that the profile has a rule for.
  private func isJudged(_ node: Node) -> Bool {
    switch profile {
    case .eventDriven, .integer: node.op.isSum
    case .spikeDriven, .deterministic: node.op.definition.role == .product
    }
  }

  /// The rule that a node breaks, whether or not it may.
  private func brokenRule(_ value: ValueID, _ node: Node, _ domains: [Domain]) -> Rule? {
    switch profile {
    case .eventDriven:
      node.op.isSum && !domains.contains(.spike) ? .eventDrivenSums : nil
    case .integer(let maximum):
      node.op.isSum && !domains.contains { $0.maximumCount.map { $0 <= maximum } ?? false }
        ? .integerSums : nil
    case .spikeDriven: multiplies(value, node) ? spikeDrivenRule(domains) : nil
    case .deterministic: bounds?.broken[value]
    }
  }

  /// The rule of `spike-driven` that a multiplication of operands of these domains breaks.
  private func spikeDrivenRule(_ domains: [Domain]) -> Rule? {
    guard !domains.contains(.spike) else { return nil }
    guard domains.count == 1 else { return .spikesMeetActivations }
    return domains[0] == .real ? .realsAreNotMultiplied : .countsAreAdded
  }

  /// Whether the spike-driven profile takes a node for a multiplication of its own.
  private func multiplies(_ value: ValueID, _ node: Node) -> Bool {
    guard profile == .spikeDriven else { return false }
    switch node.op.definition.role {
    case .product: return true
    case .scaling: return !isShift(node) && !foldable.contains(value.index)
    case .neuron, .overTime, .plain: return false
    }
  }

  /// Whether a node scales exact values by a power of two.
  private func isShift(_ node: Node) -> Bool {
    guard case .scale(let op) = node.op, node.type.domain != .real else { return false }
    return Float(op.factor).significand == 1
  }

  /// Why a node may break a rule; two activations never may multiply one another.
  private func exemption(_ value: ValueID, _ node: Node) -> Verdict.Exemption? {
    guard profile != .deterministic, node.operands.count == 1 else { return nil }
    if raw.contains(node.operands[0].index) { return .encoding }
    return usedOn.contains(value.index) || !live.contains(value.index) ? nil : .readout
  }
}

extension Op {
  /// Whether this op sums products: what the profiles on operands of sums look at.
  var isSum: Bool {
    if case .mul = self { false } else { definition.role == .product }
  }
}

extension Module {
  /// The scalings that are part of a weighted sum right before them, which nothing else reads;
  /// scalings of which the same holds may stand between.
  fileprivate var foldableScalings: BitSet {
    let users = users
    var foldable: BitSet = []
    for (value, node) in definitions where node.op.definition.role == .scaling {
      let operand = node.operands[0]
      guard operand != output, users[operand.index].count == 1,
        let source = definition(of: operand)
      else { continue }
      let isSum = source.op.definition.role == .product && source.operands.count == 1
      if isSum || foldable.contains(operand.index) { foldable.insert(value.index) }
    }
    return foldable
  }

  /// The values made of the image alone, without a neuron or a weighted sum between; spikes of an
  /// input that are added up are no image any more.
  fileprivate var rawValues: BitSet {
    var raw: BitSet = [ValueID.input.index]
    for (value, node) in definitions
    where !node.op.definition.role.isProductOrNeuron
      && node.operands.allSatisfy({ raw.contains($0.index) })
      && (node.type.domain == .real
        || node.operands.allSatisfy { type(of: $0).domain == node.type.domain })
    {
      raw.insert(value.index)
    }
    return raw
  }

  /// The values on which a neuron or a weighted sum depends.
  fileprivate var valuesUsedOn: BitSet {
    var used: BitSet = []
    for (value, node) in Array(definitions).reversed()
    where node.op.definition.role.isProductOrNeuron || used.contains(value.index) {
      used.formUnion(node.operands.map(\.index))
    }
    return used
  }
}

extension OpDefinition.Role {
  /// Whether an op of this role ends the reach of the image, or of the readout.
  fileprivate var isProductOrNeuron: Bool { self == .product || self == .neuron }
}
