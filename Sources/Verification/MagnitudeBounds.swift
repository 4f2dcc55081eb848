import Passes
public import SpikeIR

/// How large the numbers of a module can become, proved from its weights.
///
/// It holds for every input of magnitude 2^20 at most, or of the input's exact domain. Each bound
/// counts the rounding of every operation: n operations on numbers of magnitude m give at most
/// `m * (1 + n * 2^-23)`, where n is below 2^22 (Higham, Accuracy and Stability, lemma 3.1).
public struct MagnitudeBounds: Sendable {
  /// The largest magnitude of a real input for which the bounds hold.
  public static let inputLimit = 0x1p20

  /// For each value, by its index, the largest magnitude; infinite where none is proved.
  public private(set) var magnitudes: [Double]

  /// The first values that are not proved to be finite, with the rule that breaks the proof.
  public private(set) var broken: [ValueID: Rule] = [:]

  /// Follows the values of `module`.
  init(of module: Module) {
    magnitudes = [module.input.domain.magnitude ?? Self.inputLimit]
    for (value, node) in module.definitions {
      let operands = node.operands.map { magnitudes[$0.index] }
      guard operands.allSatisfy(\.isFinite) else {
        // Said where the operand is computed, and spikes are spikes.
        magnitudes.append(node.type.domain.magnitude ?? .infinity)
        continue
      }
      guard let reach = module.reach(of: node, operands) else {
        broken[value] = .finiteWeights
        magnitudes.append(node.type.domain.magnitude ?? .infinity)
        continue
      }
      let isFinite = reach.peak <= Double(Float.greatestFiniteMagnitude)
      if !isFinite { broken[value] = .noOverflow }
      magnitudes.append(node.type.domain.magnitude ?? (isFinite ? reach.result : .infinity))
    }
  }
}

/// The largest magnitudes of an op's result and of all that it computes on the way.
private struct Reach {
  let result: Double
  let peak: Double

  /// A result, and a peak on the way to it, after `operations` roundings each.
  init(_ result: Double, peak: Double = 0, operations: Int) {
    guard operations < 1 << 22 else {
      (self.result, self.peak) = (.infinity, .infinity)
      return
    }
    let growth = 1 + Double(operations + 1) * 0x1p-23
    // What results below the normal numbers are rounded by.
    let least = Double(operations) * 0x1p-149
    self.result = result * growth + least
    self.peak = max(peak * growth + least, self.result)
  }
}

extension Module {
  /// How far the numbers of `node` reach from operands of these magnitudes; `nil` where a weight is
  /// not finite, or there are no numbers to say so.
  fileprivate func reach(of node: Node, _ operands: [Double]) -> Reach? {
    let x = operands[0]
    let shape = type(of: node.operands[0]).shape
    switch node.op {
    case .add: return Reach(x + operands[1], operations: 1)
    case .affine, .batchNorm: return scaled(node, x)
    case .complement: return Reach(1 + x, operations: 1)
    case .conv2d, .linear: return weighted(node, x)
    case .if, .lif, .plif: return node.op.neuron.map { charged($0, x) }
    case .matmul(let op):
      let terms = shape[op.transposeLHS ? 1 : 2]
      return Reach(x * operands[1] * Double(terms), operations: 2 * terms)
    case .maxPool2d, .repeat, .reshape, .transpose: return Reach(x, operations: 0)
    case .mean:
      let terms = shape.count / shape[0]
      return Reach(x, peak: x * Double(terms), operations: terms + 1)
    case .meanSteps: return Reach(x, peak: x * Double(timeSteps), operations: timeSteps + 1)
    case .mul: return Reach(x * operands[1], operations: 1)
    case .scale(let op): return Reach(x * op.factor.magnitude, operations: 1)
    case .sum(let op): return Reach(x * Double(shape[op.axis]), operations: shape[op.axis])
    }
  }

  /// The reach of an `affine` or `batch_norm`.
  private func scaled(_ node: Node, _ x: Double) -> Reach? {
    let weights = node.weights.map { weight($0) }
    // What makes no scale and shift is not finite, and whoever runs it is told why.
    guard weights.allSatisfy({ !$0.data.isAbsent && $0.data.floats.allSatisfy(\.isFinite) }),
      let pairs = try? scaleAndShift(of: node)
    else { return nil }
    let largest = pairs.map { $0.scale.magnitude * x + $0.shift.magnitude }.max() ?? 0
    return Reach(largest, operations: 4)
  }

  /// The reach of a `conv2d` or `linear`.
  private func weighted(_ node: Node, _ x: Double) -> Reach? {
    let kernel = weight(node.weights[0])
    guard !kernel.data.isAbsent else { return nil }
    let outputs = kernel.shape[kernel.shape.rank - 1]
    var sums = kernel.data.magnitudes(by: outputs).map { $0 * x }
    if node.weights.count > 1 {
      guard let bias = weight(node.weights[1]).data.floatsIfKnown else { return nil }
      for output in sums.indices { sums[output] += Double(bias[output].magnitude) }
    }
    guard sums.allSatisfy(\.isFinite) else { return nil }
    return Reach(sums.max() ?? 0, operations: 2 * kernel.shape.count / outputs + 1)
  }

  /// The reach of neurons that see `x`: a membrane between 0 and its inputs, or their sum.
  private func charged(_ dynamics: NeuronDynamics, _ x: Double) -> Reach {
    switch dynamics.charge {
    case .leaky, .learned: Reach(x, peak: 2 * x, operations: 4 * timeSteps)
    case .integrating: Reach(x * Double(timeSteps), operations: timeSteps)
    }
  }
}

extension WeightData {
  /// The sums of the magnitudes of every `columns`-th number; not finite where one of them is not.
  fileprivate func magnitudes(by columns: Int) -> [Double] {
    withFloats { numbers in
      var sums = [Double](repeating: 0, count: columns)
      sums.withUnsafeMutableBufferPointer { sums in
        for row in stride(from: 0, to: numbers.count, by: columns) {
          for column in 0..<columns { sums[column] += Double(numbers[row + column].magnitude) }
        }
      }
      return sums
    }
  }
}
