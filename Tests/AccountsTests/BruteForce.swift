import Accounts
import Interpreter
import SpikeIR

/// The events of a run, counted by loops over every term of every sum, as `ir-spec/accounts.md` says
/// it and with no thought of speed; the Interpreter computes the values.
struct BruteForce {
  private let module: Module
  private var values: [ValueID: Tensor] = [:]

  /// Each layer's spikes, one byte each, as an `Accountant` takes them.
  private(set) var spikes: [String: [UInt8]] = [:]

  /// Runs `module` on one sample.
  init(_ module: Module, _ sample: [Float]) throws {
    self.module = module
    let steps = module.input.isTimed ? module.timeSteps : 1
    let input = Tensor(module.input.shape, steps: steps, sample)
    var (values, spikes) = ([ValueID.input: input], [String: [UInt8]]())
    _ = try Interpreter(module).run(
      input, observing: { spikes[$0.name] = $0.spikes.values.map { $0 == 1 ? 1 : 0 } },
      inspecting: { values[$0] = $1 })
    self.values = values
    self.spikes = spikes
  }

  /// The events of a node at each of the module's steps.
  func events(of value: ValueID, _ node: Node) -> [Events] {
    var result = [Events](repeating: Events(), count: module.timeSteps)
    if case .meanSteps = node.op {
      for step in 0..<module.timeSteps {
        let input = factor(node.operands[0], step)
        for index in 0..<node.type.shape.count { add(input, index, &result[step]) }
      }
      result[module.timeSteps - 1][.mac] += node.type.shape.count
      readSpikes(value, node, steps: Array(0..<module.timeSteps), &result)
      return result
    }
    let steps = node.type.isTimed ? Array(0..<module.timeSteps) : [isLate(value) ? -1 : 0]
    for step in steps {
      let slot = step < 0 ? module.timeSteps - 1 : step
      count(value, node, max(step, 0), &result[slot])
    }
    let slots = steps.map { $0 < 0 ? module.timeSteps - 1 : $0 }
    readSpikes(value, node, steps: slots, &result)
    for weight in node.weights {
      result[slots[0]][.weightLoad] += module.weight(weight).shape.count
    }
    return result
  }

  /// Whether a mean over time is among what a value is made of.
  private func isLate(_ value: ValueID) -> Bool {
    guard let node = module.definition(of: value) else { return false }
    if case .meanSteps = node.op { return true }
    return node.operands.contains(where: isLate)
  }

  private func readSpikes(_ value: ValueID, _ node: Node, steps: [Int], _ result: inout [Events]) {
    switch node.op {
    case .repeat, .reshape, .transpose: return
    default: break
    }
    for step in steps {
      for operand in node.operands where module.type(of: operand).domain == .spike {
        for index in 0..<module.type(of: operand).shape.count
        where element(operand, step, index) == 1 { result[step][.spikeIn] += 1 }
      }
      if node.type.domain == .spike {
        for index in 0..<node.type.shape.count where element(value, step, index) == 1 {
          result[step][.spikeOut] += 1
        }
      }
    }
  }

  private func element(_ value: ValueID, _ step: Int, _ index: Int) -> Float {
    factor(value, step)[index]
  }

  // MARK: - Terms

  /// A value at one step.
  private struct Factor {
    let domain: Domain
    let values: [Float]
    let start: Int

    subscript(index: Int) -> Float { values[start + index] }

    /// Whether the element at `index` makes terms: any real, and others that are not zero.
    func isActive(_ index: Int) -> Bool { domain == .real || self[index] != 0 }

    /// The event of its product with something that is no simpler.
    var product: Event { domain == .spike ? .acSpike : domain == .real ? .mac : .acInteger }
  }

  private func factor(_ value: ValueID, _ step: Int) -> Factor {
    guard let tensor = values[value] else { preconditionFailure("\(value) was computed") }
    return Factor(
      domain: module.type(of: value).domain, values: tensor.values,
      start: (tensor.steps == 1 ? 0 : step) * tensor.shape.count)
  }

  /// A term that adds an element.
  private func add(_ factor: Factor, _ index: Int, _ events: inout Events) {
    guard factor.isActive(index) else { return }
    events[factor.domain == .spike ? .acSpike : .addition] += 1
  }

  /// A term that adds the product of an element and a weight.
  private func weigh(_ factor: Factor, _ index: Int, _ events: inout Events) {
    guard factor.isActive(index) else { return }
    events[factor.product] += 1
    events[.weightRead] += 1
  }

