import CSpikeKernels
public import Diagnostics
import Glibc
public import Lowering
import SpikeIR

/// Walks a plan with the C kernels that the emitted programs carry too.
///
/// An engine owns its arena and its threads; one engine runs one sample at a time.
public final class Engine {
  /// Is called with each neuron layer and its spikes at all time steps, one byte 0 or 1 for each
  /// element of `[T][shape]`.
  public typealias Observer = (Plan.NeuronLayer, [UInt8]) -> Void

  /// Is given each kernel's call with the number of its step in the plan, and makes the call.
  public typealias Caller = (Int, () -> Void) -> Void

  /// The plan that is run.
  public let plan: Plan

  /// How many time steps of the sample have been computed.
  var time = 0

  /// The phase that is run.
  private var phase = Plan.Phase.once

  /// Who sees the sample's spikes.
  var observer: Observer?

  /// Makes each kernel's call, given the number of its step; `nil` to call at once.
  var caller: Caller?

  /// The spikes of the sample so far, of each layer that is computed step by step.
  var spikes: [[UInt8]] = []

  /// The arena, the kernels' scratch memory behind it.
  let arena: UnsafeMutableRawPointer

  /// The worker threads; `nil` for one.
  private let threads: OpaquePointer?

  /// What the kernels split their work over; `nil` to run serially.
  let executor: UnsafeMutablePointer<snn_executor>?

  /// Makes an engine of `threads` threads.
  ///
  /// - Throws: `no-threads` or `no-memory` where the system gives none (exit status 74).
  public init(_ plan: Plan, threads count: Int = 1) throws(Diagnostic) {
    self.plan = plan
    if count > 1 {
      guard let pool = snn_threads_create(Int32(clamping: count)) else {
        throw .error(
          "no-threads", "the system gives no \(count) threads", status: .ioError)
      }
      threads = pool
      executor = snn_threads_executor(pool)
    } else {
      threads = nil
      executor = nil
    }
    let byteCount = plan.arenaByteCount + max(count, 1) * Plan.scratchByteCount
    guard let arena = aligned_alloc(Plan.alignment, Plan.aligned(byteCount)) else {
      if let threads { snn_threads_destroy(threads) }
      throw .error(
        "no-memory", "the system gives no \(byteCount) bytes of memory", status: .ioError)
    }
    self.arena = arena
    reset()
  }

  deinit {
    if let threads { snn_threads_destroy(threads) }
    free(arena)
  }

  /// Runs the steps of a phase, and shows the spikes of the layers among them.
  ///
  /// - Parameters:
  ///   - input: the sample, or the frame of this time step, for the phase that reads it.
  ///   - output: where the output goes, for the phase that writes it.
  func run(
    _ phase: Plan.Phase, _ input: UnsafePointer<Float>? = nil,
    _ output: UnsafeMutablePointer<Float>? = nil
  ) {
    self.phase = phase
    for index in plan.steps(in: phase) {
      if let caller {
        caller(index) { run(plan.steps[index].kernel, input, output) }
      } else {
        run(plan.steps[index].kernel, input, output)
      }
      guard observer != nil else { continue }
      for (number, layer) in plan.neurons(after: index) { show(number, layer) }
    }
  }

  /// Shows a layer's spikes to the observer, once those of all time steps are there.
  private func show(_ number: Int, _ layer: Plan.NeuronLayer) {
    spikes[number] += planarSpikes(layer)
    guard phase != .everyStep || time == plan.module.timeSteps - 1 else { return }
    observer?(layer, spikes[number])
    spikes[number] = []
  }

  /// The spikes of a layer that this phase sees, one byte for each element of `[steps][shape]`.
  private func planarSpikes(_ layer: Plan.NeuronLayer) -> [UInt8] {
    let layout = layout(layer.buffer)
    return [UInt8](unsafeUninitializedCapacity: layout.count) { bytes, count in
      let unpack = layer.hasChannelsLast ? snn_row_bits : snn_planar_bits
      unpack(
        bits(layer.buffer), Int32(layout.steps), Int32(layout.positions), Int32(layout.channels),
        bytes.baseAddress)
      count = layout.count
    }
  }

  // MARK: - Memory

  private var scratch: UnsafeMutableRawPointer { arena + plan.arenaByteCount }

  /// Where what this phase sees of a buffer lies.
  private func place(_ id: BufferID) -> UnsafeMutableRawPointer {
    arena + plan.buffer(id).offset + time * plan.stride(of: id, in: phase)
  }

  func reals(_ id: BufferID) -> UnsafeMutablePointer<Float> {
    place(id).assumingMemoryBound(to: Float.self)
  }

  func bits(_ id: BufferID) -> UnsafeMutablePointer<UInt64> {
    place(id).assumingMemoryBound(to: UInt64.self)
  }

