package import Diagnostics
package import SpikeIR

/// Makes small modules of all ops, with odd shapes and shortcuts; a seed determines each.
///
/// Among single ops stand the patterns that the lowering fuses, and near misses of them. Every
/// layer of neurons has a name of its own.
package struct ModuleGenerator {
  /// What is appended in one go.
  private enum Piece: CaseIterable {
    case add, affine, batchNorm, conv2d, lif, linear, matmul, maxPool2d, mean, meanSteps
    case `repeat`, reshape, scale, attention, block
  }

  /// The most elements of a value, so that a module runs in a moment.
  private static let largestCount = 3000

  private var random: SeededRandom
  private var builder: ModuleBuilder
  private var values: [ValueID] = [.input]
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
  private mutating func pick(where fits: (ValueType) -> Bool = { _ in true }) -> ValueID? {
    let builder = builder
    let fitting = values.filter { fits(builder.type(of: $0)) }
    guard let last = fitting.last else { return nil }
    return random.integer(0...1) == 0 ? last : random.one(of: fitting)
  }

  private mutating func name() -> String {
    nextName += 1
    return "n\(nextName)"
  }

  /// A weight of random numbers, such that sums of `terms` of them are about 1.
  private mutating func weight(
    _ shape: Shape, terms: Int = 1, around center: Float = 0
  ) throws(Diagnostic) -> WeightID {
    let scale = 2 / Float(terms).squareRoot()
    let numbers = (0..<shape.count).map { _ in center + scale * random.real() }
    return try builder.add(Weight(name(), shape, numbers))
  }

  /// A shape of `rank` axes that has `count` elements.
  private mutating func shape(of count: Int, rank: Int) -> Shape {
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

  // MARK: - Pieces

  /// Appends a piece; `nil` where no value fits it.
  private mutating func append(_ piece: Piece) throws(Diagnostic) -> ValueID? {
    switch piece {
    case .add:
      guard let lhs = pick() else { return nil }
      let shape = builder.type(of: lhs).shape
      guard let rhs = pick(where: { $0.shape == shape }) else { return nil }
      return try builder.add(lhs, rhs, from: name())
    case .affine, .batchNorm:
      guard let input = pick() else { return nil }
      return try normalize(input, asAffine: piece == .affine)
    case .conv2d: return try conv2d()
    case .lif:
      guard let input = pick() else { return nil }
      return try lif(input)
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
    case .repeat:
      guard let input = pick(where: { !$0.isTimed }) else { return nil }
      return try builder.repeat(input, from: name())
    case .reshape:
      guard let input = pick() else { return nil }
      let shape = shape(of: builder.type(of: input).shape.count, rank: random.integer(1...4))
      return try builder.append(.reshape(Reshape(shape)), [input], from: [name()])
    case .scale:
      guard let input = pick() else { return nil }
      return try builder.scale(
        input, by: random.one(of: [0.125, 0.5, 1, 3, -0.25, 0.100000001490116119384765625]),
        from: name())
    case .attention: return try attention()
    case .block: return try block()
    }
  }

  private mutating func lif(_ input: ValueID) throws(Diagnostic) -> ValueID {
    try builder.lif(
      input, tau: random.one(of: [1, 1.5, 1.75, 2, 3]),
      threshold: random.one(of: [0.125, 0.25, 0.5, 1]), from: name())
  }

  private mutating func normalize(
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
    let (inputs, outputs) = (builder.type(of: input).shape[0], random.integer(1...70))
    let matrix = try weight([inputs, outputs], terms: inputs)
    let bias = random.integer(0...1) == 0 ? nil : try weight([outputs])
    return try builder.linear(input, weight: matrix, bias: bias, from: name())
  }

  /// A window of `limit` rows and columns at most that fits `shape`, and its padding.
  private mutating func window(
    on shape: Shape, padding: (Int) -> Int
  ) -> (kernel: [Int], stride: [Int], padding: [Int]) {
    let kernel = [1, 2].map { random.integer(1...min(3, shape[$0])) }
    let padding = kernel.map { random.integer(0...padding($0)) }
    return (kernel, [random.integer(1...2), random.integer(1...3)], padding)
  }

  private mutating func conv2d(
    of operand: ValueID? = nil, keepingShape: Bool = false
  ) throws(Diagnostic) -> ValueID? {
    guard let input = operand ?? pick(where: { $0.shape.rank == 3 }) else { return nil }
    let shape = builder.type(of: input).shape
    var (kernel, stride, padding) = window(on: shape, padding: { $0 - 1 })
    var outputs = random.one(of: [1, 2, 3, 7, 31, 64, 65, 70])
    if keepingShape { (kernel, stride, padding, outputs) = ([1, 1], [1, 1], [0, 0], shape[0]) }
    let terms = kernel[0] * kernel[1] * shape[0]
    guard outputs * shape.count <= 16 * Self.largestCount else { return nil }
    let taps = try weight([kernel[0], kernel[1], shape[0], outputs], terms: terms)
    let bias = random.integer(0...1) == 0 ? nil : try weight([outputs])
    return try builder.conv2d(
      input, kernel: taps, bias: bias, stride: stride, padding: padding, from: name())
  }

  private mutating func maxPool2d() throws(Diagnostic) -> ValueID? {
    guard let input = pick(where: { $0.shape.rank == 3 }) else { return nil }
    let (kernel, stride, padding) = window(on: builder.type(of: input).shape, padding: { $0 / 2 })
    return try builder.maxPool2d(
      input, kernel: kernel, stride: stride, padding: padding, from: name())
  }

  /// The product of a value with another, or itself, in any transposition that fits.
  private mutating func matmul() throws(Diagnostic) -> ValueID? {
    guard let lhs = pick(where: { $0.shape.rank == 3 && $0.shape.count <= 600 }) else {
      return nil
    }
    let stack = builder.type(of: lhs).shape
    let (transposeLHS, transposeRHS) = (random.integer(0...1) == 0, random.integer(0...1) == 0)
    let inner = transposeLHS ? stack[1] : stack[2]
    let fits = { (type: ValueType) in
      type.shape.rank == 3 && type.shape.count <= 600 && type.shape[0] == stack[0]
        && type.shape[transposeRHS ? 2 : 1] == inner
    }
    guard let rhs = pick(where: fits) else { return nil }
    return try builder.matmul(
      lhs, rhs, transposeLHS: transposeLHS, transposeRHS: transposeRHS, from: name())
  }

  /// The attention of three layers of neurons, in one of the two orders, whole or cut short.
  private mutating func attention() throws(Diagnostic) -> ValueID? {
    guard let input = pick(where: { $0.shape.count <= 600 }) else { return nil }
    let type = builder.type(of: input)
    let split = shape(of: type.shape.count, rank: 3)
    var operands: [ValueID] = []
    for _ in 0..<3 {
      let spikes = try lif(input)
      values.append(spikes)
      operands.append(try builder.reshape(spikes, split, from: name()))
    }
    let (q, k, v) = (operands[0], operands[1], operands[2])
    var x: ValueID
    if random.integer(0...1) == 0 {
      let kv = try builder.matmul(k, v, transposeRHS: true, from: name())
      x = try builder.matmul(kv, q, transposeLHS: true, from: name())
    } else {
      let scores = try builder.matmul(q, k, transposeLHS: true, from: name())
      x = try builder.matmul(v, scores, transposeRHS: true, from: name())
    }
    if random.integer(0...3) > 0 { x = try builder.scale(x, by: 0.125, from: name()) }
    if random.integer(0...3) > 0 { x = try builder.reshape(x, type.shape, from: name()) }
    if random.integer(0...3) > 0 { x = try lif(x) }
    return x
  }

  /// A convolution with a norm, a shortcut and neurons behind it.
  private mutating func block() throws(Diagnostic) -> ValueID? {
    guard let input = pick(where: { $0.shape.rank == 3 }),
      let sum = try conv2d(of: input, keepingShape: true)
    else { return nil }
    let shape = builder.type(of: input).shape
    var x = try normalize(sum, asAffine: random.integer(0...1) == 0)
    if random.integer(0...2) > 0, let shortcut = pick(where: { $0.shape == shape }) {
      x = try builder.add(shortcut, x, from: name())
      if random.integer(0...1) == 0 { values.append(x) }
    }
    return try lif(x)
  }
}
