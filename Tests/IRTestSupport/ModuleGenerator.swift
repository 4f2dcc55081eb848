package import Diagnostics
package import SpikeIR

/// Makes small modules of all ops, with odd shapes and shortcuts; a seed determines each.
///
/// Among single ops stand the patterns that the lowering fuses, and near misses of them. Every
/// layer of neurons has a name of its own.
package struct ModuleGenerator {
  /// What is appended in one go.
  private enum Piece: CaseIterable {
    case add, affine, batchNorm, complement, conv2d, linear, matmul, maxPool2d, mean, meanSteps
    case mul, neurons, `repeat`, reshape, scale, sum, transpose
    case attention, block, convolutions, heads, mask, tokens
  }

  /// The most elements of a value, so that a module runs in a moment.
  static let largestCount = 3000

  var random: SeededRandom
  var builder: ModuleBuilder
  var values: [ValueID] = [.input]
  private var nextName = 0

  /// Makes the module of `seed`.
  package static func module(seed: UInt64) throws(Diagnostic) -> Module {
    var generator = try ModuleGenerator(seed: seed)
    let pieces = generator.random.integer(1...10)
    while generator.values.count <= pieces {
      guard let value = try generator.append(generator.random.one(of: Piece.allCases)) else {
        continue
      }
      generator.values.append(value)
    }
    return try generator.builder.finish(output: generator.pick() ?? .input)
  }

  /// Makes a module of convolutions right behind one another, with no neurons; `nil` where the seed's
  /// input has not three axes, or they would be too large.
  package static func convolutions(seed: UInt64) throws(Diagnostic) -> Module? {
    var generator = try ModuleGenerator(seed: seed)
    guard let value = try generator.convolutions() else { return nil }
    return try generator.builder.finish(output: value)
  }

  private init(seed: UInt64) throws(Diagnostic) {
    var random = SeededRandom(seed)
    var extents = [random.one(of: [1, 2, 3, 5, 8, 13, 33, 64, 65, 130])]
    for _ in 0..<random.one(of: [0, 1, 2, 2, 2, 2]) { extents.append(random.integer(1...5)) }
    let domain = random.one(of: [
      Domain.real, .real, .spike, .count(3), .fixed(low: -3, high: 2, scale: 1),
    ])
    builder = try ModuleBuilder(
      name: "random \(seed)", timeSteps: random.integer(1...4),
      input: ValueType(domain, Shape(extents), timed: random.integer(0...1) == 1))
    self.random = random
  }

  // MARK: - Choices

  /// A value that fits, the latest as often as any other; `nil` where none fits.
  mutating func pick(where fits: (ValueType) -> Bool = { _ in true }) -> ValueID? {
    let builder = builder
    let fitting = values.filter { fits(builder.type(of: $0)) }
    guard let last = fitting.last else { return nil }
    return random.integer(0...1) == 0 ? last : random.one(of: fitting)
  }

  mutating func name() -> String {
    nextName += 1
    return "n\(nextName)"
  }

  /// A weight of random numbers, such that sums of `terms` of them are about 1.
  mutating func weight(
    _ shape: Shape, terms: Int = 1, around center: Float = 0
  ) throws(Diagnostic) -> WeightID {
    let scale = 2 / Float(terms).squareRoot()
    let numbers = (0..<shape.count).map { _ in center + scale * random.real() }
    return try builder.add(Weight(name(), shape, numbers))
  }

  /// A shape of `rank` axes that has `count` elements.
  mutating func shape(of count: Int, rank: Int) -> Shape {
    var extents = [Int](repeating: 1, count: rank)
    var (rest, factor) = (count, 2)
    while rest > 1 {
      if rest.isMultiple(of: factor) {
        extents[random.integer(0...rank - 1)] *= factor
        rest /= factor
      } else {
        factor += 1
      }
    }
    return Shape(extents)
  }

  /// Whether a coin shows heads.
  mutating func coin() -> Bool { random.integer(0...1) == 0 }

  // MARK: - Pieces

  /// Appends a piece; `nil` where no value fits it.
  private mutating func append(_ piece: Piece) throws(Diagnostic) -> ValueID? {
    switch piece {
    case .add: return try add()
    case .affine, .batchNorm:
      guard let input = pick() else { return nil }
      return try normalize(input, asAffine: piece == .affine)
    case .complement:
      guard let input = pick() else { return nil }
      return try builder.complement(input, from: name())
    case .conv2d: return try conv2d()
    case .linear:
      guard let input = pick(where: { $0.shape.rank == 1 }) else { return nil }
      return try linear(input)
    case .matmul: return try matmul()
    case .maxPool2d: return try maxPool2d()
    case .mean:
      guard let input = pick(where: { $0.shape.rank >= 2 }) else { return nil }
      return try builder.mean(input, from: name())
    case .meanSteps:
      guard let input = pick(where: { $0.isTimed }) else { return nil }
      return try builder.meanSteps(input, from: name())
    case .mul: return try mul()
    case .neurons:
      guard let input = pick() else { return nil }
      return try neurons(input)
    case .repeat:
      guard let input = pick(where: { !$0.isTimed }) else { return nil }
      return try builder.repeat(input, from: name())
    case .reshape:
      guard let input = pick() else { return nil }
      let shape = shape(of: builder.type(of: input).shape.count, rank: random.integer(1...4))
      return try builder.reshape(input, shape, from: name())
    case .scale:
      guard let input = pick() else { return nil }
      return try builder.scale(
        input, by: random.one(of: [0.125, 0.5, 1, 3, -0.25, 0.100000001490116119384765625]),
        from: name())
    case .sum:
      guard let input = pick(where: { $0.shape.rank >= 1 }) else { return nil }
      return try sum(input)
    case .transpose:
      guard let input = pick(where: { $0.shape.rank == 2 }) else { return nil }
      return try builder.transpose(input, from: name())
    case .attention: return try attention()
    case .block: return try block()
    case .convolutions:
      guard let sum = try convolutions() else { return nil }
      return coin() ? sum : try neurons(sum)
    case .heads: return try heads()
    case .mask: return try mask()
    case .tokens: return try tokens()
    }
  }

  private mutating func add() throws(Diagnostic) -> ValueID? {
    guard let lhs = pick() else { return nil }
    let shape = builder.type(of: lhs).shape
    guard let rhs = pick(where: { $0.shape == shape }) else { return nil }
    return try builder.add(lhs, rhs, from: name())
  }

  /// The product of a value with one of its shape, or with one that has the extent 1 on an axis.
  private mutating func mul() throws(Diagnostic) -> ValueID? {
    guard let lhs = pick() else { return nil }
    let shape = builder.type(of: lhs).shape
    let fits = { (type: ValueType) in
      type.shape.rank == shape.rank
        && (0..<shape.rank).allSatisfy { [1, shape[$0]].contains(type.shape[$0]) }
        && (0..<shape.rank).filter { type.shape[$0] != shape[$0] }.count <= 1
    }
    guard let rhs = pick(where: fits) else { return nil }
    return try builder.mul(lhs, rhs, from: name())
  }

  mutating func sum(_ input: ValueID) throws(Diagnostic) -> ValueID {
    let axis = random.integer(0...builder.type(of: input).shape.rank - 1)
    return try builder.sum(input, axis: axis, from: name())
  }

  /// A layer of neurons of any kind.
  mutating func neurons(_ input: ValueID) throws(Diagnostic) -> ValueID {
    let threshold = random.one(of: [0.125, 0.25, 0.5, 1])
    switch random.integer(0...3) {
    case 0: return try builder.if(input, threshold: threshold, from: name())
    case 1:
      return try builder.plif(
        input, inverseTau: random.one(of: [1, 0.5, 0.625, Double(Float(0.7310586))]),
        threshold: threshold, from: name())
    default:
      return try builder.lif(
        input, tau: random.one(of: [1, 1.5, 1.75, 2, 3]), threshold: threshold, from: name())
    }
  }

  mutating func normalize(
    _ input: ValueID, asAffine: Bool
  ) throws(Diagnostic) -> ValueID {
    let channels: Shape = [builder.type(of: input).shape[0]]
    let (scale, shift) = (try weight(channels, around: 1), try weight(channels))
    guard !asAffine else {
      return try builder.affine(input, scale: scale, shift: shift, from: [name()])
    }
    let (mean, variance) = (try weight(channels), try weight(channels, around: 3))
    return try builder.batchNorm(input, [scale, shift, mean, variance], from: name())
  }

  private mutating func linear(_ input: ValueID) throws(Diagnostic) -> ValueID {
    try linear(input, outputs: random.integer(1...70), hasBias: coin())
  }

  mutating func linear(
    _ input: ValueID, outputs: Int, hasBias: Bool
  ) throws(Diagnostic) -> ValueID {
    let inputs = builder.type(of: input).shape[0]
    let matrix = try weight([inputs, outputs], terms: inputs)
    let bias = hasBias ? try weight([outputs]) : nil
    return try builder.linear(input, weight: matrix, bias: bias, from: name())
  }

  /// The product of a value with another, or itself, in any transposition that fits.
  private mutating func matmul() throws(Diagnostic) -> ValueID? {
    guard let lhs = pick(where: { $0.shape.rank == 3 && $0.shape.count <= 600 }) else {
      return nil
    }
    let stack = builder.type(of: lhs).shape
    let (transposeLHS, transposeRHS) = (coin(), coin())
    let inner = transposeLHS ? stack[1] : stack[2]
    let fits = { (type: ValueType) in
      type.shape.rank == 3 && type.shape.count <= 600 && type.shape[0] == stack[0]
        && type.shape[transposeRHS ? 2 : 1] == inner
    }
    guard let rhs = pick(where: fits) else { return nil }
    return try builder.matmul(
      lhs, rhs, transposeLHS: transposeLHS, transposeRHS: transposeRHS, from: name())
  }
}