  private func constant(_ id: ConstantID) -> UnsafePointer<Float>? {
    // The plan keeps the weight alive as long as the engine lives.
    plan.constants[id.index].data.withFloats { $0.baseAddress }
  }

  func layout(_ id: BufferID) -> Plan.Layout { plan.layout(id, in: phase) }

  // MARK: - Kernels

  /// Calls one kernel.
  private func run(
    _ kernel: Kernel, _ input: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Float>?
  ) {
    switch kernel {
    case .convolution(let conv): run(conv)
    case .groupedConvolution(let conv): run(conv)
    case .attention(let attention): run(attention)
    case .neuron(let source, let neuron, let membrane, let target):
      var neuron = snn_neuron(neuron)
      let layout = layout(source)
      snn_neuron_run(
        reals(source), Int32(layout.steps), Int32(self.layout(target).steps),
        Int32(layout.positions), Int32(layout.channels), &neuron, membrane.map(reals),
        bits(target), executor)
    case .maxPool(let source, let geometry, let target): pool(source, geometry, target)
    case .add(let lhs, let rhs, let target):
      let layout = layout(target)
      snn_add(
        reals(lhs), Int32(self.layout(lhs).steps), reals(rhs), Int32(self.layout(rhs).steps),
        Int32(layout.steps), layout.count / layout.steps, reals(target))
    case .mul(let lhs, let rhs, let axis, let target):
      snn_mul(
        reals(lhs), Int32(layout(lhs).steps), reals(rhs), Int32(layout(rhs).steps),
        Int32(layout(target).steps), axis.outer, axis.extent, axis.inner, reals(target))
    case .sum(let source, let axis, let target):
      snn_sum(
        reals(source), layout(source).steps * axis.outer, axis.extent, axis.inner, reals(target))
    case .complement(let source, let target):
      snn_complement(reals(source), layout(source).count, reals(target))
    case .divide(let source, let divisor, let target):
      snn_divide(reals(source), divisor, layout(source).count, reals(target))
    case .scale(let source, let factor, let target):
      snn_scale(reals(source), factor, layout(source).count, reals(target))
    case .affine(let source, let scale, let shift, let target):
      let layout = layout(source)
      snn_affine(
        reals(source), constant(scale), constant(shift), layout.steps * layout.positions,
        Int32(layout.channels), reals(target))
    case .meanPositions(let source, let target):
      let layout = layout(source)
      snn_mean_positions(
        reals(source), Int32(layout.steps), Int32(layout.positions), Int32(layout.channels),
        reals(target))
    case .meanSteps(let source, let target):
      snn_mean_steps(
        reals(source), Int32(layout(source).steps), layout(target).count, reals(target))
    case .repeat(let source, let target):
      snn_repeat(
        reals(source), Int32(layout(target).steps), layout(source).count, reals(target))
    case .unpack(let source, let target):
      let layout = layout(source)
      snn_unpack_spikes(
        bits(source), layout.steps * layout.positions, Int32(layout.channels), reals(target))
    case .pack(let source, let target):
      let layout = layout(target)
      snn_pack_spikes(
        reals(source), layout.steps * layout.positions, Int32(layout.channels), bits(target))
    case .transpose(let source, let rows, let columns, let target):
      snn_channels_last(
        source.map { UnsafePointer(reals($0)) } ?? input,
        Int32(layout(target).steps), Int32(rows), Int32(columns), reals(target))
    case .matmul(let lhs, let rhs, let product, let target): multiply(lhs, rhs, product, target)
    case .output(let source):
      output?.update(from: reals(source), count: layout(source).count)
    }
  }

  private func run(_ conv: Kernel.Convolution) {
    var call = weightedSum(
      of: conv.input, conv.geometry, channels: plan.channels(of: conv), conv.weights, conv.bias)
    if conv.isCounting { swap(&call.reals, &call.counts) }
    call.scale = conv.affine.flatMap { constant($0.scale) }
    call.shift = conv.affine.flatMap { constant($0.shift) }
    call.residual = conv.residual.map { UnsafePointer(reals($0)) }
    call.residual_steps = Int32(conv.residual.map { layout($0).steps } ?? 1)
    call.out_steps = Int32(plan.outputSteps(of: conv, in: phase))
    call.real_out = conv.realOutput.map(reals)
    if let neuron = conv.neuron { call.neuron = snn_neuron(neuron) }
    call.membrane = conv.membrane.map(reals)
    call.spikes_out = conv.spikesOutput.map(bits)
    snn_conv_run(&call, scratch, executor)
  }

  private func run(_ conv: Kernel.GroupedConvolution) {
    var call = weightedSum(
      of: conv.input, conv.geometry, channels: layout(conv.output).channels, conv.weights,
      conv.bias)
    call.real_out = reals(conv.output)
    snn_grouped_run(&call, Int32(conv.groups), executor)
  }

