import SpikeIR

extension Shape {
  /// The shapes that PyTorch may have given a tensor that holds a weight of this shape.
  ///
  /// The IR's weights lie as `[kernel rows, kernel columns, in, out]`, `[in, out]` and `[out]`;
  /// PyTorch has the outputs first, and leaves out or adds taps of which there is one:
  ///
  ///     [rows, columns, in, out]    [out, in, rows, columns]
  ///     [1, columns, in, out]       also [out, in, columns], of nn.Conv1d
  ///     [1, 1, in, out]             also [out, in], of nn.Linear
  ///     [in, out]                   [out, in], and [out, in, 1] and [out, in, 1, 1] of convolutions
  ///     [n]                         [n]
  ///     [1]                         also [], a scalar
  ///
  /// A weight of another rank is in no checkpoint. In all of these the outputs are outermost and the
  /// taps innermost, so that one transposition serves them.
  var tensorShapes: [[Int]] {
    switch rank {
    case 1: [extents] + (extents == [1] ? [[]] : [])
    case 2: [[self[1], self[0]], [self[1], self[0], 1], [self[1], self[0], 1, 1]]
    case 4:
      [[self[3], self[2], self[0], self[1]]]
        + (self[0] == 1 ? [[self[3], self[2], self[1]]] : [])
        + (self[0] == 1 && self[1] == 1 ? [[self[3], self[2]]] : [])
    default: []
    }
  }
}
