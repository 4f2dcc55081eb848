import Engine
import IRTestSupport
import Interpreter
import Lowering
import SpikeIR

/// A module's work on one sample, counted term by term with plain loops over every value.
struct CountedModule {
  /// The work of each node that has some; that of an attention is its inner product's.
  private(set) var work: [ValueID: Work] = [:]

  private let module: Module
  /// The values that are spikes or counts; of others, the shapes say all.
  private var spikes: [ValueID: Tensor] = [:]
  /// The module paths of the sums that leave out zeros of counts.
  private let counting: Set<String>

  /// Counts `module`, of which `plan` only says which products are run as an attention, and which
  /// sums leave out zeros.
  init(_ module: Module, _ plan: Plan, _ input: [Float]) throws {
    self.module = module
    counting = Set(
      plan.steps.compactMap { step in
        guard case .convolution(let conv) = step.kernel, conv.isCounting else { return nil }
        return step.origins.first
      })
    try interpret(input)
    let attentions = plan.steps.filter { $0.kernel.name == "attention" }.map(\.origins)
    var taken: Set<ValueID> = []
    for (value, node) in module.definitions where !taken.contains(value) {
      let isAttention = attentions.contains { $0.starts(with: node.origins) }
      if case .matmul(let op) = node.op, isAttention, let outer = reader(of: value) {
        let (first, second) = (node.operands, outer.node.operands)
        work[value] =
          op.transposeRHS
          ? attention(queries: second[1], keys: first[0], values: first[1])
          : attention(queries: first[0], keys: first[1], values: second[0])
        taken.insert(outer.value)
      } else if let counted = count(node) {
        work[value] = counted
      }
    }
  }

  /// Lets the Interpreter compute every value of spikes or counts.
  private mutating func interpret(_ input: [Float]) throws {
    let sample = Tensor(
      module.input.shape, steps: module.input.isTimed ? module.timeSteps : 1, input)
    spikes[.input] = sample
    var layers: [String: Tensor] = [:]
    _ = try Interpreter(module).run(sample, observing: { layers[$0.name] = $0.spikes })
    for (name, value, _) in module.neurons { spikes[value] = layers[name] }
    for (value, node) in module.definitions
    where node.type.domain != .real && spikes[value] == nil {
      spikes[value] = try Interpreter(module.returning(value)).run(sample)
    }
  }

  /// An operand; zeros for what is no spikes.
  private func operand(_ node: Node, _ index: Int) -> Tensor { tensor(node.operands[index]) }

  private func tensor(_ value: ValueID) -> Tensor {
    let type = module.type(of: value)
    let steps = type.isTimed ? module.timeSteps : 1
    return spikes[value]
      ?? Tensor(
        type.shape, steps: steps, [Float](repeating: 0, count: type.count(steps: module.timeSteps)))
  }

  /// The spikes among a value, if spikes are what it is made of.
  private func reading(_ value: ValueID) -> Work {
    guard module.type(of: value).domain == .spike else { return Work() }
    let tensor = tensor(value)
    return Work(bits: tensor.values.count, spikes: tensor.values.count { $0 == 1 })
  }

  /// The terms of a node's sums; `nil` where it has none and reads no bits.
  private func count(_ node: Node) -> Work? {
    switch node.op {
    case .conv2d(let op):
      return convolution(node, op.window, groups: op.groups)
    case .linear: return linear(node)
    case .matmul(let op):
      let left = operand(node, 0).shape
      let terms = node.type.count(steps: module.timeSteps) * left[op.transposeLHS ? 1 : 2]
      return Work(additions: terms, multiplications: terms)
    case .sum, .mean, .meanSteps: return Work(additions: operand(node, 0).values.count)
    case .maxPool2d: return reading(node.operands[0])
    case .add, .affine, .batchNorm, .complement, .if, .lif, .mul, .plif, .repeat, .reshape,
      .scale, .transpose:
      return nil
    }
  }

  /// Every term of every sum: from each output to the inputs under its window.
  private func convolution(_ node: Node, _ window: Window, groups: Int) -> Work {
    let (input, kernel) = (operand(node, 0), module.weight(node.weights[0]).shape)
    let (shape, output) = (input.shape, node.type.shape)
    let outputs = output[0] / groups
    var work = reading(node.operands[0])
    for step in 0..<input.steps {
      for channel in 0..<output[0] {
        for y in 0..<output[1] {
          for x in 0..<output[2] {
            for row in 0..<kernel[0] {
              for column in 0..<kernel[1] {
                let inY = y * window.stride[0] + row - window.padding[0]
                let inX = x * window.stride[1] + column - window.padding[1]
                guard (0..<shape[1]).contains(inY), (0..<shape[2]).contains(inX) else { continue }
                for index in 0..<kernel[2] {
                  let from = channel / outputs * kernel[2] + index
                  let at = ((step * shape[0] + from) * shape[1] + inY) * shape[2] + inX
                  add(input.values[at], node, &work)
                }
              }
            }
          }
        }
      }
    }
    return work
  }

  private func linear(_ node: Node) -> Work {
    var work = reading(node.operands[0])
    for _ in 0..<node.type.shape[0] {
      for value in operand(node, 0).values { add(value, node, &work) }
    }
    return work
  }

  /// One term of a weighted sum: none where a spike or a count is not there.
  private func add(_ value: Float, _ node: Node, _ work: inout Work) {
    let isSpike = module.type(of: node.operands[0]).domain == .spike
    let skipsZeros = isSpike || node.origins.first.map(counting.contains) ?? false
    guard value != 0 || !skipsZeros else { return }
    work.additions += 1
    if !isSpike { work.multiplications += 1 }
  }

  /// The first node that reads a value.
  private func reader(of value: ValueID) -> (value: ValueID, node: Node)? {
    module.definitions.first { $0.node.operands.contains(value) }
  }

  /// `q (k^T v)`, of spikes `[heads, width, tokens]`.
  private func attention(queries q: ValueID, keys k: ValueID, values v: ValueID) -> Work {
    let (queries, keys, values) = (tensor(q), tensor(k), tensor(v))
    let (shape, tokens) = (queries.shape, queries.shape[2])
    var work = reading(q) + reading(k) + reading(v)
    for slice in 0..<queries.steps * shape[0] {
      for i in 0..<shape[1] {
        for j in 0..<shape[1] {
          for token in 0..<tokens {
            let (atI, atJ) = (
              (slice * shape[1] + i) * tokens + token, (slice * shape[1] + j) * tokens + token
            )
            if keys.values[atI] * values.values[atJ] == 1 { work.integerAdditions += 1 }
            if queries.values[atI] == 1 { work.integerAdditions += 1 }
          }
        }
      }
    }
    return work
  }
}