  /// A term that adds the product of two elements.
  private func multiply(
    _ left: Factor, _ leftIndex: Int, _ right: Factor, _ rightIndex: Int, _ events: inout Events
  ) {
    guard left.isActive(leftIndex), right.isActive(rightIndex) else { return }
    let both = [left.product, right.product]
    events[[.acSpike, .acInteger].first(where: both.contains) ?? .mac] += 1
  }

  private func count(_ value: ValueID, _ node: Node, _ step: Int, _ events: inout Events) {
    let (input, first) = (node.operands[0], factor(node.operands[0], step))
    let (shape, output) = (module.type(of: input).shape, node.type.shape)
    switch node.op {
    case .add:
      let (left, right) = (module.type(of: input).domain, module.type(of: node.operands[1]).domain)
      let leftIsSimpler = (left == .spike && right != .spike) || (left != .real && right == .real)
      let addend = leftIsSimpler ? first : factor(node.operands[1], step)
      for index in 0..<output.count { add(addend, index, &events) }
    case .affine, .batchNorm:
      for index in 0..<output.count { weigh(first, index, &events) }
    case .complement, .sum, .mean:
      for index in 0..<shape.count { add(first, index, &events) }
      guard case .mean = node.op else { return }
      for index in 0..<output.count {
        if node.type.domain == .real {
          events[.mac] += 1
        } else if element(value, step, index) != 0 {
          events[.acInteger] += 1
        }
      }
    case .scale:
      for index in 0..<output.count where first.isActive(index) { events[first.product] += 1 }
    case .if, .lif, .plif: events[.neuronUpdate] += output.count
    case .linear:
      for _ in 0..<output.count {
        for index in 0..<shape.count { weigh(first, index, &events) }
      }
    case .mul: countMul(node, step, &events)
    case .conv2d(let op): countConvolution(op, node, step, &events)
    case .matmul(let op): countMatmul(op, node, step, &events)
    case .maxPool2d, .meanSteps, .repeat, .reshape, .transpose: return
    }
  }

  private func countMul(_ node: Node, _ step: Int, _ events: inout Events) {
    let (left, right) = (factor(node.operands[0], step), factor(node.operands[1], step))
    let shape = module.type(of: node.operands[1]).shape
    for index in 0..<node.type.shape.count {
      // An extent of 1 is met at 0, whatever the index.
      let indices = zip(node.type.shape.indices(of: index), shape.extents).map { min($0, $1 - 1) }
      let other = zip(indices, shape.extents).reduce(0) { $0 * $1.1 + $1.0 }
      multiply(left, index, right, other, &events)
    }
  }

  private func countConvolution(
    _ op: Conv2D, _ node: Node, _ step: Int, _ events: inout Events
  ) {
    let (input, output) = (module.type(of: node.operands[0]).shape, node.type.shape)
    let kernel = module.weight(node.weights[0]).shape
    let (perGroup, first) = (output[0] / op.groups, factor(node.operands[0], step))
    for channel in 0..<output[0] {
      for y in 0..<output[1] {
        for x in 0..<output[2] {
          for row in 0..<kernel[0] {
            for column in 0..<kernel[1] {
              let inY = y * op.window.stride[0] + row - op.window.padding[0]
              let inX = x * op.window.stride[1] + column - op.window.padding[1]
              guard inY >= 0, inY < input[1], inX >= 0, inX < input[2] else { continue }
              for index in 0..<kernel[2] {
                let from = channel / perGroup * kernel[2] + index
                let at = (from * input[1] + inY) * input[2] + inX
                weigh(first, at, &events)
              }
            }
          }
        }
      }
    }
  }

  private func countMatmul(_ op: Matmul, _ node: Node, _ step: Int, _ events: inout Events) {
    let (left, right) = (factor(node.operands[0], step), factor(node.operands[1], step))
    let (first, second) = (
      module.type(of: node.operands[0]).shape, module.type(of: node.operands[1]).shape
    )
    let inner = op.transposeLHS ? first[1] : first[2]
    for layer in 0..<node.type.shape[0] {
      for row in 0..<node.type.shape[1] {
        for column in 0..<node.type.shape[2] {
          for index in 0..<inner {
            let (a, b) = op.transposeLHS ? (index, row) : (row, index)
            let (c, d) = op.transposeRHS ? (column, index) : (index, column)
            multiply(
              left, (layer * first[1] + a) * first[2] + b,
              right, (layer * second[1] + c) * second[2] + d, &events)
          }
        }
      }
    }
  }
}
