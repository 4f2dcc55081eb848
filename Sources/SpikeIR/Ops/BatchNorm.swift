public import Diagnostics

/// Batch normalisation with the statistics of training, as PyTorch's `BatchNorm` in `eval()`.
///
///     %3 = batch_norm %2, @"bn.weight", @"bn.bias", @"bn.running_mean", @"bn.running_var"
///          {epsilon = 1e-05} : timed real [768, 14, 14]
///
/// It is defined as an `affine` whose scale and shift are computed in binary64 and rounded once:
/// `scale = weight / sqrt(variance + epsilon)` and `shift = bias - mean * scale`, where the shift
/// uses the scale before it is rounded.
public struct BatchNorm: Operation {
  public static let definition = OpDefinition(
    mnemonic: "batch_norm", role: .scaling,
    summary: "Normalises each channel with the statistics of training.",
    operands: ["input"], weights: ["weight", "bias", "mean", "variance"],
    attributes: [.init("epsilon", .real, "what is added to the variance")])

  /// What is added to the variance.
  public let epsilon: Double

  /// Creates the op.
  public init(epsilon: Double) {
    self.epsilon = epsilon
  }

  public init(_ attributes: AttributeList) {
    epsilon = attributes.real("epsilon")
  }

  public var attributes: [Attribute] { [Attribute("epsilon", .real(epsilon))] }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    let input = operands[0]
    guard input.shape.rank >= 1 else {
      throw Self.violation(1, "the input must have a channel axis")
    }
    for (name, weight) in zip(Self.definition.weights, weights) where weight != [input.shape[0]] {
      throw Self.violation(2, "the \(name) must be [\(input.shape[0])], not \(weight)")
    }
    guard epsilon.isFinite, epsilon >= 0 else {
      throw Self.violation(3, "epsilon must be finite and not negative, and it is \(epsilon)")
    }
    return ValueType(.real, input.shape, timed: input.isTimed)
  }

  /// The scale and shift of each channel in binary64, before any rounding to binary32.
  ///
  /// - Throws: `batch_norm-c4` where a variance plus epsilon is not positive, `batch_norm-c5` where
  ///   a scale or shift is not finite in binary32.
  public func scaleAndShift(
    weight: [Float], bias: [Float], mean: [Float], variance: [Float]
  ) throws(Diagnostic) -> [(scale: Double, shift: Double)] {
    var result: [(scale: Double, shift: Double)] = []
    result.reserveCapacity(weight.count)
    for channel in weight.indices {
      let spread = Double(variance[channel]) + epsilon
      guard spread > 0 else {
        throw Self.violation(
          4, "variance plus epsilon must be positive, and channel \(channel) has \(spread)")
      }
      let scale = Double(weight[channel]) / spread.squareRoot()
      let shift = Double(bias[channel]) - Double(mean[channel]) * scale
      guard Float(scale).isFinite, Float(shift).isFinite else {
        throw Self.violation(
          5, "scale and shift must be finite, and channel \(channel) has \(scale) and \(shift)")
      }
      result.append((scale, shift))
    }
    return result
  }
}

extension Module {
  /// The binary64 scale and shift of a `batch_norm` node.
  public func scaleAndShift(
    of norm: BatchNorm, _ node: Node
  ) throws(Diagnostic) -> [(scale: Double, shift: Double)] {
    let weights = node.weights.map { weight($0).data.floats }
    do throws(Diagnostic) {
      return try norm.scaleAndShift(
        weight: weights[0], bias: weights[1], mean: weights[2], variance: weights[3])
    } catch {
      throw error.at(.node(BatchNorm.definition.mnemonic, origins: node.origins))
    }
  }
}

extension ModuleBuilder {
  /// Appends a `batch_norm`; `weights` are weight, bias, mean and variance.
  public mutating func batchNorm(
    _ input: ValueID, _ weights: [WeightID], epsilon: Double = 1e-5, from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(
      .batchNorm(BatchNorm(epsilon: epsilon)), [input], weights: weights, from: [origin])
  }
}
