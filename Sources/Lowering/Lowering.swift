public import Diagnostics
public import SpikeIR

/// Turns a module into a plan.
///
/// A convolution or linear layer takes what stands behind it into its own call: a batch norm or
/// `affine`, a residual `add`, and neurons, so that a sum that only neurons read is never stored.
/// The two products of an attention of spikes become one call on integers. What no pattern covers
/// is run op by op on binary32 values.
public struct Lowering {
  let module: Module
  let users: [[ValueID]]
  let phases: Phases
  /// The phase that is lowered to.
  var phase = Plan.Phase.once
  var buffers: [Plan.Buffer] = []
  var constants: [Plan.Constant] = []
  var steps: [Plan.Step] = []
  var neurons: [Plan.NeuronLayer] = []
  /// Where each value lies, once it is computed.
  var places: [Place?]
  /// Values that a fused step computes on the way or has computed already.
  var covered: [Bool]
  private var weightConstants: [WeightID: ConstantID] = [:]
  /// The names of the layers of neurons.
  private let names: [ValueID: String]

  /// The most elements of a value over all steps: the kernels count in 32 bits.
  static let maximumCount = Int(Int32.max)

  /// A value in memory.
  struct Place {
    /// The buffer.
    var buffer: BufferID
    /// Which axes of the shape make up the buffer's channels.
    var axes: ChannelAxes
  }

  /// Lowers `module`, to run in the order of `schedule`.
  ///
  /// - Throws: `too-large` where a value has more elements than the kernels count, or
  ///   `batch_norm-c4` and `batch_norm-c5` where a batch norm's numbers make no scale and shift.
  public static func lower(
    _ module: Module, schedule: Schedule = .layer
  ) throws(Diagnostic) -> Plan {
    try module.requireValues(of: maximumCount)
    var lowering = Lowering(module, schedule)
    try lowering.run()
    return lowering.plan(schedule)
  }

  private init(_ module: Module, _ schedule: Schedule) {
    self.module = module
    users = module.users
    phases = Phases(module, schedule, users: users)
    names = Dictionary(uniqueKeysWithValues: module.neurons.map { ($0.value, $0.name) })
    places = [Place?](repeating: nil, count: module.nodes.count + 1)
    covered = [Bool](repeating: false, count: module.nodes.count + 1)
  }

  /// The plan of what was lowered: its steps phase after phase, and its buffers in place.
  private func plan(_ schedule: Schedule) -> Plan {
    let order = Plan.Phase.allCases.flatMap { phase in
      steps.indices.filter { steps[$0].phase == phase }
    }
    let sorted = order.map { steps[$0] }
    var (buffers, neurons) = (buffers, neurons.sorted { $0.value < $1.value })
    var places = [Int](repeating: 0, count: steps.count)
    for (place, step) in order.enumerated() { places[step] = place }
    var numbers = [[Int]](repeating: [], count: steps.count)
    for index in neurons.indices {
      neurons[index].step = places[neurons[index].step]
      numbers[neurons[index].step].append(index)
    }
    Plan.setLifetimes(&buffers, sorted)
    let bytes = Plan.place(&buffers)
    return Plan(
      module: module, schedule: schedule, buffers: buffers, constants: constants, steps: sorted,
      neurons: neurons, neuronNumbers: numbers, arenaByteCount: bytes.all,
      stateByteCount: bytes.state)
  }

  /// Lowers the input, every node and the output.
  private mutating func run() throws(Diagnostic) {
    phase = phases[.input]
    let layout = layout(of: .input, .first(1))
    let input = newBuffer(layout)
    emit(
      .transpose(
        input: nil, rows: layout.channels, columns: layout.positions, output: input), ["input"])
    places[0] = Place(buffer: input, axes: .first(1))
    for (value, node) in module.definitions where !covered[value.index] {
      phase = phases[value]
      try lower(value, node)
    }
    phase = .end
    let output = planar(module.output)
    emit(.output(output), ["output"])
  }

