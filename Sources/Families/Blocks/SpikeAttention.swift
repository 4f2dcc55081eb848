import Diagnostics
import SpikeIR

extension Assembly {
  /// The attention of spikes, without a softmax: `(q k^T) v` or `q (k^T v)`, times a scale.
  ///
  /// Both orders give the same integers; each family keeps its authors' own, since it decides how
  /// many operations there are.
  ///
  /// - Parameters:
  ///   - query, key, value: spikes `[channels, height, width]`.
  ///   - keysFirst: whether keys and values are multiplied first.
  /// - Returns: `[channels, height, width]`.
  mutating func spikeAttention(
    _ query: ValueID, _ key: ValueID, _ value: ValueID, _ path: String, heads: Int, scale: Double,
    keysFirst: Bool
  ) throws(Diagnostic) -> ValueID {
    let shape = builder.type(of: query).shape
    let split: Shape = [heads, shape[0] / heads, shape[1] * shape[2]]
    let q = try builder.reshape(query, split, from: path)
    let k = try builder.reshape(key, split, from: path)
    let v = try builder.reshape(value, split, from: path)
    var x: ValueID
    if keysFirst {
      // [heads, d, n] x [heads, n, d] sums over the tokens; then q's channels are summed.
      let kv = try builder.matmul(k, v, transposeRHS: true, from: path)
      x = try builder.matmul(kv, q, transposeLHS: true, from: path)
    } else {
      let scores = try builder.matmul(q, k, transposeLHS: true, from: path)
      x = try builder.matmul(v, scores, transposeRHS: true, from: path)
    }
    x = try builder.scale(x, by: scale, from: path)
    return try builder.reshape(x, shape, from: path)
  }
}
