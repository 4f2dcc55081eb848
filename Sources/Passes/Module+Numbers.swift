package import Diagnostics
package import SpikeIR

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

  /// Checks that what was merged from `nodes` is still finite, if it is known.
  func requireFinite(mergedFrom nodes: [Node]) throws(Diagnostic) {
    guard isAbsent || withFloats({ $0.allSatisfy(\.isFinite) }) else { throw .notFinite(nodes) }
  }
}

extension Diagnostic {
  fileprivate static func notFinite(_ nodes: [Node]) -> Diagnostic {
    .error(
      "merge-not-finite", "a merged number must be finite in binary32, and one is not",
      at: Location(
        place: .node(nodes[0].op.definition.mnemonic, origins: nodes.allOrigins)))
  }
}

extension Module {
  /// The binary64 scale and shift of a `batch_norm` or `affine` node; 1 and 0 where its numbers are
  /// absent.
  ///
  /// - Throws: `batch_norm-c4` or `batch_norm-c5`.
  package func scaleAndShift(of node: Node) throws(Diagnostic) -> [(scale: Double, shift: Double)] {
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
