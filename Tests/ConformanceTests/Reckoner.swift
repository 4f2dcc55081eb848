import SpikeIR

/// Computes a module from the formulas of `ir-spec/ops.md`, one element at a time, rightly or with
/// one mistake.
///
/// It shares no code with the Interpreter, whose numbers it checks; each element is a formula of
/// indices.
struct Reckoner {
  /// A value: its type and its elements, `[steps][shape]`.
  struct Value {
    var type: ValueType
    var elements: [Float]

    /// The element at `indices` and step `step`.
    func callAsFunction(_ step: Int, _ indices: [Int]) -> Float {
      let position = zip(indices, type.shape.extents).reduce(0) { $0 * $1.1 + $1.0 }
      return elements[(type.isTimed ? step : 0) * type.shape.count + position]
    }
  }

  /// The module.
  let module: Module

  /// What is done wrong; `nil` for nothing.
  var mistake: Mistake?

  /// The output for `input`.
  func output(_ input: [Float]) -> [Float] {
    var values = [Value(type: module.input, elements: input.map(flushed))]
    if module.input.domain == .spike { values[0].elements = input.map(\.magnitude) }
    for node in module.nodes {
      var value = evaluate(node, node.operands.map { values[$0.index] })
      value.elements = value.elements.map(flushed)
      if mistake == .zeroUnsigned { value.elements = value.elements.map { $0 + 0 } }
      values.append(value)
    }
    return values[module.output.index].elements
  }

  /// `number`, or a zero of its sign where subnormal numbers are lost.
  private func flushed(_ number: Float) -> Float {
    mistake == .flushed && number.isSubnormal ? Float(signOf: number, magnitudeOf: 0) : number
  }

  /// The elements of weight number `index` of a node, as a value.
  func weight(_ node: Node, _ index: Int) -> Value {
    let weight = module.weight(node.weights[index])
    return Value(
      type: ValueType(.real, weight.shape, timed: false), elements: weight.data.floats.map(flushed))
  }

  /// The value of a node's type with the elements that `element` gives for a step and indices.
  private func fill(_ node: Node, _ element: (Int, [Int]) -> Float) -> Value {
    var elements: [Float] = []
    for step in 0..<(node.type.isTimed ? module.timeSteps : 1) {
      for position in 0..<node.type.shape.count {
        elements.append(element(step, node.type.shape.indices(of: position)))
      }
    }
    return Value(type: node.type, elements: elements)
  }

  /// A node's result.
  private func evaluate(_ node: Node, _ operands: [Value]) -> Value {
    let x = operands[0]
    let shape = node.type.shape
    switch node.op {
    case .add:
      return fill(node) { t, i in
        let (a, b) = (seen(x, t, i), seen(operands[1], t, i))
        return rounded(Double(a) + Double(b), or: a + b)
      }
    case .affine:
      return scaled(node, x, weight(node, 0).elements, weight(node, 1).elements)
    case .batchNorm(let norm): return normalized(node, x, norm.epsilon)
    case .complement:
      return fill(node) { t, i in
        mistake == .negated ? -(x(t, i) - 1) : rounded(1 - Double(x(t, i)), or: 1 - x(t, i))
      }
    case .conv2d(let op): return fill(node) { t, i in convolved(node, op, x, t, i) }
    case .if, .lif, .plif: return fired(node, x)
    case .linear:
      return fill(node) { t, i in
        let terms = (0..<x.type.shape[0]).map { (x(t, [$0]), weight(node, 0)(0, [$0, i[0]])) }
        return sum(terms, from: bias(node, i[0]), gated: x.type.domain == .spike)
      }
    case .matmul(let op): return fill(node) { t, i in product(op, operands, t, i) }
    case .maxPool2d(let op): return fill(node) { t, i in maximum(op, x, t, i) }
    case .mean:
      let count = x.type.shape.count / shape[0]
      return fill(node) { t, i in
        average(
          (0..<count).map {
            x.elements[(x.type.isTimed ? t : 0) * count * shape[0] + i[0] * count + $0]
          })
      }
    case .meanSteps:
      return fill(node) { _, i in average((0..<module.timeSteps).map { x($0, i) }) }
    case .mul:
      let rhs = operands[1]
      return fill(node) { t, i in
        let a = seen(x, t, i)
        let b = seen(rhs, t, i.enumerated().map { min($1, rhs.type.shape[$0] - 1) })
        return rounded(Double(a) * Double(b), or: a * b)
      }
    case .repeat: return fill(node) { _, i in x(0, i) }
    case .reshape:
      return fill(node) { t, i in
        let position = zip(i, shape.extents).reduce(0) { $0 * $1.1 + $1.0 }
        let indices = x.type.shape.indices(of: position)
        guard mistake == .columnMajor else { return x(t, indices) }
        var rest = position
        var turned: [Int] = []
        for extent in x.type.shape.extents {
          turned.append(rest % extent)
          rest /= extent
        }
        return x(t, turned)
      }
    case .scale(let op):
      let factor = Float(op.factor)
      return fill(node) { t, i in
        rounded(Double(x(t, i)) * Double(factor), or: x(t, i) * factor)
      }
    case .sum(let op):
      let axis = mistake == .wrongAxis ? shape.rank - 1 : op.axis
      return fill(node) { t, i in
        var indices = i
        return sum(
          (0..<x.type.shape[op.axis]).map {
            indices[axis] = min($0, x.type.shape[axis] - 1)
            return (x(t, indices), 1)
          }, from: nil)
      }
    case .transpose:
      return fill(node) { t, i in
        guard mistake == .transposeIgnored else { return x(t, [i[1], i[0]]) }
        return x(t, x.type.shape.indices(of: i[0] * shape[1] + i[1]))
      }
    }
  }

