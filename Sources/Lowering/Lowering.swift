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
    /// How many axes of the shape, from the first, make up the buffer's channels.
    var split: Int
  }

  /// Lowers `module`.
  ///
  /// - Throws: `too-large` where a value has more elements than the kernels count, or
  ///   `batch_norm-c4` and `batch_norm-c5` where a batch norm's numbers make no scale and shift.
  public static func lower(_ module: Module) throws(Diagnostic) -> Plan {
    try module.requireValues(of: maximumCount)
    var lowering = Lowering(module)
    try lowering.run()
    var buffers = lowering.buffers
    let arena = Plan.place(&buffers)
    return Plan(
      module: module, buffers: buffers, constants: lowering.constants, steps: lowering.steps,
      neurons: lowering.neurons.sorted { $0.value < $1.value }, arenaByteCount: arena)
  }

  private init(_ module: Module) {
    self.module = module
    users = module.users
    names = Dictionary(uniqueKeysWithValues: module.neurons.map { ($0.value, $0.name) })
    places = [Place?](repeating: nil, count: module.nodes.count + 1)
    covered = [Bool](repeating: false, count: module.nodes.count + 1)
  }

  /// Lowers the input, every node and the output.
  private mutating func run() throws(Diagnostic) {
    let layout = layout(of: .input, split: 1)
    let input = newBuffer(layout)
    emit(
      .transpose(
        input: nil, rows: layout.channels, columns: layout.positions, output: input), ["input"])
    places[0] = Place(buffer: input, split: 1)
    for (value, node) in module.definitions where !covered[value.index] {
      try lower(value, node)
    }
    let output = planar(module.output)
    emit(.output(output), ["output"])
  }

  /// Lowers one node, with what can be fused to it.
  private mutating func lower(_ value: ValueID, _ node: Node) throws(Diagnostic) {
    switch node.op {
    case .conv2d, .linear: try lowerSum(value)
    case .matmul(let op):
      if !lowerAttention(value) { lowerMatmul(value, node, op) }
    case .lif(let op): lowerNeuron(value, node, op)
    case .maxPool2d(let op): lowerPool(value, node, op)
    case .add:
      let (lhs, rhs) = (node.operands[0], node.operands[1])
      // Both operands in one layout: the left one's.
      let left = reals(lhs, split: place(of: lhs).split)
      let right = reals(rhs, split: place(of: lhs).split)
      let output = define(value, split: place(of: lhs).split)
      emit(.add(left, right, output: output), node.origins)
    case .affine:
      let input = reals(node.operands[0], split: 1)
      let (scale, shift) = (constant(node.weights[0]), constant(node.weights[1]))
      emit(
        .affine(input: input, scale: scale, shift: shift, output: define(value, split: 1)),
        node.origins)
    case .batchNorm(let norm):
      let input = reals(node.operands[0], split: 1)
      let (scale, shift) = try affine(norm, node)
      emit(
        .affine(input: input, scale: scale, shift: shift, output: define(value, split: 1)),
        node.origins)
    case .mean:
      let input = reals(node.operands[0], split: 1)
      emit(.meanPositions(input: input, output: define(value, split: 1)), node.origins)
    case .meanSteps:
      let split = place(of: node.operands[0]).split
      let input = reals(node.operands[0], split: split)
      emit(.meanSteps(input: input, output: define(value, split: split)), node.origins)
    case .repeat:
      let split = place(of: node.operands[0]).split
      let input = reals(node.operands[0], split: split)
      emit(.repeat(input: input, output: define(value, split: split)), node.origins)
    case .scale(let op):
      let split = place(of: node.operands[0]).split
      let input = reals(node.operands[0], split: split)
      emit(
        .scale(input: input, factor: Float(op.factor), output: define(value, split: split)),
        node.origins)
    case .reshape: lowerReshape(value, node)
    }
  }

  /// `lif` on a stored sum.
  private mutating func lowerNeuron(_ value: ValueID, _ node: Node, _ op: LIF) {
    let split = place(of: node.operands[0]).split
    let input = reals(node.operands[0], split: split)
    let output = define(value, split: split, bits: true)
    emit(.neuron(input: input, Kernel.Neuron(op), output: output), node.origins)
    observe(value, node)
  }

  /// `max_pool2d`: of bits where its operand is bits.
  private mutating func lowerPool(_ value: ValueID, _ node: Node, _ op: MaxPool2D) {
    let operand = node.operands[0]
    let isBits = module.type(of: operand).domain == .spike
    let input = isBits ? bits(operand, split: 1) : reals(operand, split: 1)
    let shape = module.type(of: operand).shape
    let geometry = Kernel.Geometry(
      input: [shape[1], shape[2]], output: [node.type.shape[1], node.type.shape[2]],
      kernel: op.kernel, window: op.window)
    emit(
      .maxPool(input: input, geometry, output: define(value, split: 1, bits: isBits)),
      node.origins)
  }

  /// `matmul`, on binary32 values.
  private mutating func lowerMatmul(_ value: ValueID, _ node: Node, _ op: Matmul) {
    let shape = node.type.shape
    let operands = node.operands.map { reals($0, split: place(of: $0).split) }
    let lhs = matrix(node.operands[0], operands[0], transposed: op.transposeLHS)
    let rhs = matrix(node.operands[1], operands[1], transposed: op.transposeRHS)
    let inner = module.type(of: node.operands[0]).shape[op.transposeLHS ? 1 : 2]
    let product = Kernel.Product(
      stack: shape[0], rows: shape[1], columns: shape[2], inner: inner)
    emit(.matmul(lhs, rhs, product, output: define(value, split: 3)), node.origins)
  }

  /// How the elements of a rank-3 value lie in its buffer.
  private func matrix(_ value: ValueID, _ buffer: BufferID, transposed: Bool) -> Kernel.Matrix {
    let shape = module.type(of: value).shape
    let split = place(of: value).split
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

  /// Appends a step; its buffers live at least until then.
  mutating func emit(_ kernel: Kernel, _ origins: [String]) {
    let step = steps.count
    for buffer in kernel.buffers {
      let first = min(buffers[buffer.index].lifetime.lowerBound, step)
      buffers[buffer.index].lifetime = first...step
    }
    steps.append(Plan.Step(kernel: kernel, origins: origins))
  }

  /// Records that the last step computed the spikes of a neuron layer.
  mutating func observe(_ value: ValueID, _ node: Node) {
    neurons.append(
      Plan.NeuronLayer(
        name: names[value] ?? "", value: value, step: steps.count - 1,
        buffer: place(of: value).buffer, shape: node.type.shape))
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

extension Kernel.Neuron {
  /// The neuron of a `lif`.
  init(_ op: LIF) {
    self.init(tau: Float(op.tau), threshold: Float(op.threshold))
  }
}
