import SpikeIR

/// The values of exact domains on one sample, and the events that follow from them.
struct SampleCounts {
  private let module: Module
  private let layers: [ValueID: [UInt8]]

  /// The values of exact domains that are still read.
  private var values: [ExactValue?]

  /// For each value that is known, the elements of each stored slice that are not zero.
  private var densities: [[Int]?]

  private let lastUse: [ValueID?]

  /// Starts with the sample and the spikes `[T][shape]` of the layers of neurons.
  init(_ module: Module, _ sample: [Float], _ spikes: [String: [UInt8]]) {
    self.module = module
    values = [ExactValue?](repeating: nil, count: module.nodes.count + 1)
    densities = [[Int]?](repeating: nil, count: module.nodes.count + 1)
    layers = Dictionary(
      uniqueKeysWithValues: module.neurons.map { name, value, node in
        guard let spikes = spikes[name], spikes.count == node.type.count(steps: module.timeSteps)
        else { preconditionFailure("the spikes of \(name) must fill it") }
        return (value, spikes)
      })
    lastUse = module.lastUses
    precondition(
      sample.count == module.input.count(steps: module.timeSteps), "the sample must fill the input")
    if module.input.domain != .real {
      keep(
        ExactValue(
          module.input, steps: module.input.isTimed ? module.timeSteps : 1, numbers: sample),
        as: .input)
    }
  }

  // MARK: - Values

  /// The steps at which a node does something: those of its result, or of what it takes a mean of.
  func steps(of node: Node) -> Int {
    node.type.isTimed || node.op.definition.role == .overTime ? module.timeSteps : 1
  }

  /// Computes the value of a node if its domain is exact; its operands then are, too.
  mutating func evaluate(_ value: ValueID, _ node: Node) {
    guard node.type.domain != .real else { return }
    if let spikes = layers[value] {
      keep(ExactValue(node.type.shape, steps: module.timeSteps, .spikes(spikes)), as: value)
    } else {
      keep(result(of: node), as: value)
    }
  }

  private mutating func keep(_ exact: ExactValue, as value: ValueID) {
    values[value.index] = exact
    densities[value.index] = (0..<exact.steps).map { exact.nonzeros(in: exact.range(of: $0)) }
  }

  /// Drops the operands of a node that nothing reads behind it.
  mutating func forget(after value: ValueID, _ node: Node) {
    for operand in node.operands where lastUse[operand.index] == value {
      values[operand.index] = nil
    }
    if lastUse[value.index] == nil { values[value.index] = nil }
  }

  private func result(of node: Node) -> ExactValue {
    let type = node.type
    let operands = node.operands.map { operand in
      guard let value = values[operand.index] else {
        preconditionFailure("\(operand) must be of an exact domain and known")
      }
      return value
    }
    switch node.op {
    case .add: return operands[0].adding(operands[1], into: type)
    case .complement: return operands[0].mapped(into: type) { 1 - $0 }
    case .matmul(let op): return operands[0].multiplied(by: operands[1], op, into: type)
    case .maxPool2d(let op): return operands[0].pooled(op, into: type.shape)
    case .mean: return operands[0].mean(into: type)
    case .mul: return operands[0].multiplied(by: operands[1], into: type)
    case .repeat: return operands[0]
    case .reshape: return operands[0].reshaped(type.shape)
    case .scale(let op): return operands[0].mapped(into: type) { $0 * Float(op.factor) }
    case .sum(let op):
      return operands[0].summed(alongAxis: op.axis, dividedBy: 1, into: type)
    case .transpose: return operands[0].transposed(into: type.shape)
    case .affine, .batchNorm, .conv2d, .if, .lif, .linear, .meanSteps, .plif:
      preconditionFailure("\(node.op.definition.mnemonic) gives reals, or spikes of its own")
    }
  }

  // MARK: - Densities

  /// The elements of a value that are not zero, over all steps; `nil` where the domain is `real`.
  func nonzeros(of value: ValueID) -> Int? {
    densities[value.index].map { slices in
      let isRepeated = slices.count == 1 && module.type(of: value).isTimed
      return slices.reduce(0, +) * (isRepeated ? module.timeSteps : 1)
    }
  }

  /// The elements of a value at one step that are not zero; all where the domain is `real`.
  private func active(_ value: ValueID, at step: Int) -> Int {
    guard let slices = densities[value.index] else { return module.type(of: value).shape.count }
    return slices.count == 1 ? slices[0] : slices[step]
  }

  /// What a value's elements are.
  private func kind(_ value: ValueID) -> ElementKind { ElementKind(module.type(of: value).domain) }

