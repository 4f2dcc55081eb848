public import SpikeIR

/// How a module is run: which kernels, one after another, on which memory.
///
/// The Engine walks a plan and the CEmitter prints it; both call the same C kernels. A plan holds
/// no pointers and no threads: each kernel splits its own work.
public struct Plan: Sendable {
  /// Memory in the arena for one value, or for a kernel's work.
  public struct Buffer: Sendable {
    /// The layout of what lies there.
    public let layout: Layout
    /// The number of bytes.
    public let byteCount: Int
    /// Where in the arena it starts, a multiple of 64.
    public internal(set) var offset = 0
    /// The first and the last step that touch it.
    public internal(set) var lifetime: ClosedRange<Int>
  }

  /// How a value lies in memory: channels innermost, as the kernels want it.
  public struct Layout: Hashable, Sendable {
    /// The slices: T, or 1 for a static value.
    public var steps: Int
    /// The positions of a slice.
    public var positions: Int
    /// The channels of a position.
    public var channels: Int
    /// Whether the elements are bits, packed into 64-bit words a position; else binary32.
    public var isBits: Bool

    /// The number of elements.
    public var count: Int { steps * positions * channels }

    /// The number of bytes that it takes.
    public var byteCount: Int {
      isBits ? steps * positions * ((channels + 63) / 64) * 8 : count * 4
    }
  }

  /// Numbers that the kernels read: a weight of the module, or computed from some.
  public struct Constant: Sendable {
    /// The name, for the reader of the plan.
    public let name: String
    /// The numbers.
    public let data: WeightData
  }

  /// One call of a kernel.
  public struct Step: Sendable {
    /// The kernel and its arguments.
    public let kernel: Kernel
    /// The checkpoint's module paths that it computes.
    public let origins: [String]
  }

  /// A layer of neurons, whose spikes can be looked at after its step.
  public struct NeuronLayer: Sendable {
    /// The layer's name.
    public let name: String
    /// The value that it defines.
    public let value: ValueID
    /// The step that computes it.
    public let step: Int
    /// Where its spikes lie.
    public let buffer: BufferID
    /// The shape in the module, of which the positions and channels are made.
    public let shape: Shape
    /// Whether positions come before channels in that shape: `[tokens, channels]`.
    public let hasChannelsLast: Bool
  }

  /// The module that is run.
  public let module: Module
  /// The arena's parts.
  public let buffers: [Buffer]
  /// The kernels' constants.
  public let constants: [Constant]
  /// The steps, in order.
  public let steps: [Step]
  /// The neuron layers, in the module's order.
  public let neurons: [NeuronLayer]
  /// The bytes of the arena, the kernels' scratch memory aside.
  public let arenaByteCount: Int

  /// The buffer of an id.
  public func buffer(_ id: BufferID) -> Buffer { buffers[id.index] }
}

/// A buffer of a plan, by its position.
public struct BufferID: Hashable, Sendable {
  /// The position among the plan's buffers.
  public let index: Int
}

/// A constant of a plan, by its position.
public struct ConstantID: Hashable, Sendable {
  /// The position among the plan's constants.
  public let index: Int
}

extension Plan {
  /// The output channels of a convolution or linear layer.
  public func channels(of conv: Kernel.Convolution) -> Int {
    [conv.realOutput, conv.spikesOutput].compactMap { $0 }.map { buffer($0).layout.channels }[0]
  }

  /// `out_steps` of a convolution: as many as its spikes have, or else its sum.
  public func outputSteps(of conv: Kernel.Convolution) -> Int {
    [conv.spikesOutput, conv.realOutput].compactMap { $0 }.map { buffer($0).layout.steps }[0]
  }

  /// The neuron layers that `step` computes, each with its number.
  public func neurons(after step: Int) -> [(number: Int, layer: NeuronLayer)] {
    neurons.enumerated().filter { $0.element.step == step }.map { ($0.offset, $0.element) }
  }
}
