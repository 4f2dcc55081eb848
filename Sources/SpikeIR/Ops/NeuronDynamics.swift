/// What each neuron of a layer does at every step: it charges its membrane, fires, and resets.
///
/// The membrane `v` starts from +0. At each step, in order, each operation rounded to binary32:
///
///     v = charge(v, x[t])
///     s[t] = 1 where v >= threshold, else 0
///     v = +0 where s[t] is 1
public struct NeuronDynamics: Hashable, Sendable {
  /// How the input charges the membrane.
  public enum Charge: Hashable, Sendable {
    /// `v + (x - v) / tau`, with a true division.
    case leaky(tau: Float)
    /// `v + (x - v) * inverseTau`: a leak whose inverse was learned.
    case learned(inverseTau: Float)
    /// `v + x`.
    case integrating
  }

  /// How the input charges the membrane.
  public let charge: Charge

  /// The membrane at which a neuron fires.
  public let threshold: Float

  /// The membrane `v` after it has taken the input `x`.
  public func charged(_ v: Float, by x: Float) -> Float {
    switch charge {
    case .leaky(let tau): v + (x - v) / tau
    case .learned(let inverseTau): v + (x - v) * inverseTau
    case .integrating: v + x
    }
  }
}

/// An op that is a layer of neurons, one for each element, and gives spikes.
protocol NeuronOperation: Operation {
  /// What its neurons do.
  var dynamics: NeuronDynamics { get }
}

extension Op {
  /// What the neurons of this op do; `nil` if it has none.
  public var neuron: NeuronDynamics? { (operation as? any NeuronOperation)?.dynamics }
}

extension Double {
  /// Whether this number is a finite binary32 number.
  var isBinary32: Bool { isFinite && Double(Float(self)) == self }

  /// Whether this number is one that a membrane may be compared with.
  var isThreshold: Bool { isBinary32 && self > 0 }
}
