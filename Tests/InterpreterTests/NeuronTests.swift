import IRTestSupport
import Interpreter
import SpikeIR
import Testing

/// `lif`, `if` and `plif`: the membranes, step by step.
@Suite struct NeuronTests {
  /// One layer of neurons on a timed input.
  static func module(steps: Int, tau: Double, threshold: Double) throws -> Module {
    var builder = try ModuleBuilder(
      name: "neuron", timeSteps: steps, input: ValueType(.real, [1], timed: true))
    let spikes = try builder.lif(.input, tau: tau, threshold: threshold, from: "lif")
    return try builder.finish(output: spikes)
  }

  /// One layer of neurons that do not leak.
  static func integrating(steps: Int, threshold: Double) throws -> Module {
    var builder = try ModuleBuilder(
      name: "neuron", timeSteps: steps, input: ValueType(.real, [1], timed: true))
    let spikes = try builder.if(.input, threshold: threshold, from: "lif")
    return try builder.finish(output: spikes)
  }

  /// One layer of neurons whose time constant was learned.
  static func learned(steps: Int, inverseTau: Float, threshold: Float) throws -> Module {
    var builder = try ModuleBuilder(
      name: "neuron", timeSteps: steps, input: ValueType(.real, [1], timed: true))
    let spikes = try builder.plif(
      .input, inverseTau: Double(inverseTau), threshold: Double(threshold), from: "lif")
    return try builder.finish(output: spikes)
  }

  /// The membranes before their reset, and the spikes.
  static func run(
    _ module: Module, _ input: [Float], forcing spikes: [Float]? = nil
  ) throws -> (membrane: [Float], spikes: [Float], output: [Float]) {
    var layers: [Interpreter.NeuronLayer] = []
    let output = try Interpreter(module).run(
      sample(input, of: module), forcing: { $0 == "lif" ? spikes : nil },
      observing: { layers.append($0) })
    let layer = try #require(layers.first)
    #expect(layers.count == 1 && layer.name == "lif")
    return (layer.membrane.values, layer.spikes.values, output.values)
  }

  @Test func membranesLeakAndResetToZero() throws {
    let result = try Self.run(Self.module(steps: 4, tau: 2, threshold: 1), [4, 1, 1, 3])
    // 2 fires and resets to 0, not to 1; then 0.5, 0.75 and 0.75 + (3 - 0.75) / 2.
    #expect(result.membrane == [2, 0.5, 0.75, 1.875])
    #expect(result.spikes == [1, 0, 0, 1])
    #expect(result.output == result.spikes)
  }

  @Test func theThresholdItselfFires() throws {
    let module = try Self.module(steps: 2, tau: 2, threshold: 1)
    #expect(try Self.run(module, [2, Float(2).nextDown]).spikes == [1, 0])
  }

  @Test func tauDividesAndIsNoFactor() throws {
    let threshold = Double(Float(0.6))
    let module = try Self.module(steps: 1, tau: 1.5, threshold: threshold)
    // 0.9 / 1.5 rounds to a number below 0.6, and 0.9 * (1 / 1.5) to one that is not.
    #expect(try Self.run(module, [0.9]).spikes == [0])
    #expect(Float(0.9) * (1 / Float(1.5)) >= Float(0.6))
  }

  @Test func differenceIsTakenBeforeTheQuotient() throws {
    let module = try Self.module(steps: 2, tau: 3, threshold: 9)
    let first = Float(1) / 3
    #expect(try Self.run(module, [1, 2]).membrane == [first, first + (2 - first) / 3])
  }

  @Test func integratingNeuronsDoNotLeak() throws {
    let result = try Self.run(
      Self.integrating(steps: 5, threshold: 1), [0.5, 0.25, 0.25, -1, 3.5])
    // At 1, the threshold itself, it fires and resets; the rest of 2.5 over it is lost, too.
    #expect(result.membrane == [0.5, 0.75, 1, -1, 2.5])
    #expect(result.spikes == [0, 0, 1, 0, 1])
    #expect(result.output == result.spikes)
  }

  @Test func integratedSumsAreRounded() throws {
    let module = try Self.integrating(steps: 3, threshold: 0x1p30)
    // 2^24 + 1 rounds to 2^24, twice.
    #expect(try Self.run(module, [big, 1, 1]).membrane == [big, big, big])
  }

  @Test func learnedInversesMultiply() throws {
    let module = try Self.learned(steps: 1, inverseTau: 1 / 1.5, threshold: 0.6)
    // 0.9 / 1.5 rounds to a number below 0.6, and 0.9 * (1 / 1.5) to one that is not.
    #expect(try Self.run(module, [0.9]).spikes == [1])
  }

  @Test func learnedNeuronsLeakAndResetToZero() throws {
    let module = try Self.learned(steps: 4, inverseTau: 0.75, threshold: 1)
    let result = try Self.run(module, [1, 0, 4, 1])
    // 0.75, then 0.75 - 0.75 * 0.75, then 0.1875 + (4 - 0.1875) * 0.75, which fires.
    #expect(result.membrane == [0.75, 0.1875, 3.046_875, 0.75])
    #expect(result.spikes == [0, 0, 1, 0])
  }

  @Test func learnedProductsAreRoundedBeforeTheyAreAdded() throws {
    let inverse = Float(0.3)
    let module = try Self.learned(steps: 2, inverseTau: inverse, threshold: 9)
    let first = 1.1 * inverse
    let change = (2.3 - first) * inverse
    #expect(try Self.run(module, [1.1, 2.3]).membrane == [first, first + change])
  }

  @Test func forcedSpikesDecideTheResets() throws {
    let module = try Self.module(steps: 4, tau: 1, threshold: 1)
    let result = try Self.run(module, [2, 3, 0, 0], forcing: [0, 1, 1, 0])
    #expect(result.spikes == [1, 1, 0, 0])
    #expect(result.output == [0, 1, 1, 0])
    let slow = try Self.module(steps: 3, tau: 2, threshold: 1)
    // Unforced, the first step would reset: the second membrane would be 0.
    #expect(try Self.run(slow, [4, 0, 0], forcing: [0, 1, 0]).membrane == [2, 1, 0])
    let sums = try Self.integrating(steps: 3, threshold: 1)
    #expect(try Self.run(sums, [4, 1, 1], forcing: [0, 1, 0]).membrane == [4, 5, 1])
  }

  @Test func staticInputsAreSeenAtEveryStep() throws {
    let lines = """
      time_steps = 4
      input %x : real [2]
      %y = lif %x {tau = 2.0, threshold = 1.0}
      output %y
      """
    // 0.6875 of 1.1 after 3 steps is not enough, 0.9375 of it is: 0.55, 0.825, 0.9625, 1.03.
    #expect(try evaluate(lines, on: [1.1, 2]) == [0, 1, 0, 1, 0, 1, 1, 1])
  }
}
