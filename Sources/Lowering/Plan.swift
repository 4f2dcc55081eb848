public import SpikeIR

/// How a module is run: which kernels, one after another, on which memory.
///
/// The Engine walks a plan and the CEmitter prints it; both call the same C kernels. A plan holds
/// no pointers and no threads: each kernel splits its own work.
///
/// One sample is computed so: all state becomes zeros; then, for each time step, the steps of the
/// phase `.once` if it is the first, and those of `.everyStep`; then those of `.end`.
public struct Plan: Sendable {
  /// When a step runs.
  public enum Phase: Int, Sendable, CaseIterable, Comparable {
    /// At the first time step, before the steps of every one.
    case once
    /// At every time step; of a buffer of several it sees the slice of that one.
    case everyStep
    /// After the last time step.
    case end

    public static func < (a: Phase, b: Phase) -> Bool { a.rawValue < b.rawValue }
  }

  /// Memory in the arena.
  public struct Buffer: Sendable {
    /// What a buffer is for.
    public enum Role: Sendable {
      /// A value of the module, or a copy of it in another layout.
      case value
      /// A kernel's own work.
      case workspace
      /// The membranes of a layer, from one time step to the next.
      case membrane
      /// A sum over time, from one time step to the next.
      case sum

      /// Whether it goes on from one time step to the next.
      var isState: Bool { self == .membrane || self == .sum }
    }

    /// What it is for.
    public let role: Role
    /// The layout of what lies there.
    public let layout: Layout
    /// The number of bytes.
    public let byteCount: Int
    /// Where in the arena it starts, a multiple of 64.
    public internal(set) var offset = 0
    /// The step that writes it first.
    public internal(set) var writer = 0
    /// The steps of the plan from which on and up to which it must not be used for anything else.
    public internal(set) var lifetime = 0...0
  }

  /// How a value lies in memory: channels innermost, as the kernels want it.
  public struct Layout: Hashable, Sendable {
    /// The slices: T, or 1 for a static value and where only one step is there at a time.
    public var steps: Int
    /// The positions of a slice.
    public var positions: Int
    /// The channels of a position.
    public var channels: Int
    /// Whether the elements are bits, packed into 64-bit words a position; else binary32.
    public var isBits: Bool

    /// Whether each time step lies as in `other`, however many there are.
    func isShaped(like other: Layout) -> Bool {
      (positions, channels, isBits) == (other.positions, other.channels, other.isBits)
    }

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
    /// When it runs.
    public let phase: Phase

    /// What a reader knows it by: its module paths, or its kernel where it has none; not escaped.
    public var names: [String] { origins.isEmpty ? [kernel.description] : origins }
  }

  /// A layer of neurons, whose spikes can be looked at after its step.
  public struct NeuronLayer: Sendable {
    /// The layer's name.
    public let name: String
    /// The value that it defines.
    public let value: ValueID
    /// The step that computes it.
    public internal(set) var step: Int
    /// Where its spikes lie.
    public let buffer: BufferID
    /// The shape in the module, of which the positions and channels are made.
    public let shape: Shape
    /// Whether positions come before channels in that shape: `[tokens, channels]`.
    public let hasChannelsLast: Bool
  }

  /// The module that is run.
  public let module: Module
  /// In which order its time steps are computed.
  public let schedule: Schedule
  /// The arena's parts.
  public let buffers: [Buffer]
  /// The kernels' constants.
  public let constants: [Constant]
  /// The steps, in order: those of one phase after those of another.
  public let steps: [Step]
  /// The neuron layers, in the module's order.
  public let neurons: [NeuronLayer]
  /// For each step, the numbers of the neuron layers that it computes.
  let neuronNumbers: [[Int]]
  /// The bytes of the arena, the kernels' scratch memory aside.
  public let arenaByteCount: Int
  /// The bytes at the start of the arena that hold all state, and that are zero before a sample.
  public let stateByteCount: Int

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
  public func outputSteps(of conv: Kernel.Convolution, in phase: Phase) -> Int {
    [conv.spikesOutput, conv.realOutput].compactMap { $0 }.map { layout($0, in: phase).steps }[0]
  }

  /// What a step of `phase` sees of a buffer: one time step in `.everyStep`, else all there are.
  public func layout(_ id: BufferID, in phase: Phase) -> Layout {
    var layout = buffer(id).layout
    if phase == .everyStep { layout.steps = 1 }
    return layout
  }

  /// How many bytes lie between what a step of `phase` sees of a buffer at one time step and at the
  /// next; 0 where it sees the same.
  public func stride(of id: BufferID, in phase: Phase) -> Int {
    let layout = buffer(id).layout
    return phase == .everyStep && layout.steps > 1 ? layout.byteCount / layout.steps : 0
  }

  /// The steps of a phase.
  public func steps(in phase: Phase) -> Range<Int> {
    let first = steps.firstIndex { $0.phase >= phase } ?? steps.count
    return first..<(steps.firstIndex { $0.phase > phase } ?? steps.count)
  }

  /// The neuron layers that `step` computes, each with its number.
  public func neurons(after step: Int) -> [(number: Int, layer: NeuronLayer)] {
    neuronNumbers[step].map { ($0, neurons[$0]) }
  }
}
