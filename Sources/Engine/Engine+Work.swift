import Lowering
import SpikeIR

extension Engine {
  /// The work of a kernel's call on what its inputs hold now.
  func work(of kernel: Kernel) -> Work {
    switch kernel {
    case .convolution(let conv):
      return work(
        on: conv.input, isCounting: conv.isCounting, conv.geometry,
        outputs: plan.channels(of: conv))
    case .groupedConvolution(let conv):
      return work(
        on: conv.input, conv.geometry, outputs: layout(conv.output).channels / conv.groups)
    case .attention(let attention): return work(of: attention)
    case .matmul(_, _, let product, let output):
      let sums = layout(output).steps * product.stack * product.rows * product.columns
      return Work(additions: sums * product.inner, multiplications: sums * product.inner)
    case .sum(let input, _, _), .meanPositions(let input, _), .meanSteps(let input, _):
      return Work(additions: layout(input).count)
    case .maxPool(let input, _, _), .unpack(let input, _): return reading([input])
    case .add(_, _, let output):
      // Steps that add to a sum over time; residual additions are no terms of a sum.
      return plan.buffer(output).role == .sum ? Work(additions: layout(output).count) : Work()
    case .neuron, .mul, .complement, .divide, .scale, .affine, .repeat, .pack, .transpose,
      .output:
      return Work()
    }
  }

  /// The work of a convolution, each of whose inputs adds to `outputs` channels at each tap.
  private func work(
    on input: BufferID, isCounting: Bool = false, _ geometry: Kernel.Geometry, outputs: Int
  ) -> Work {
    let layout = layout(input)
    let taps = (0..<2).map { axis in
      geometry.window.taps(
        geometry.kernel[axis], axis: axis, of: geometry.input[axis], places: geometry.output[axis])
    }
    let (rows, columns) = (taps[0], taps[1])
    var terms = 0
    for position in 0..<layout.steps * layout.positions {
      let places =
        rows[position / columns.count % rows.count] * columns[position % columns.count]
      let active =
        layout.isBits
        ? spikes(of: input, at: position)
        : isCounting ? counts(of: input, at: position) : layout.channels
      terms += places * active
    }
    var work = reading([input])
    work.additions = terms * outputs
    work.multiplications = layout.isBits ? 0 : terms * outputs
    return work
  }

  /// The work of an attention, in the order `q (k^T v)`.
  private func work(of attention: Kernel.Attention) -> Work {
    let layout = layout(attention.queries)
    let width = layout.channels / attention.heads
    var work = reading([attention.queries, attention.keys, attention.values])
    for position in 0..<layout.steps * layout.positions {
      for head in 0..<attention.heads {
        let channels = head * width..<(head + 1) * width
        work.integerAdditions +=
          spikes(of: attention.keys, at: position, channels)
          * spikes(of: attention.values, at: position, channels)
      }
      work.integerAdditions += width * spikes(of: attention.queries, at: position)
    }
    return work
  }

  /// The spikes that are read where `buffers` are, as far as they hold bits.
  private func reading(_ buffers: [BufferID]) -> Work {
    buffers.filter { layout($0).isBits }.reduce(Work()) { work, buffer in
      work + Work(bits: layout(buffer).count, spikes: spikes(of: buffer))
    }
  }

  /// The spikes that this phase sees of a buffer.
  func spikes(of buffer: BufferID) -> Int {
    let words = layout(buffer).byteCount / MemoryLayout<UInt64>.size
    let first = bits(buffer)
    return (0..<words).reduce(0) { $0 + first[$1].nonzeroBitCount }
  }

  /// The spikes at one position, counted over all steps.
  private func spikes(of buffer: BufferID, at position: Int) -> Int {
    let words = (layout(buffer).channels + 63) / 64
    let first = bits(buffer) + position * words
    return (0..<words).reduce(0) { $0 + first[$1].nonzeroBitCount }
  }

  /// The channels at one position, counted over all steps, that are not zero.
  private func counts(of buffer: BufferID, at position: Int) -> Int {
    let channels = layout(buffer).channels
    let first = reals(buffer) + position * channels
    return (0..<channels).count { first[$0] != 0 }
  }

  /// The spikes at one position in some of the channels.
  private func spikes(of buffer: BufferID, at position: Int, _ channels: Range<Int>) -> Int {
    let words = (layout(buffer).channels + 63) / 64
    let first = bits(buffer) + position * words
    return channels.reduce(0) { $0 + Int(first[$1 / 64] >> UInt64($1 % 64) & 1) }
  }
}
