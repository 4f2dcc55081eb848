import Diagnostics
import SpikeIR

// Passes also run on modules of which only the shapes are known, to count parameters: what would be
// computed from absent numbers is absent.

extension WeightData {
  /// Creates `count` numbers that `initialize` computes from those of `weights`.
  convenience init(
    count: Int, from weights: [Weight],
    _ initialize: (UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    guard weights.allSatisfy({ !$0.data.isAbsent }) else {
      self.init(absent: count)
      return
    }
    self.init(count: count, initialize)
  }
}

extension Module {
  /// The binary64 scale and shift of a `batch_norm` or `affine` node; 1 and 0 where its numbers are
  /// absent.
  func scaleAndShift(of node: Node) throws(Diagnostic) -> [(scale: Double, shift: Double)] {
    let weights = node.weights.map { weight($0) }
    guard weights.allSatisfy({ !$0.data.isAbsent }) else {
      return [(scale: Double, shift: Double)](
        repeating: (1, 0), count: weights[0].shape.count)
    }
    if case .batchNorm(let norm) = node.op { return try scaleAndShift(of: norm, node) }
    return zip(weights[0].data.floats, weights[1].data.floats).map {
      (scale: Double($0), shift: Double($1))
    }
  }
}

extension [Node] {
  /// The module paths of all these nodes, each once.
  var allOrigins: [String] {
    var unique: [String] = []
    for origin in flatMap(\.origins) where !unique.contains(origin) { unique.append(origin) }
    return unique
  }
}
