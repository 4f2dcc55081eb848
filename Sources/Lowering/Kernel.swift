public import SpikeIR

/// A kernel of `snn_kernels.h` with its arguments; the names are those of that header.
public enum Kernel: Sendable {
  /// `snn_conv_run`.
  case convolution(Convolution)
  /// `snn_grouped_run`.
  case groupedConvolution(GroupedConvolution)
  /// `snn_neuron_run`.
  case neuron(input: BufferID, NeuronDynamics, membrane: BufferID?, output: BufferID)
  /// `snn_max_pool_spikes` or `snn_max_pool_reals`, by the buffers' layout.
  case maxPool(input: BufferID, Geometry, output: BufferID)
  /// `snn_attention_run`.
  case attention(Attention)
  /// `snn_add`.
  case add(BufferID, BufferID, output: BufferID)
  /// `snn_mul`; the right operand has one element along `extent`.
  case mul(BufferID, BufferID, Axis, output: BufferID)
  /// `snn_sum`, along `extent`.
  case sum(input: BufferID, Axis, output: BufferID)
  /// `snn_complement`.
  case complement(input: BufferID, output: BufferID)
  /// `snn_divide`.
  case divide(input: BufferID, by: Float, output: BufferID)
  /// `snn_scale`.
  case scale(input: BufferID, factor: Float, output: BufferID)
  /// `snn_affine`.
  case affine(input: BufferID, scale: ConstantID, shift: ConstantID, output: BufferID)
  /// `snn_mean_positions`.
  case meanPositions(input: BufferID, output: BufferID)
  /// `snn_mean_steps`.
  case meanSteps(input: BufferID, output: BufferID)
  /// A copy of the input's one slice for each step of the output.
  case `repeat`(input: BufferID, output: BufferID)
  /// `snn_unpack_spikes`.
  case unpack(input: BufferID, output: BufferID)
  /// `snn_pack_spikes`.
  case pack(input: BufferID, output: BufferID)
  /// `snn_channels_last`: `[rows][columns]` of each step become `[columns][rows]`; the module's
  /// own input where there is no buffer.
  case transpose(input: BufferID?, rows: Int, columns: Int, output: BufferID)
  /// `snn_matmul`, for each step.
  case matmul(Matrix, Matrix, Product, output: BufferID)
  /// A copy to the module's output.
  case output(BufferID)

  /// The extents of a window's input and output, the window and how it moves.
  public struct Geometry: Sendable {
    /// Height and width of the input.
    public let input: [Int]
    /// Height and width of the output.
    public let output: [Int]
    /// Rows and columns of the window.
    public let kernel: [Int]
    /// How it moves.
    public let window: Window
  }

  /// An axis of one slice in memory: `[outer][extent][inner]` elements.
  public struct Axis: Sendable {
    /// The elements over all axes outside.
    public let outer: Int
    /// The extent of the axis.
    public let extent: Int
    /// The elements over all axes inside.
    public let inner: Int
  }

  /// The arguments of `snn_grouped_run`.
  public struct GroupedConvolution: Sendable {
    /// The input, bits or reals.
    public let input: BufferID
    /// The extents.
    public let geometry: Geometry
    /// `[rows, columns, in / groups, out]`.
    public let weights: ConstantID
    /// `[out]`.
    public let bias: ConstantID?
    /// The number of groups.
    public let groups: Int
    /// The sums.
    public let output: BufferID
  }

  /// The arguments of `snn_conv_run`.
  public struct Convolution: Sendable {
    /// The input, bits or reals.
    public let input: BufferID
    /// Whether the input holds counts: reals of which the zeros add no term.
    public let isCounting: Bool
    /// The extents; 1 x 1 on one position for a linear layer.
    public let geometry: Geometry
    /// `[rows, columns, in, out]`.
    public let weights: ConstantID
    /// `[out]`.
    public let bias: ConstantID?
    /// `[out]` each.
    public let affine: (scale: ConstantID, shift: ConstantID)?
    /// What is added to the sum.
    public let residual: BufferID?
    /// Where the sum is kept, if it is.
    public let realOutput: BufferID?
    /// The neuron behind the sum, if there is one.
    public let neuron: NeuronDynamics?
    /// Where its membrane is kept, if it is.
    public let membrane: BufferID?
    /// Where its spikes go.
    public let spikesOutput: BufferID?
  }

  /// The arguments of `snn_attention_run`.
  public struct Attention: Sendable {
    /// Spikes `[tokens][heads * width]`.
    public let queries: BufferID
    /// Spikes `[tokens][heads * width]`.
    public let keys: BufferID
    /// Spikes `[tokens][heads * width]`.
    public let values: BufferID
    /// The number of heads.
    public let heads: Int
    /// What the sums are multiplied by.
    public let factor: Float
    /// The kernel's own memory.
    public let workspace: BufferID
    /// Where the sums are kept, if they are.
    public let realOutput: BufferID?
    /// The neuron behind the sums, if there is one.
    public let neuron: NeuronDynamics?
    /// Where its membrane is kept, if it is.
    public let membrane: BufferID?
    /// Where its spikes go.
    public let spikesOutput: BufferID?
  }

  /// An operand of `snn_matmul`: a buffer and how far apart neighbours lie.
  public struct Matrix: Sendable {
    /// The buffer, reals.
    public let buffer: BufferID
    /// The distance of matrices of the stack, of rows and of columns, in elements.
    public let strides: [Int]
  }

  /// The extents of `snn_matmul`.
  public struct Product: Sendable {
    /// The number of matrices.
    public let stack: Int
    /// The rows of the result.
    public let rows: Int
    /// The columns of the result.
    public let columns: Int
    /// The terms of each sum.
    public let inner: Int
  }

  /// The buffers that it reads or writes.
  var buffers: [BufferID] {
    switch self {
    case .convolution(let conv):
      [conv.input, conv.residual, conv.realOutput, conv.membrane, conv.spikesOutput]
        .compactMap { $0 }
    case .attention(let op):
      [op.queries, op.keys, op.values, op.workspace]
        + [op.realOutput, op.membrane, op.spikesOutput].compactMap { $0 }
    case .groupedConvolution(let conv): [conv.input, conv.output]
    case .add(let lhs, let rhs, let output), .mul(let lhs, let rhs, _, let output):
      [lhs, rhs, output]
    case .matmul(let lhs, let rhs, _, let output): [lhs.buffer, rhs.buffer, output]
    case .transpose(let input, _, _, let output): [input, output].compactMap { $0 }
    case .output(let buffer): [buffer]
    case .neuron(let input, _, let membrane, let output):
      [input, membrane, output].compactMap { $0 }
    case .maxPool(let input, _, let output), .divide(let input, _, let output),
      .scale(let input, _, let output), .affine(let input, _, _, let output),
      .meanPositions(let input, let output), .meanSteps(let input, let output),
      .repeat(let input, let output), .unpack(let input, let output),
      .pack(let input, let output), .complement(let input, let output),
      .sum(let input, _, let output):
      [input, output]
    }
  }
}