  /// Lowers one node, with what can be fused to it.
  private mutating func lower(_ value: ValueID, _ node: Node) throws(Diagnostic) {
    switch node.op {
    case .conv2d(let op) where op.groups > 1: lowerGrouped(value, node, op)
    case .conv2d, .linear: try lowerWeightedSum(value)
    case .matmul(let op):
      if !lowerAttention(value) { lowerMatmul(value, node, op) }
    case .if, .lif, .plif: lowerNeuron(value, node)
    case .mul: lowerMul(value, node)
    case .sum(let op):
      let split = prefix(of: node.operands[0])
      let input = reals(node.operands[0], split: split)
      let axis = elements(
        along: op.axis, of: module.type(of: node.operands[0]).shape, split: split)
      emit(.sum(input: input, axis, output: define(value, .first(split))), node.origins)
    case .complement:
      let (input, axes) = asItLies(node.operands[0])
      emit(.complement(input: input, output: define(value, axes)), node.origins)
    case .maxPool2d(let op): lowerPool(value, node, op)
    case .add:
      let (lhs, rhs) = (node.operands[0], node.operands[1])
      // Both operands in one layout: the left one's.
      let axes = place(of: lhs).axes
      let (left, right) = (reals(lhs, axes), reals(rhs, axes))
      emit(.add(left, right, output: define(value, axes)), node.origins)
    case .affine:
      let input = reals(node.operands[0], .first(1))
      let (scale, shift) = (constant(node.weights[0]), constant(node.weights[1]))
      emit(
        .affine(input: input, scale: scale, shift: shift, output: define(value, .first(1))),
        node.origins)
    case .batchNorm(let norm):
      let input = reals(node.operands[0], .first(1))
      let (scale, shift) = try affine(norm, node)
      emit(
        .affine(input: input, scale: scale, shift: shift, output: define(value, .first(1))),
        node.origins)
    case .mean:
      let input = reals(node.operands[0], .first(1))
      emit(.meanPositions(input: input, output: define(value, .first(1))), node.origins)
    case .meanSteps: lowerMeanSteps(value, node)
    case .repeat: lowerRepeat(value, node)
    case .scale(let op):
      let (input, axes) = asItLies(node.operands[0])
      emit(
        .scale(input: input, factor: Float(op.factor), output: define(value, axes)), node.origins)
    case .reshape, .transpose: lowerView(value, node)
    }
  }

  /// Neurons on a stored sum.
  private mutating func lowerNeuron(_ value: ValueID, _ node: Node) {
    guard let neuron = node.op.neuron else { preconditionFailure("no neuron") }
    let (input, axes) = asItLies(node.operands[0])
    let output = define(value, axes, bits: true)
    emit(
      .neuron(input: input, neuron, membrane: membrane(of: output), output: output), node.origins)
    observe(value, node)
  }

  /// `mul`, on binary32 values in the left operand's layout.
  private mutating func lowerMul(_ value: ValueID, _ node: Node) {
    let (lhs, rhs) = (node.operands[0], node.operands[1])
    let shape = node.type.shape
    let split = prefix(of: lhs)
    let (left, right) = (reals(lhs, split: split), reals(rhs, split: split))
    let shared = Mul.sharedAxis(shape, module.type(of: rhs).shape)
    let axis =
      shared.map { elements(along: $0, of: shape, split: split) }
      ?? Kernel.Axis(outer: 1, extent: 1, inner: shape.count)
    emit(.mul(left, right, axis, output: define(value, .first(split))), node.origins)
  }

  /// `conv2d` in groups, with nothing fused behind it.
  private mutating func lowerGrouped(_ value: ValueID, _ node: Node, _ op: Conv2D) {
    let input = typed(node.operands[0])
    emit(
      .groupedConvolution(
        Kernel.GroupedConvolution(
          input: input, geometry: geometry(node), weights: constant(node.weights[0]),
          bias: node.weights.count > 1 ? constant(node.weights[1]) : nil, groups: op.groups,
          output: define(value, .first(1)))),
      node.origins)
  }

  /// Where one slice's axis `axis` lies in a buffer whose channels are the first `split` axes.
  private func elements(along axis: Int, of shape: Shape, split: Int) -> Kernel.Axis {
    let channels = shape.extents.prefix(split).reduce(1, *)
    let positions = shape.count / channels
    let part = axis < split ? 0..<split : split..<shape.rank
    let outer = shape.extents[part.lowerBound..<axis].reduce(1, *)
    let inner = shape.extents[(axis + 1)..<part.upperBound].reduce(1, *)
    // Positions lie outside of the channels.
    return axis < split
      ? Kernel.Axis(outer: positions * outer, extent: shape[axis], inner: inner)
      : Kernel.Axis(outer: outer, extent: shape[axis], inner: inner * channels)
  }

