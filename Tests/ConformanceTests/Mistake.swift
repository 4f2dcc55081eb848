/// A mistake that an implementation can make, and that cases of the suite must show.
///
/// `Reckoner` computes a module with one. A case names those that it tells from the right thing, and
/// a test computes it with each and expects another output.
enum Mistake: String, CaseIterable {
  // Sums.
  case descending = "the terms of a sum in descending order"
  case pairwise = "the terms of a sum in pairs, then pairs of pairs"
  case binary64 = "a sum or a membrane in binary64, rounded at the end"
  case startsFromFirst = "a sum that starts from its first term and not from +0"
  case biasLast = "the bias added behind the terms"
  case fused = "a product and a sum in one rounding"
  case channelFirst = "a convolution's terms by channel, then row, then column"
  case columnFirst = "a convolution's terms by column, then row, then channel"
  case paddingAdded = "terms of padding added as zeros"
  case zeroSpikesAdded = "terms of spikes that are 0 added as zeros"
  case zerosSkipped = "terms of a real input that are 0 skipped"
  case flipped = "a kernel turned around"
  case interleavedGroups = "a group's channels every so many and not one after another"
  case divideFirst = "a mean's terms divided before they are added"
  case transposeIgnored = "a matrix taken as it lies"
  case wrongAxis = "a sum along the last axis"

  // Neurons.
  case aboveThreshold = "a neuron that fires above its threshold and not at it"
  case softReset = "a reset that subtracts the threshold"
  case noReset = "no reset"
  case leakFirst = "the membrane and the input weighted and added"
  case inputUndivided = "an input that is not divided by tau"
  case seenOnce = "a static value seen at the first step alone"
  case backwards = "time steps in descending order"

  // Rounding, and zeros.
  case reciprocal = "a product with the reciprocal in place of a division"
  case flushed = "subnormal numbers as zeros"
  case tiesAway = "ties rounded away from zero"
  case truncating = "rounding toward zero"
  case zeroUnsigned = "-0 as +0"
  case negated = "x - 1, and then its sign changed"

  // Batch norms.
  case inBinary32 = "scale and shift computed in binary32"
  case direct = "no scale and shift: the mean taken off and the result divided"
  case scaleRoundedFirst = "a shift made with the rounded scale"
  case epsilonInBinary32 = "an epsilon rounded to binary32"

  // What moves.
  case lastMaximum = "of equal maxima the last"
  case zeroPadding = "padding of a pool that counts as 0"
  case columnMajor = "elements in column-major order"

  /// The ops that can be computed with this mistake: for each there must be a case that shows it.
  var ops: [String] {
    let products = ["conv2d", "linear"]
    let sums = products + ["matmul", "mean", "mean_steps", "sum"]
    let neurons = ["if", "lif", "plif"]
    switch self {
    case .descending, .pairwise: return sums
    case .binary64: return sums + neurons
    case .startsFromFirst: return sums
    case .biasLast, .zeroSpikesAdded, .zerosSkipped: return products
    case .fused: return products + ["affine", "batch_norm", "matmul", "plif"]
    case .channelFirst, .columnFirst, .paddingAdded, .flipped, .interleavedGroups:
      return ["conv2d"]
    case .divideFirst: return ["mean", "mean_steps"]
    case .transposeIgnored: return ["matmul", "transpose"]
    case .wrongAxis: return ["sum"]
    case .aboveThreshold, .softReset, .noReset, .backwards: return neurons
    case .leakFirst, .inputUndivided: return ["lif", "plif"]
    case .seenOnce: return neurons + ["add", "mul"]
    case .reciprocal: return ["lif", "mean", "mean_steps"]
    case .flushed:
      return sums + neurons + ["add", "affine", "batch_norm", "max_pool2d", "mul", "scale"]
    case .tiesAway, .truncating: return ["add", "affine", "complement", "mul", "scale"]
    case .zeroUnsigned:
      return products + [
        "add", "affine", "max_pool2d", "mul", "repeat", "reshape", "scale", "transpose",
      ]
    case .negated: return ["complement"]
    case .inBinary32, .direct, .scaleRoundedFirst, .epsilonInBinary32: return ["batch_norm"]
    case .lastMaximum, .zeroPadding: return ["max_pool2d"]
    case .columnMajor: return ["reshape"]
    }
  }
}