  /// The part of a convolution's arguments that says what is summed.
  private func weightedSum(
    of source: BufferID, _ geometry: Kernel.Geometry, channels: Int, _ weights: ConstantID,
    _ bias: ConstantID?
  ) -> snn_conv {
    let input = layout(source)
    var call = snn_conv()
    call.steps = Int32(input.steps)
    (call.in_height, call.in_width) = (Int32(geometry.input[0]), Int32(geometry.input[1]))
    call.in_channels = Int32(input.channels)
    (call.out_height, call.out_width) = (Int32(geometry.output[0]), Int32(geometry.output[1]))
    call.out_channels = Int32(channels)
    (call.kernel_height, call.kernel_width) = (
      Int32(geometry.kernel[0]), Int32(geometry.kernel[1])
    )
    (call.stride_height, call.stride_width) = (
      Int32(geometry.window.stride[0]), Int32(geometry.window.stride[1])
    )
    (call.pad_height, call.pad_width) = (
      Int32(geometry.window.padding[0]), Int32(geometry.window.padding[1])
    )
    if input.isBits {
      call.spikes = UnsafePointer(bits(source))
    } else {
      call.reals = UnsafePointer(reals(source))
    }
    call.weights = constant(weights)
    call.bias = bias.flatMap(constant)
    return call
  }

  private func run(_ attention: Kernel.Attention) {
    let layout = layout(attention.queries)
    var call = snn_attention()
    call.steps = Int32(layout.steps)
    call.tokens = Int32(layout.positions)
    call.heads = Int32(attention.heads)
    call.width = Int32(layout.channels / attention.heads)
    call.queries = UnsafePointer(bits(attention.queries))
    call.keys = UnsafePointer(bits(attention.keys))
    call.values = UnsafePointer(bits(attention.values))
    call.factor = attention.factor
    call.real_out = attention.realOutput.map(reals)
    if let neuron = attention.neuron { call.neuron = snn_neuron(neuron) }
    call.membrane = attention.membrane.map(reals)
    call.out_steps = Int32(attention.spikesOutput.map { self.layout($0).steps } ?? layout.steps)
    call.spikes_out = attention.spikesOutput.map(bits)
    precondition(
      plan.buffer(attention.workspace).byteCount
        >= snn_attention_bytes(call.steps, call.heads, call.width),
      "the plan's workspace must hold the kernel's")
    snn_attention_run(
      &call, arena + plan.buffer(attention.workspace).offset, scratch, executor)
  }

  private func pool(_ source: BufferID, _ geometry: Kernel.Geometry, _ target: BufferID) {
    let layout = layout(source)
    var call = snn_pool()
    (call.steps, call.channels) = (Int32(layout.steps), Int32(layout.channels))
    (call.in_height, call.in_width) = (Int32(geometry.input[0]), Int32(geometry.input[1]))
    (call.out_height, call.out_width) = (Int32(geometry.output[0]), Int32(geometry.output[1]))
    (call.kernel_height, call.kernel_width) = (
      Int32(geometry.kernel[0]), Int32(geometry.kernel[1])
    )
    (call.stride_height, call.stride_width) = (
      Int32(geometry.window.stride[0]), Int32(geometry.window.stride[1])
    )
    (call.pad_height, call.pad_width) = (
      Int32(geometry.window.padding[0]), Int32(geometry.window.padding[1])
    )
    if layout.isBits {
      snn_max_pool_spikes(&call, bits(source), bits(target), executor)
    } else {
      snn_max_pool_reals(&call, reals(source), reals(target), executor)
    }
  }

  private func multiply(
    _ lhs: Kernel.Matrix, _ rhs: Kernel.Matrix, _ product: Kernel.Product, _ target: BufferID
  ) {
    let count = product.stack * product.rows * product.columns
    for step in 0..<layout(target).steps {
      var left = matrix(lhs, at: step)
      var right = matrix(rhs, at: step)
      snn_matmul(
        &left, &right, Int32(product.stack), Int32(product.rows), Int32(product.columns),
        Int32(product.inner), reals(target) + step * count)
    }
  }

  /// One step of an operand of `snn_matmul`.
  private func matrix(_ matrix: Kernel.Matrix, at step: Int) -> snn_matrix {
    let layout = layout(matrix.buffer)
    let slice = layout.steps == 1 ? 0 : step * layout.count / layout.steps
    return snn_matrix(
      data: UnsafePointer(reals(matrix.buffer) + slice), batch_stride: matrix.strides[0],
      row_stride: matrix.strides[1], column_stride: matrix.strides[2])
  }
}

extension snn_neuron {
  /// The C form of a plan's neuron.
  fileprivate init(_ neuron: NeuronDynamics) {
    let (tau, kind) =
      switch neuron.charge {
      case .leaky(let tau): (tau, SNN_LIF)
      case .learned(let inverseTau): (inverseTau, SNN_PLIF)
      case .integrating: (Float(1), SNN_IF)
      }
    self.init(tau: tau, threshold: neuron.threshold, kind: Int32(kind))
  }
}