  /// `max_pool2d`: of bits where its operand is bits.
  private mutating func lowerPool(_ value: ValueID, _ node: Node, _ op: MaxPool2D) {
    let operand = node.operands[0]
    let input = typed(operand)
    let shape = module.type(of: operand).shape
    let geometry = Kernel.Geometry(
      input: [shape[1], shape[2]], output: [node.type.shape[1], node.type.shape[2]],
      kernel: op.kernel, window: op.window)
    emit(
      .maxPool(input: input, geometry, output: define(value, .first(1), bits: isSpikes(operand))),
      node.origins)
  }

  /// `matmul`, on binary32 values.
  private mutating func lowerMatmul(_ value: ValueID, _ node: Node, _ op: Matmul) {
    let shape = node.type.shape
    let operands = node.operands.map { reals($0, split: prefix(of: $0)) }
    let lhs = matrix(node.operands[0], operands[0], transposed: op.transposeLHS)
    let rhs = matrix(node.operands[1], operands[1], transposed: op.transposeRHS)
    let inner = module.type(of: node.operands[0]).shape[op.transposeLHS ? 1 : 2]
    let product = Kernel.Product(
      stack: shape[0], rows: shape[1], columns: shape[2], inner: inner)
    emit(.matmul(lhs, rhs, product, output: define(value, .first(3))), node.origins)
  }

  /// How the elements of a rank-3 value lie in its buffer.
  private func matrix(_ value: ValueID, _ buffer: BufferID, transposed: Bool) -> Kernel.Matrix {
    let shape = module.type(of: value).shape
    let split = prefix(of: value)
    let channels = shape.extents.prefix(split).reduce(1, *)
    // Row-major within the channels, and within the positions, which are `channels` apart.
    let strides = (0..<3).map { axis in
      let end = axis < split ? split : 3
      let inner = shape.extents[(axis + 1)..<end].reduce(1, *)
      return axis < split ? inner : inner * channels
    }
    return Kernel.Matrix(
      buffer: buffer,
      strides: transposed ? [strides[0], strides[2], strides[1]] : strides)
  }

  // MARK: - Steps and constants

  /// Appends a step, of the phase that is lowered to unless another is given.
  mutating func emit(_ kernel: Kernel, _ origins: [String], in phase: Plan.Phase? = nil) {
    steps.append(Plan.Step(kernel: kernel, origins: origins, phase: phase ?? self.phase))
  }

  /// Records that the last step computed the spikes of a neuron layer.
  mutating func observe(_ value: ValueID, _ node: Node) {
    neurons.append(
      Plan.NeuronLayer(
        name: names[value] ?? "", value: value, step: steps.count - 1,
        buffer: place(of: value).buffer, shape: node.type.shape,
        hasChannelsLast: place(of: value).axes.areLast))
  }

  /// The constant that a weight becomes.
  mutating func constant(_ id: WeightID) -> ConstantID {
    if let known = weightConstants[id] { return known }
    let weight = module.weight(id)
    let constant = constant(weight.name, weight.data)
    weightConstants[id] = constant
    return constant
  }

  /// Adds a constant.
  private mutating func constant(_ name: String, _ data: WeightData) -> ConstantID {
    constants.append(Plan.Constant(name: name, data: data))
    return ConstantID(index: constants.count - 1)
  }

  /// The scale and shift that a batch norm is defined as.
  mutating func affine(
    _ norm: BatchNorm, _ node: Node
  ) throws(Diagnostic) -> (scale: ConstantID, shift: ConstantID) {
    let pairs = try module.scaleAndShift(of: norm, node)
    let name = node.origins.last ?? module.weight(node.weights[0]).name
    return (
      constant("\(name).scale", WeightData(pairs.map { Float($0.scale) })),
      constant("\(name).shift", WeightData(pairs.map { Float($0.shift) }))
    )
  }
}