  // MARK: - Events

  /// What a node does at one of its steps.
  func events(of value: ValueID, _ node: Node, at step: Int) -> Events {
    var events = Events()
    guard !node.op.onlyMoves else { return events }
    let input = node.operands[0]
    switch node.op {
    case .add:
      let addend = kind(input) < kind(node.operands[1]) ? input : node.operands[1]
      events[kind(addend).addition] += active(addend, at: step)
    case .sum, .complement: events[kind(input).addition] += active(input, at: step)
    case .mean:
      events[kind(input).addition] += active(input, at: step)
      // The division: a product of a sum with a constant.
      events[ElementKind(node.type.domain).quotient] += active(value, at: step)
    case .meanSteps:
      events[kind(input).addition] += active(input, at: step)
      if step == module.timeSteps - 1 { events[.mac] += node.type.shape.count }
    case .scale: events[kind(input).product] += active(input, at: step)
    case .affine, .batchNorm: events.multiply(kind(input), by: active(input, at: step))
    case .conv2d(let op):
      events.multiply(kind(input), by: terms(of: op, node, at: step))
    case .linear: events.multiply(kind(input), by: active(input, at: step) * node.type.shape[0])
    case .matmul(let op): events[productKind(node).product] += terms(of: op, node, at: step)
    case .mul: events[productKind(node).product] += pairs(of: node, at: step)
    case .if, .lif, .plif: events[.neuronUpdate] += node.type.shape.count
    case .maxPool2d, .repeat, .reshape, .transpose: break
    }
    for operand in node.operands where kind(operand) == .spike {
      events[.spikeIn] += active(operand, at: step)
    }
    if node.type.domain == .spike { events[.spikeOut] += active(value, at: step) }
    return events
  }

  /// The kind of a product of two values: that of the simpler one, which selects or is multiplied.
  private func productKind(_ node: Node) -> ElementKind {
    node.operands.map(kind).min() ?? .real
  }

  /// The terms of a convolution: an output channel of its group, for each tap over each element that
  /// is not zero, or is real.
  private func terms(of op: Conv2D, _ node: Node, at step: Int) -> Int {
    let (input, kernel) = (node.operands[0], module.weight(node.weights[0]).shape)
    let shape = module.type(of: input).shape
    let rows = op.window.taps(kernel[0], axis: 0, of: shape[1], places: node.type.shape[1])
    let columns = op.window.taps(kernel[1], axis: 1, of: shape[2], places: node.type.shape[2])
    let outputs = kernel[3] / op.groups
    guard let value = values[input.index] else {
      return shape[0] * rows.reduce(0, +) * columns.reduce(0, +) * outputs
    }
    return value.taps(over: value.range(of: step), rows, columns) * outputs
  }

  /// The terms of a product of matrices: for each inner index, what is not zero on the left times
  /// what is not zero on the right.
  private func terms(of op: Matmul, _ node: Node, at step: Int) -> Int {
    let shapes = node.operands.map { module.type(of: $0).shape }
    let left = matrices(node.operands[0], innerAxis: op.transposeLHS ? 1 : 2)
    let right = matrices(node.operands[1], innerAxis: op.transposeRHS ? 2 : 1)
    let inner = shapes[0][op.transposeLHS ? 1 : 2]
    let (rows, columns) = (node.type.shape[1], node.type.shape[2])
    return (0..<node.type.shape[0]).reduce(0) { terms, layer in
      let lefts = left?.counts(at: step, layer) ?? [Int](repeating: rows, count: inner)
      let rights = right?.counts(at: step, layer) ?? [Int](repeating: columns, count: inner)
      return zip(lefts, rights).reduce(terms) { $0 + $1.0 * $1.1 }
    }
  }

  private func matrices(_ value: ValueID, innerAxis: Int) -> StackedMatrices? {
    values[value.index].map { StackedMatrices($0, innerAxis: innerAxis) }
  }

  /// The pairs of elements that `mul` multiplies and of which none is zero.
  private func pairs(of node: Node, at step: Int) -> Int {
    let (left, right) = (values[node.operands[0].index], values[node.operands[1].index])
    let rightShape = module.type(of: node.operands[1]).shape
    let shared = SharedIndex(node.type.shape, rightShape)
    let (first, second) = (
      left?.range(of: step).lowerBound ?? 0, right?.range(of: step).lowerBound ?? 0
    )
    return (0..<node.type.shape.count).count { index in
      (left.map { $0[first + index] != 0 } ?? true)
        && (right.map { $0[second + shared(index)] != 0 } ?? true)
    }
  }
}
