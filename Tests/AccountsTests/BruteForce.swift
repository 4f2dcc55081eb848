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
        for index in 0..<node.type.shape.count { add(node.operands[0], step, index, &result[step]) }
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
    guard let tensor = values[value] else { preconditionFailure("\(value) was computed") }
    return tensor.values[(tensor.steps == 1 ? 0 : step) * tensor.shape.count + index]
  }

  // MARK: - Terms

  /// A term that adds an element.
  private func add(_ value: ValueID, _ step: Int, _ index: Int, _ events: inout Events) {
    let domain = module.type(of: value).domain
    if domain != .real, element(value, step, index) == 0 { return }
    events[domain == .spike ? .acSpike : .addition] += 1
  }

  /// A term that adds a product of elements, or of one and a weight.
  private func multiply(
    _ factors: [(value: ValueID, index: Int)], _ step: Int, _ events: inout Events,
    weight: Bool = false
  ) {
    var simplest = Event.mac
    for factor in factors {
      let domain = module.type(of: factor.value).domain
      if domain == .real { continue }
      if element(factor.value, step, factor.index) == 0 { return }
      if domain == .spike {
        simplest = .acSpike
      } else if simplest == .mac {
        simplest = .acInteger
      }
    }
    events[simplest] += 1
    if weight { events[.weightRead] += 1 }
  }

  private func count(_ value: ValueID, _ node: Node, _ step: Int, _ events: inout Events) {
    let input = node.operands[0]
    let (shape, output) = (module.type(of: input).shape, node.type.shape)
    switch node.op {
    case .add:
      let (left, right) = (module.type(of: input).domain, module.type(of: node.operands[1]).domain)
      let leftIsSimpler = (left == .spike && right != .spike) || (left != .real && right == .real)
      for index in 0..<output.count {
        add(leftIsSimpler ? input : node.operands[1], step, index, &events)
      }
    case .affine, .batchNorm:
      for index in 0..<output.count { multiply([(input, index)], step, &events, weight: true) }
    case .complement, .sum, .mean:
      for index in 0..<shape.count { add(input, step, index, &events) }
      guard case .mean = node.op else { return }
      for index in 0..<output.count {
        if node.type.domain == .real {
          events[.mac] += 1
        } else if element(value, step, index) != 0 {
          events[.acInteger] += 1
        }
      }
    case .scale: for index in 0..<output.count { multiply([(input, index)], step, &events) }
    case .if, .lif, .plif: events[.neuronUpdate] += output.count
    case .linear:
      for _ in 0..<output.count {
        for index in 0..<shape.count { multiply([(input, index)], step, &events, weight: true) }
      }
    case .mul: countMul(node, step, &events)
    case .conv2d(let op): countConvolution(op, node, step, &events)
    case .matmul(let op): countMatmul(op, node, step, &events)
    case .maxPool2d, .meanSteps, .repeat, .reshape, .transpose: return
    }
  }

  private func countMul(_ node: Node, _ step: Int, _ events: inout Events) {
    let (left, right) = (node.operands[0], node.operands[1])
    let shape = module.type(of: right).shape
    for index in 0..<node.type.shape.count {
      // An extent of 1 is met at 0, whatever the index.
      let indices = zip(node.type.shape.indices(of: index), shape.extents).map { min($0, $1 - 1) }
      let other = zip(indices, shape.extents).reduce(0) { $0 * $1.1 + $1.0 }
      multiply([(left, index), (right, other)], step, &events)
    }
  }

  private func countConvolution(
    _ op: Conv2D, _ node: Node, _ step: Int, _ events: inout Events
  ) {
    let (input, output) = (module.type(of: node.operands[0]).shape, node.type.shape)
    let kernel = module.weight(node.weights[0]).shape
    let perGroup = output[0] / op.groups
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
                multiply([(node.operands[0], at)], step, &events, weight: true)
              }
            }
          }
        }
      }
    }
  }

  private func countMatmul(_ op: Matmul, _ node: Node, _ step: Int, _ events: inout Events) {
    let (left, right) = (node.operands[0], node.operands[1])
    let (first, second) = (module.type(of: left).shape, module.type(of: right).shape)
    let inner = op.transposeLHS ? first[1] : first[2]
    for layer in 0..<node.type.shape[0] {
      for row in 0..<node.type.shape[1] {
        for column in 0..<node.type.shape[2] {
          for index in 0..<inner {
            let (a, b) = op.transposeLHS ? (index, row) : (row, index)
            let (c, d) = op.transposeRHS ? (column, index) : (index, column)
            multiply(
              [
                (left, (layer * first[1] + a) * first[2] + b),
                (right, (layer * second[1] + c) * second[2] + d),
              ], step, &events)
          }
        }
      }
    }
  }
}