  /// The element of an operand; a static one that is seen once is 0 at later steps.
  private func seen(_ x: Value, _ step: Int, _ indices: [Int]) -> Float {
    mistake == .seenOnce && !x.type.isTimed && step > 0 ? 0 : x(step, indices)
  }

  /// The bias of a channel, +0 where there is none.
  func bias(_ node: Node, _ channel: Int) -> Float? {
    node.weights.count > 1 ? weight(node, 1)(0, [channel]) : nil
  }
}

// MARK: - Arithmetic

extension Reckoner {
  /// `right`, or `exact` rounded in a wrong way.
  func rounded(_ exact: Double, or right: Float) -> Float {
    switch mistake {
    case .truncating: return Float(exact, rounding: .towardZero)
    case .tiesAway:
      let low = Float(exact, rounding: .towardZero)
      let high = exact < 0 ? low.nextDown : low.nextUp
      return abs(exact - Double(low)) == abs(Double(high) - exact) ? high : right
    default: return right
    }
  }

  /// The sum of products, from the bias or +0.
  func sum(_ pairs: [(Float, Float)], from bias: Float?, gated: Bool = false) -> Float {
    let skipsZeros = gated ? mistake != .zeroSpikesAdded : mistake == .zerosSkipped
    var terms = skipsZeros ? pairs.filter { $0.0 != 0 } : pairs
    var start = bias ?? 0
    switch mistake {
    case .descending: terms.reverse()
    case .binary64:
      return Float(terms.reduce(Double(start)) { $0 + Double($1.0) * Double($1.1) })
    case .fused: return terms.reduce(start) { $0.addingProduct($1.0, $1.1) }
    case .biasLast: return terms.reduce(0) { $0 + $1.0 * $1.1 } + start
    case .pairwise: return start + pairwise(terms.map { $0.0 * $0.1 })
    case .startsFromFirst where bias == nil && !terms.isEmpty:
      start = terms[0].0 * terms[0].1
      terms.removeFirst()
    default: break
    }
    return terms.reduce(start) { $0 + $1.0 * $1.1 }
  }

  /// The sum of each half's sum.
  private func pairwise(_ terms: [Float]) -> Float {
    guard terms.count > 1 else { return terms.first ?? 0 }
    let middle = terms.count / 2
    return pairwise(Array(terms[..<middle])) + pairwise(Array(terms[middle...]))
  }

  /// The mean.
  private func average(_ numbers: [Float]) -> Float {
    let count = Float(numbers.count)
    switch mistake {
    case .divideFirst: return numbers.reduce(0) { $0 + $1 / count }
    case .reciprocal: return numbers.reduce(0, +) * (1 / count)
    case .binary64: return Float(numbers.reduce(0) { $0 + Double($1) } / Double(count))
    default: return sum(numbers.map { ($0, 1) }, from: nil) / count
    }
  }

  /// Each element times its channel's scale, plus its shift.
  private func scaled(_ node: Node, _ x: Value, _ scale: [Float], _ shift: [Float]) -> Value {
    fill(node) { t, i in
      let (a, b) = (scale[i[0]], shift[i[0]])
      guard mistake != .fused else { return b.addingProduct(x(t, i), a) }
      let product = rounded(Double(x(t, i)) * Double(a), or: x(t, i) * a)
      return rounded(Double(product) + Double(b), or: product + b)
    }
  }

  /// Batch normalisation.
  private func normalized(_ node: Node, _ x: Value, _ epsilon: Double) -> Value {
    let numbers = (0..<4).map { weight(node, $0).elements }
    let epsilon = mistake == .epsilonInBinary32 ? Double(Float(epsilon)) : epsilon
    var (scale, shift): ([Float], [Float]) = ([], [])
    for c in numbers[0].indices {
      let (weight, bias, mean, variance) = (
        numbers[0][c], numbers[1][c], numbers[2][c], numbers[3][c]
      )
      let factor = Double(weight) / (Double(variance) + epsilon).squareRoot()
      scale.append(Float(factor))
      switch mistake {
      case .inBinary32:
        scale[c] = weight / (variance + Float(epsilon)).squareRoot()
        shift.append(bias - mean * scale[c])
      case .scaleRoundedFirst:
        shift.append(Float(Double(bias) - Double(mean) * Double(scale[c])))
      default: shift.append(Float(Double(bias) - Double(mean) * factor))
      }
    }
    guard mistake == .direct else { return scaled(node, x, scale, shift) }
    return fill(node) { t, i in
      let (weight, bias, mean, variance) = (
        numbers[0][i[0]], numbers[1][i[0]], numbers[2][i[0]], numbers[3][i[0]]
      )
      return (x(t, i) - mean) / (variance + Float(epsilon)).squareRoot() * weight + bias
    }
  }
}

extension Float {
  /// `exact` rounded by `rule`.
  fileprivate init(_ exact: Double, rounding rule: FloatingPointRoundingRule) {
    let nearest = Float(exact)
    let isBeyond = rule == .towardZero && abs(Double(nearest)) > abs(exact)
    self = !isBeyond ? nearest : nearest < 0 ? nearest.nextUp : nearest.nextDown
  }
}
