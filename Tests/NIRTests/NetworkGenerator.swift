import Diagnostics
import IRTestSupport
import SpikeIR

/// Makes small networks of the ops that NIR carries, with shortcuts; a seed determines each.
struct NetworkGenerator {
  private var random: SeededRandom
  private var builder: ModuleBuilder
  private var images: [ValueID] = [.input]
  private var nextName = 0

  /// Makes the network of `seed`: parts that keep three axes, then one output a class.
  static func module(seed: UInt64) throws(Diagnostic) -> Module {
    var generator = try NetworkGenerator(seed: seed)
    for _ in 0..<generator.random.integer(3...12) { try generator.grow() }
    let output = try generator.head()
    return try generator.builder.finish(output: output)
  }

  private init(seed: UInt64) throws(Diagnostic) {
    random = SeededRandom(seed)
    let shape = Shape([random.integer(1...3), random.integer(3...6), random.integer(3...6)])
    let domain = random.one(of: [Domain.real, .spike])
    builder = try ModuleBuilder(
      name: "network \(seed)", timeSteps: random.integer(1...4),
      input: ValueType(domain, shape, timed: random.integer(0...1) == 1))
  }

  private mutating func name() -> String {
    nextName += 1
    return "n\(nextName)"
  }

  private mutating func weight(_ shape: Shape) throws(Diagnostic) -> WeightID {
    let numbers = (0..<shape.count).map { _ in random.real() }
    return try builder.add(Weight(name(), shape, numbers))
  }

  /// Appends a part behind one that is there, the latest as often as all others.
  private mutating func grow() throws(Diagnostic) {
    let input = random.integer(0...1) == 0 ? images[images.count - 1] : random.one(of: images)
    let type = builder.type(of: input)
    switch random.integer(0...6) {
    case 0, 1: images.append(try fire(input))
    case 2: images.append(try convolve(input, type.shape))
    case 3:
      let weights = try [weight([type.shape[0]]), weight([type.shape[0]])]
      images.append(
        try builder.affine(input, scale: weights[0], shift: weights[1], from: [name()]))
    case 4: images.append(try builder.scale(input, by: random.one(of: [0.5, 1, -3]), from: name()))
    case 5 where type.domain == .spike && type.shape[1] > 1 && type.shape[2] > 1:
      images.append(
        try builder.append(
          .maxPool2d(MaxPool2D(kernel: [2, 2], stride: [1, 1], padding: [1, 0])), [input],
          from: [name()]))
    default:
      let builder = builder
      let other = random.one(of: images.filter { builder.type(of: $0).shape == type.shape })
      images.append(try self.builder.append(.add(Add()), [input, other], from: [name()]))
    }
  }

  private mutating func convolve(
    _ input: ValueID, _ shape: Shape
  ) throws(Diagnostic) -> ValueID {
    let groups = random.one(of: [1, shape[0]])
    let kernel = [random.integer(1...3), random.integer(1...3)]
    let outputs = shape[0] * random.integer(1...2)
    let weight = try weight([kernel[0], kernel[1], shape[0] / groups, outputs])
    let bias = random.integer(0...1) == 0 ? nil : try self.weight([outputs])
    return try builder.conv2d(
      input, kernel: weight, bias: bias, stride: [random.integer(1...2), 1],
      padding: [1, random.integer(1...2)], groups: groups, from: name())
  }

  private mutating func fire(_ input: ValueID) throws(Diagnostic) -> ValueID {
    switch random.integer(0...2) {
    case 0: try builder.if(input, threshold: 0.75, from: name())
    case 1: try builder.lif(input, tau: 1.5, threshold: 0.25, from: name())
    default:
      try builder.append(
        .plif(PLIF(inverseTau: 0.5, threshold: 0.5)), [input], from: [name()])
    }
  }

  /// A class's output: of the mean of each channel, or of all elements.
  private mutating func head() throws(Diagnostic) -> ValueID {
    let image = images[images.count - 1]
    let shape = builder.type(of: image).shape
    let features =
      random.integer(0...1) == 0
      ? try builder.mean(image, from: name())
      : try builder.reshape(image, [shape.count], from: name())
    let weight = try weight([builder.type(of: features).shape[0], 3])
    let output = try builder.append(
      .linear(Linear()), [features], weights: [weight], from: [name()])
    return try fire(output)
  }
}
