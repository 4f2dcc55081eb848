import Diagnostics
import SpikeIR
import Testing

/// The rules of a module that its builder checks beyond the ops' own.
@Suite struct ModuleBuilderTests {
  /// A builder with an input of two channels.
  static func builder() throws -> ModuleBuilder {
    try ModuleBuilder(name: "m", timeSteps: 4, input: ValueType(.real, [2, 1, 1], timed: false))
  }

  /// The id of the diagnostic that `body` throws.
  static func id(_ body: () throws -> Void) throws -> String {
    try #require(throws: Diagnostic.self) { try body() }.id
  }

  @Test(arguments: [Int.min, 0, ModuleBuilder.maximumTimeSteps + 1])
  func timeStepsAreBounded(_ steps: Int) throws {
    let input = ValueType(.real, [1], timed: false)
    #expect(
      try Self.id { _ = try ModuleBuilder(name: "m", timeSteps: steps, input: input) }
        == "time-steps")
  }

  @Test(arguments: [[0], [-1], [-1, -1], [1 << 35], [.max, .max], [1 << 32, 1 << 32]])
  func shapesAreBounded(_ extents: [Int]) throws {
    let input = ValueType(.real, Shape(extents), timed: false)
    #expect(
      try Self.id { _ = try ModuleBuilder(name: "m", timeSteps: 1, input: input) }
        == "invalid-shape")
  }

  @Test func domainOfTheInputIsChecked() throws {
    let input = ValueType(.count(1), [1], timed: false)
    #expect(
      try Self.id { _ = try ModuleBuilder(name: "m", timeSteps: 1, input: input) }
        == "invalid-domain")
  }

  @Test func namesOfWeightsAreUnique() throws {
    var builder = try Self.builder()
    let first = try builder.add(Weight("w", [1], [1]))
    #expect(try Self.id { _ = try builder.add(Weight("w", [2], [1, 2])) } == "duplicate-weight")
    #expect(builder.weight(first).shape == [1])
  }

  @Test func operandsAndWeightsMustExist() throws {
    var builder = try Self.builder()
    for value in [-1, 1, .max, .min] {
      #expect(
        try Self.id { _ = try builder.append(.repeat(Repeat()), [ValueID(value)], from: []) }
          == "undefined-value")
      #expect(try Self.id { _ = try builder.finish(output: ValueID(value)) } == "undefined-value")
    }
    for weight in [-1, 0, .max] {
      #expect(
        try Self.id {
          _ = try builder.append(
            .linear(Linear()), [.input], weights: [WeightID(weight)], from: [])
        } == "undefined-weight")
    }
  }

  @Test func errorsOfNodesNameTheirOrigin() throws {
    var builder = try Self.builder()
    let error = try #require(throws: Diagnostic.self) {
      _ = try builder.meanSteps(.input, from: "head\n")
    }
    #expect(error.location.description == "%1 head\\x0A")
    #expect(error.id == "mean_steps-c1")
  }

  @Test func lastMetadataStays() throws {
    var builder = try Self.builder()
    builder.setMetadata("a", "1")
    builder.setMetadata("b", "2")
    builder.setMetadata("a", "3")
    let module = try builder.finish(output: .input)
    #expect(module.metadata.map(\.key) == ["b", "a"])
    #expect(module.metadata("a") == "3")
    #expect(module.metadata("c") == nil)
  }

  @Test func moduleAnswersForItsValues() throws {
    var builder = try Self.builder()
    let timed = try builder.repeat(.input, from: "in")
    let sum = try builder.add(timed, timed, from: "sum")
    #expect(try builder.reshape(sum, [2, 1, 1], from: "same") == sum)
    let module = try builder.finish(output: sum)
    #expect(module.users == [[timed], [sum, sum], []])
    #expect(module.type(of: sum).count(steps: 4) == 8)
    #expect(module.definition(of: .input) == nil)
    #expect(module.place(of: sum).description == "%2 sum")
    #expect(Array(module.definitions.map(\.value)) == [timed, sum])
    try module.verifyStructure()
    #expect(ModuleBuilder(like: module).timeSteps == 4)
  }

  @Test func valuesAreLimitedOverAllSteps() throws {
    var builder = try Self.builder()
    let timed = try builder.repeat(.input, from: "in")
    let module = try builder.finish(output: timed)
    try module.requireValues(of: 8)
    let error = try #require(throws: Diagnostic.self) { try module.requireValues(of: 7) }
    #expect(error.id == "too-large")
    #expect(error.location.description == "%1 in")
  }

  @Test func layersOfNeuronsHaveNamesOfTheirOwn() throws {
    var builder = try ModuleBuilder(
      name: "m", timeSteps: 2, input: ValueType(.real, [1], timed: false))
    let first = try builder.lif(.input, tau: 2, from: "a")
    let unnamed = try builder.append(.lif(LIF(tau: 2, threshold: 1)), [first], from: [])
    #expect(try Self.id { _ = try builder.lif(first, tau: 2, from: "a") } == "duplicate-neuron")
    let module = try builder.finish(output: unnamed)
    #expect(module.neurons.map(\.name) == ["a", "%2"])
  }

  @Test func batchNormNeedsAPositiveSpread() throws {
    let norm = BatchNorm(epsilon: 0)
    #expect(
      try Self.id {
        _ = try norm.scaleAndShift(weight: [1], bias: [0], mean: [0], variance: [0])
      } == "batch_norm-c4")
    for (weight, variance) in [(Float(1e30), Float(1e-30)), (-1e38, 1e-10)] {
      #expect(
        try Self.id {
          _ = try norm.scaleAndShift(weight: [weight], bias: [0], mean: [1], variance: [variance])
        } == "batch_norm-c5")
    }
    let pairs = try BatchNorm(epsilon: 1).scaleAndShift(
      weight: [3], bias: [1], mean: [2], variance: [8])
    #expect(pairs.map(\.scale) == [1] && pairs.map(\.shift) == [-1])
  }

  @Test func factoriesAppendTheirOps() throws {
    var builder = try Self.builder()
    let kernel = try builder.add(Weight("k", [1, 1, 2, 2], [1, 2, 3, 4]))
    let two = try builder.add(Weight("two", [2], [1, 2]))
    let square = try builder.add(Weight("square", [2, 2], [1, 2, 3, 4]))
    var value = try builder.conv2d(.input, kernel: kernel, bias: two, from: "conv")
    value = try builder.batchNorm(value, [two, two, two, two], from: "bn")
    value = try builder.affine(value, scale: two, shift: two, from: ["a", "b"])
    value = try builder.lif(value, tau: 2, from: "lif")
    value = try builder.maxPool2d(
      value, kernel: [1, 1], stride: [1, 1], padding: [0, 0], from: "pool")
    value = try builder.matmul(value, value, from: "matmul")
    value = try builder.scale(value, by: 0.5, from: "scale")
    value = try builder.mean(value, from: "mean")
    value = try builder.linear(value, weight: square, bias: two, from: "linear")
    value = try builder.meanSteps(value, from: "mean_steps")
    let module = try builder.finish(output: value)
    #expect(
      module.nodes.map(\.op.definition.mnemonic) == [
        "conv2d", "batch_norm", "affine", "lif", "max_pool2d", "matmul", "scale", "mean", "linear",
        "mean_steps",
      ])
    #expect(module.type(of: value) == ValueType(.real, [2], timed: false))
  }
}
