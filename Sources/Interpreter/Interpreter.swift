public import Diagnostics
public import SpikeIR

/// Runs a module directly: slow and plain, the oracle for everything else.
///
/// Each op is evaluated as `ir-spec/ops.md` says, element by element, in the order that the
/// specification fixes. Values that nothing reads any more are dropped on the way.
public struct Interpreter: Sendable {
  /// A neuron layer as it ran.
  public struct NeuronLayer {
    /// The layer's name.
    public let name: String
    /// The neurons' threshold.
    public let threshold: Float
    /// What fired, `[T][shape]`, 1 or 0.
    public let spikes: Tensor
    /// The membranes before their reset, `[T][shape]`.
    public let membrane: Tensor
  }

  /// The most elements of a value over all steps: 1 GiB of numbers.
  private static let maximumCount = 1 << 28

  /// The module.
  public let module: Module

  /// Creates an interpreter for `module`.
  public init(_ module: Module) {
    self.module = module
  }

  /// Computes the output for one sample.
  ///
  /// - Parameters:
  ///   - input: the sample, of the module's input shape; its steps are T where the input is timed.
  ///   - forcing: for a neuron layer's name, spikes `[T][shape]` that replace its own in all that
  ///     follows, its own resets included; `nil` leaves the layer free.
  ///   - observing: is called with each neuron layer, in order.
  ///   - inspecting: is called with each value that is computed, in order.
  /// - Throws: `too-large` where a value has more than 2^28 elements, or `batch_norm-c4` and
  ///   `batch_norm-c5` where a batch norm's numbers make no scale and shift.
  public func run(
    _ input: Tensor,
    forcing: (String) -> [Float]? = { _ in nil },
    observing: (NeuronLayer) -> Void = { _ in },
    inspecting: (ValueID, Tensor) -> Void = { _, _ in }
  ) throws(Diagnostic) -> Tensor {
    try module.requireValues(of: Self.maximumCount)
    let names = Dictionary(uniqueKeysWithValues: module.neurons.map { ($0.value, $0.name) })
    var lastUse = module.lastUses
    lastUse[module.output.index] = nil
    var values = [Tensor?](repeating: nil, count: module.nodes.count + 1)
    values[0] = input
    for (value, node) in module.definitions {
      let operands = node.operands.compactMap { values[$0.index] }
      let result = try evaluate(
        node, operands, name: names[value] ?? "", forcing: forcing, observing: observing)
      inspecting(value, result)
      values[value.index] = result
      for operand in node.operands where lastUse[operand.index] == value {
        values[operand.index] = nil
      }
    }
    guard let output = values[module.output.index] else { preconditionFailure("no output") }
    return output
  }

  /// Evaluates one node.
  private func evaluate(
    _ node: Node, _ operands: [Tensor], name: String, forcing: (String) -> [Float]?,
    observing: (NeuronLayer) -> Void
  ) throws(Diagnostic) -> Tensor {
    let weights = node.weights.map { module.weight($0) }
    let steps = node.type.isTimed ? module.timeSteps : 1
    switch node.op {
    case .add: return add(operands[0], operands[1], steps: steps)
    case .affine:
      return affine(operands[0], scale: weights[0].data.floats, shift: weights[1].data.floats)
    case .batchNorm(let norm):
      let pairs = try module.scaleAndShift(of: norm, node)
      return affine(
        operands[0], scale: pairs.map { Float($0.scale) }, shift: pairs.map { Float($0.shift) })
    case .complement: return complement(operands[0])
    case .conv2d(let op):
      return convolve(
        operands[0], weights, op, into: node.type.shape, gated: isSpike(node.operands[0]))
    case .if, .lif, .plif:
      guard let neuron = node.op.neuron else { preconditionFailure("no neuron") }
      let forced = forcing(name)
      let (spikes, membrane) = fire(operands[0], neuron, steps: steps, forced: forced)
      observing(
        NeuronLayer(
          name: name, threshold: neuron.threshold, spikes: spikes, membrane: membrane))
      return Tensor(spikes.shape, steps: spikes.steps, forced ?? spikes.values)
    case .linear:
      return apply(linear: weights, to: operands[0], gated: isSpike(node.operands[0]))
    case .matmul(let op):
      return multiply(operands[0], operands[1], op, into: node.type.shape, steps: steps)
    case .maxPool2d(let op): return pool(operands[0], op, into: node.type.shape)
    case .mean: return mean(operands[0])
    case .meanSteps: return meanSteps(operands[0])
    case .mul: return multiply(operands[0], operands[1], steps: steps)
    case .repeat: return repeated(operands[0], steps: steps)
    case .reshape(let op): return Tensor(op.shape, steps: operands[0].steps, operands[0].values)
    case .scale(let op): return scale(operands[0], by: Float(op.factor))
    case .sum(let op): return sum(operands[0], axis: op.axis)
    case .transpose: return transpose(operands[0], into: node.type.shape)
    }
  }

  /// Whether a value holds only spikes, by its type.
  private func isSpike(_ value: ValueID) -> Bool { module.type(of: value).domain == .spike }
}
