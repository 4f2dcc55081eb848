import Diagnostics
import SpikeIR

// Convolutions, in groups and in chains, and pooling.
extension ModuleGenerator {
  /// A window of 3 rows and columns at most that fits `shape`, and its padding.
  private mutating func window(
    on shape: Shape, padding: (Int) -> Int
  ) -> (kernel: [Int], stride: [Int], padding: [Int]) {
    let kernel = [1, 2].map { random.integer(1...min(3, shape[$0])) }
    let padding = kernel.map { random.integer(0...padding($0)) }
    return (kernel, [random.integer(1...2), random.integer(1...3)], padding)
  }

  /// In how many groups to cut `channels`: most often one, or each channel by itself.
  private mutating func groups(of channels: Int) -> Int {
    switch random.integer(0...5) {
    case 0...2: 1
    case 3, 4: channels
    default: random.one(of: (1...channels).filter { channels.isMultiple(of: $0) })
    }
  }

  mutating func conv2d() throws(Diagnostic) -> ValueID? {
    guard let input = pick(where: { $0.shape.rank == 3 }) else { return nil }
    let shape = builder.type(of: input).shape
    // One in four may be padded beyond its kernel.
    let most = random.integer(0...3) == 0 ? 2 : -1
    let window = window(on: shape, padding: { $0 + most })
    let groups = groups(of: shape[0])
    let outputs =
      groups == 1
      ? random.one(of: [1, 2, 3, 7, 31, 64, 65, 70]) : groups * random.one(of: [1, 1, 2, 3])
    return try convolution(
      input, kernel: window.kernel, stride: window.stride, padding: window.padding,
      outputs: outputs, groups: groups)
  }

  /// A convolution of random weights; `nil` where it would be too large.
  private mutating func convolution(
    _ input: ValueID, kernel: [Int], stride: [Int] = [1, 1], padding: [Int] = [0, 0],
    outputs: Int, groups: Int = 1
  ) throws(Diagnostic) -> ValueID? {
    let shape = builder.type(of: input).shape
    let positions = (shape[1] + 2 * padding[0]) * (shape[2] + 2 * padding[1])
    guard outputs / groups * shape.count <= 16 * Self.largestCount,
      outputs * positions <= 16 * Self.largestCount
    else { return nil }
    let inputs = shape[0] / groups
    let taps = try weight(
      [kernel[0], kernel[1], inputs, outputs], terms: kernel[0] * kernel[1] * inputs)
    let bias = coin() ? nil : try weight([outputs])
    return try builder.conv2d(
      input, kernel: taps, bias: bias, stride: stride, padding: padding, groups: groups,
      from: name())
  }

  /// A convolution that keeps the shape of `input`.
  mutating func projection(_ input: ValueID) throws(Diagnostic) -> ValueID? {
    let channels = builder.type(of: input).shape[0]
    return try convolution(input, kernel: [1, 1], outputs: channels)
  }

  mutating func maxPool2d() throws(Diagnostic) -> ValueID? {
    guard let input = pick(where: { $0.shape.rank == 3 }) else { return nil }
    let (kernel, stride, padding) = window(on: builder.type(of: input).shape, padding: { $0 / 2 })
    return try builder.maxPool2d(
      input, kernel: kernel, stride: stride, padding: padding, from: name())
  }

  /// A convolution with a norm, a shortcut and neurons behind it.
  mutating func block() throws(Diagnostic) -> ValueID? {
    guard let input = pick(where: { $0.shape.rank == 3 }), let sum = try projection(input) else {
      return nil
    }
    let shape = builder.type(of: input).shape
    var x = try normalize(sum, asAffine: coin())
    if random.integer(0...2) > 0, let shortcut = pick(where: { $0.shape == shape }) {
      x = try builder.add(shortcut, x, from: name())
      if coin() { values.append(x) }
    }
    return try neurons(x)
  }

  /// Convolutions right behind one another, with norms here and there: one with a window among some
  /// of one position, as in RepConv and SepConv, with padding wherever it may stand.
  mutating func convolutions() throws(Diagnostic) -> ValueID? {
    guard var x = pick(where: { $0.shape.rank == 3 }) else { return nil }
    let length = random.integer(2...4)
    let widest = random.integer(0...length - 1)
    for index in 0..<length {
      guard let next = try index == widest ? conv2d(of: x) : pointwise(x) else { return nil }
      x = next
      if random.integer(0...2) == 0 { x = try normalize(x, asAffine: coin()) }
      if random.integer(0...9) == 0 { values.append(x) }
    }
    return x
  }

  /// A depthwise or whole convolution with a window, padded or not.
  private mutating func conv2d(of input: ValueID) throws(Diagnostic) -> ValueID? {
    let shape = builder.type(of: input).shape
    let window = window(on: shape, padding: { $0 - 1 })
    let groups = groups(of: shape[0])
    return try convolution(
      input, kernel: window.kernel, stride: window.stride,
      padding: coin() ? window.padding : [0, 0],
      outputs: groups == 1 ? random.integer(1...5) : groups, groups: groups)
  }

  /// A convolution of one position, seldom padded.
  private mutating func pointwise(_ input: ValueID) throws(Diagnostic) -> ValueID? {
    let padding = random.integer(0...2) == 0 ? [random.integer(0...1), 1] : [0, 0]
    let groups = groups(of: builder.type(of: input).shape[0])
    return try convolution(
      input, kernel: [1, 1], padding: padding,
      outputs: groups == 1 ? random.integer(1...5) : groups, groups: groups)
  }
}
