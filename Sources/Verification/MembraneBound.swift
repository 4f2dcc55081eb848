public import SpikeIR

/// A layer of neurons all of whose arithmetic is exact: integers of few bits give the same spikes.
///
/// The input is an exact domain and the membrane's leak a power of two, so everything that is
/// computed over T steps is an integer times one power of two. Where no such integer is above 2^24,
/// binary32 never rounds.
public struct MembraneBound: Sendable {
  /// The layer's name.
  public let name: String
  /// The layer's spikes.
  public let value: ValueID
  /// The domain of the input.
  public let input: Domain
  /// The domain of the membrane, charged and before its reset, over all steps.
  public let membrane: Domain
  /// The bits of a signed integer that holds the input, the membrane and their difference, in
  /// units of the membrane's domain.
  public let bits: Int
}

extension Module {
  /// The layers of neurons that compute without rounding, in order.
  var exactNeurons: [MembraneBound] {
    neurons.compactMap { name, value, node in
      guard let dynamics = node.op.neuron, let input = type(of: node.operands[0]).domain.exact,
        let range = MembraneRange(dynamics, input, steps: timeSteps)
      else { return nil }
      return MembraneBound(
        name: name, value: value, input: Domain(input), membrane: range.domain, bits: range.bits)
    }
  }
}

/// What a membrane and the operations on it can be, in units of `2^-scale`.
private struct MembraneRange {
  private let scale: Int
  /// The charged membrane, over all steps.
  private var charged = 0...0
  /// Everything that is computed.
  private var all: ClosedRange<Int>

  /// The most units are shifted by; beyond it, integers of 64 bits would not hold them.
  private static let largestShift = 32

  /// Follows the membrane over `steps`; `nil` where an operation may round.
  init?(_ dynamics: NeuronDynamics, _ input: Domain.Exact, steps: Int) {
    guard let leak = dynamics.charge.shift else { return nil }
    let shift = leak * steps
    guard shift <= Self.largestShift, input.scale + shift <= Domain.scaleLimit else { return nil }
    scale = input.scale + shift
    let x = input.low << shift...input.high << shift
    let highestKept = Self.highest(below: dynamics.threshold, scale: scale)
    all = x
    var kept = 0...0
    for _ in 0..<steps {
      let difference = x.lowerBound - kept.upperBound...x.upperBound - kept.lowerBound
      let next = dynamics.charge.charged(kept, by: x, leak)
      charged = charged.union(next)
      all = all.union(next).union(difference)
      guard isExact else { return nil }
      kept = min(next.lowerBound, 0)...max(0, min(next.upperBound, highestKept))
    }
  }

  /// Whether every number is one of binary32.
  private var isExact: Bool {
    all.lowerBound >= -Domain.exactLimit && all.upperBound <= Domain.exactLimit
  }

  /// The membrane's domain.
  var domain: Domain {
    Domain(Domain.Exact(low: charged.lowerBound, high: charged.upperBound, scale: scale))
  }

  /// The bits of a signed integer for all that is computed.
  var bits: Int {
    let magnitude = max(all.upperBound, -(all.lowerBound + 1), 0)
    return Int.bitWidth - magnitude.leadingZeroBitCount + 1
  }

  /// The largest number of units below `threshold`.
  private static func highest(below threshold: Float, scale: Int) -> Int {
    let units = Double(threshold) * Double(sign: .plus, exponent: scale, significand: 1)
    return Int(min(units.rounded(.up) - 1, Double(Domain.exactLimit)))
  }
}

extension NeuronDynamics.Charge {
  /// The digits by which a charge shifts: the logarithm of the time constant; `nil` where that is no
  /// power of two.
  fileprivate var shift: Int? {
    switch self {
    case .integrating: 0
    case .leaky(let tau): tau.significand == 1 ? Int(tau.exponent) : nil
    case .learned(let inverse): inverse.significand == 1 ? -Int(inverse.exponent) : nil
    }
  }

  /// The charged membranes of membranes in `v` and inputs in `x`; `leak` is `shift`.
  fileprivate func charged(
    _ v: ClosedRange<Int>, by x: ClosedRange<Int>, _ leak: Int
  ) -> ClosedRange<Int> {
    guard self != .integrating else {
      return v.lowerBound + x.lowerBound...v.upperBound + x.upperBound
    }
    // v + (x - v) / 2^leak grows with both; shifts round down, so one unit is added above.
    let weight = 1 << leak - 1
    let low = (weight * v.lowerBound + x.lowerBound) >> leak
    let high = (weight * v.upperBound + x.upperBound + weight) >> leak
    return low...high
  }
}

extension ClosedRange<Int> {
  /// The smallest range that holds both.
  fileprivate func union(_ other: ClosedRange<Int>) -> ClosedRange<Int> {
    Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
  }
}
