import IRTestSupport
import Interpreter
import SpikeIR
import Testing

/// `lif`: the membranes, step by step.
@Suite struct NeuronTests {
  /// One layer of neurons on a timed input.
  static func module(steps: Int, tau: Double, threshold: Double) throws -> Module {
    var builder = try ModuleBuilder(
      name: "neuron", timeSteps: steps, input: ValueType(.real, [1], timed: true))
    let spikes = try builder.lif(.input, tau: tau, threshold: threshold, from: "lif")
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

  @Test func forcedSpikesDecideTheResets() throws {
    let module = try Self.module(steps: 4, tau: 1, threshold: 1)
    let result = try Self.run(module, [2, 3, 0, 0], forcing: [0, 1, 1, 0])
    #expect(result.spikes == [1, 1, 0, 0])
    #expect(result.output == [0, 1, 1, 0])
    let slow = try Self.module(steps: 3, tau: 2, threshold: 1)
    // Unforced, the first step would reset: the second membrane would be 0.
    #expect(try Self.run(slow, [4, 0, 0], forcing: [0, 1, 0]).membrane == [2, 1, 0])
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
