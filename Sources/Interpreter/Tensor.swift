public import SpikeIR

/// A value while it is computed: one slice, or one for each time step, in row-major order.
public struct Tensor: Sendable {
  /// The extents of one slice.
  public var shape: Shape

  /// The number of slices: T for a timed value, 1 for a static one.
  public var steps: Int

  /// The elements, `[steps][shape]`.
  public var values: [Float]

  /// Creates a tensor; `values` must fill it.
  public init(_ shape: Shape, steps: Int, _ values: [Float]) {
    precondition(values.count == shape.count * steps, "the values must fill the tensor")
    self.shape = shape
    self.steps = steps
    self.values = values
  }

  /// Creates a tensor of zeros.
  init(zeros shape: Shape, steps: Int) {
    self.init(shape, steps: steps, [Float](repeating: 0, count: shape.count * steps))
  }

  /// The position in `values` at which the slice of `step` starts; a static tensor has one slice,
  /// which it shows at every step.
  func start(of step: Int) -> Int { steps == 1 ? 0 : step * shape.count }
}
