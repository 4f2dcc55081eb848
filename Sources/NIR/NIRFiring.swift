/// Which membranes fire: SpikeIR's at their threshold, and NIR's above it.
public enum NIRFiring: String, CaseIterable, Sendable {
  /// As NIR defines it: `v > v_threshold`. A binary32 membrane is above a number exactly if it is at
  /// or above the next larger binary32 number, so nothing is lost.
  case above
  /// As SpikeIR and spikingjelly do: `v >= v_threshold`.
  case at

  /// The threshold of SpikeIR that membranes reach which fire by NIR's `threshold`: the smallest
  /// binary32 number above it, or at it.
  func threshold(ofNIR threshold: Double) -> Float {
    let nearest = Float(threshold)
    switch self {
    case .above: return Double(nearest) > threshold ? nearest : nearest.nextUp
    case .at: return Double(nearest) >= threshold ? nearest : nearest.nextUp
    }
  }

  /// NIR's threshold of neurons that fire at SpikeIR's `threshold`.
  func nirThreshold(of threshold: Float) -> Double {
    Double(self == .above ? threshold.nextDown : threshold)
  }
}
