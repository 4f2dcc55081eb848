import Passes
public import SpikeIR

/// What would make a module keep the rules that it breaks.
public enum Remedy: Hashable, Sendable {
  /// Merging chains of convolutions, which read spikes; so many violations are within them.
  case mergeConvChains(violations: Int)
  /// Unrolling integers into as many spikes: the smallest bound whose profile holds.
  case unrollIntegers(Int)
  /// A layer of neurons ahead of the readout at this value.
  case neuronAheadOfReadout(ValueID)
}

extension Module {
  /// What would help where `verdict` says no, in the order in which to try it.
  public func remedies(for verdict: Verdict) -> [Remedy] {
    guard !verdict.holds, verdict.profile != .deterministic else { return [] }
    let merged = mergedViolations(verdict)
    var remedies: [Remedy] = merged == 0 ? [] : [.mergeConvChains(violations: merged)]
    if let maximum = smallestMaximum(verdict) { remedies.append(.unrollIntegers(maximum)) }
    let readouts = verify(verdict.profile).findings.filter { $0.exemption == .readout }
    if verdict.isStrict { remedies += readouts.map { .neuronAheadOfReadout($0.value) } }
    return remedies
  }

  /// How many violations lie within chains of convolutions that read spikes.
  private func mergedViolations(_ verdict: Verdict) -> Int {
    let chains = convChains.filter { type(of: $0.input).domain == .spike }
    let values = Set(chains.flatMap(\.values))
    return verdict.violations.count { values.contains($0.value) }
  }

  /// The smallest bound of `integer` that holds; `nil` where none does, or where something breaks a
  /// rule that unrolling does not help: a multiplication of two integers, or a scaling.
  private func smallestMaximum(_ verdict: Verdict) -> Int? {
    var largest = 1
    for finding in verdict.violations {
      guard let node = definition(of: finding.value), node.op.isSum,
        case .repeatedAdditions(let maximum) = finding.arithmetic
      else { return nil }
      largest = max(largest, maximum)
    }
    return verify(.integer(largest), strict: verdict.isStrict).holds ? largest : nil
  }
}
