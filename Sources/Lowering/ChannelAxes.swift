import SpikeIR

/// Which axes of a value are the channels of its buffer; the others are its positions.
///
/// In memory, positions lie outside of channels, and each in row-major order.
enum ChannelAxes: Hashable {
  /// As many axes, from the first: `[channels, height, width]`.
  case first(Int)
  /// As many axes, to the last: `[tokens, channels]`.
  case last(Int)

  /// Whether positions come first in the value, too.
  var areLast: Bool {
    if case .last = self { true } else { false }
  }

  /// The number of channels in a value of `shape`.
  func count(in shape: Shape) -> Int {
    switch self {
    case .first(let axes): shape.extents.prefix(axes).reduce(1, *)
    case .last(let axes): shape.extents.suffix(axes).reduce(1, *)
    }
  }
}

extension Node {
  /// The channel axes of this node's result, if it shows its operand of `shape` where it lies, with
  /// the channels `axes`; `nil` where it does not.
  func axes(viewing axes: ChannelAxes, of shape: Shape) -> ChannelAxes? {
    switch (op, axes) {
    case (.reshape(let op), .first):
      op.shape.axes(holding: axes.count(in: shape)).map(ChannelAxes.first)
    case (.reshape(let op), .last):
      Shape(op.shape.extents.reversed()).axes(holding: axes.count(in: shape))
        .map(ChannelAxes.last)
    case (.transpose, .first(1)): .last(1)
    case (.transpose, .last(1)): .first(1)
    default: nil
    }
  }
}

extension Shape {
  /// How many axes, from the first, hold `count` elements together; `nil` where none do.
  func axes(holding count: Int) -> Int? {
    (0...rank).first { extents.prefix($0).reduce(1, *) == count }
  }
}
