import Engine
import IRTestSupport
import Interpreter
import Lowering
import ModelTestSupport
import Passes
import SpikeIR
import Testing

/// What becomes one call of a kernel, and what does not.
@Suite struct FusionTests {
  /// The plan of some lines of text, which runs to the Interpreter's bits on a random sample.
  static func plan(_ lines: String) throws -> Plan {
    let module = try Module(
      parsing: "snnir 1\nmodule @\"case\" {\n\(lines)\n}",
      weights: seededWeight)
    let plan = try Lowering.lower(module)
    let stepwise = try Engine(Lowering.lower(module, schedule: .step))
    var random = SeededRandom(1)
    for _ in 0..<4 {
      let input = random.sample(of: module)
      let steps = module.input.isTimed ? module.timeSteps : 1
      let expected = try Interpreter(module).run(Tensor(module.input.shape, steps: steps, input))
      #expect(try Engine(plan).run(input).bits == expected.values.bits)
      #expect(stepwise.run(input).bits == expected.values.bits)
    }
    return plan
  }

  /// The calls between the transposition of the input and the copy of the output.
  static func calls(_ lines: String) throws -> [String] {
    let names = try plan(lines).steps.map(\.kernel.name)
    #expect(names.first == "transpose" && names.last == "output")
    return Array(names.dropFirst().dropLast())
  }

  // MARK: - Weighted sums

  @Test func aBlockOfSpikingformerIsEightCalls() throws {
    let module = try Pipeline.standard.run(on: ModelFixture.all[0].module())
    let steps = try Lowering.lower(module).steps.filter { step in
      step.origins.contains { $0.hasPrefix("block.0.") }
    }
    #expect(
      steps.map(\.kernel.name) == [
        // The first neurons of a block stand behind the tokenizer's last convolution.
        "convolution", "convolution", "convolution", "convolution", "attention",
        "convolution", "convolution", "convolution",
      ])
    let projection = try #require(
      steps.first { $0.origins.contains("block.0.attn.proj_conv") })
    guard case .convolution(let call) = projection.kernel else { return }
    #expect(call.affine != nil && call.residual != nil && call.neuron?.threshold == 1)
    #expect(call.realOutput != nil && call.spikesOutput != nil, "the shortcut goes on")
    #expect(
      projection.origins == [
        "block.0.attn.proj_conv", "block.0.attn.proj_bn", "block.0.attn", "block.0.mlp.mlp1_lif",
      ])
    let query = try #require(steps.first { $0.origins.contains("block.0.attn.q_conv") })
    guard case .convolution(let call) = query.kernel else { return }
    #expect(call.realOutput == nil, "only neurons read the sum, so that it is never stored")
  }

  @Test func aSumWithTwoReadersIsStored() throws {
    let lines = """
      time_steps = 2
      weight @"w 1 1 3 3" : f32 [1, 1, 3, 3]
      input %x : timed spike [3, 2, 2]
      %1 = conv2d %x, @"w 1 1 3 3" {stride = [1, 1], padding = [0, 0]}
      %2 = lif %1 {tau = 2.0, threshold = 0.25} from "lif"
      %3 = add %1, %2
      output %3
      """
    #expect(try Self.calls(lines) == ["pack", "convolution", "unpack", "add", "transpose"])
  }

  @Test func aShortcutThatIsComputedLaterIsAddedLater() throws {
    let lines = """
      time_steps = 2
      weight @"w 1 1 3 3" : f32 [1, 1, 3, 3]
      input %x : timed real [3, 2, 2]
      %1 = conv2d %x, @"w 1 1 3 3" {stride = [1, 1], padding = [0, 0]}
      %2 = scale %x {factor = 0.5}
      %3 = add %1, %2
      %4 = lif %3 {tau = 2.0, threshold = 0.25} from "lif"
      output %4
      """
    #expect(
      try Self.calls(lines) == ["convolution", "scale", "add", "neuron", "unpack", "transpose"])
  }

  @Test func timedShortcutsAreAddedToStaticSums() throws {
    let lines = """
      time_steps = 3
      weight @"w 1 1 3 3" : f32 [1, 1, 3, 3]
      input %x : real [3, 2, 2]
      %0 = lif %x {tau = 1.5, threshold = 0.5} from "first"
      %1 = conv2d %x, @"w 1 1 3 3" {stride = [1, 1], padding = [0, 0]}
      %2 = add %0, %1
      %3 = lif %2 {tau = 1.5, threshold = 0.5} from "second"
      output %3
      """
    #expect(
      try Self.calls(lines) == ["neuron", "unpack", "convolution", "unpack", "transpose"])
  }

  @Test func twoNormsBehindASumAreTwoCalls() throws {
    let lines = """
      time_steps = 1
      weight @"w 3 3" : f32 [3, 3]
      weight @"w 3" : f32 [3]
      input %x : real [3]
      %1 = linear %x, @"w 3 3"
      %2 = affine %1, @"w 3", @"w 3"
      %3 = affine %2, @"w 3", @"w 3"
      output %3
      """
    #expect(try Self.calls(lines) == ["convolution", "affine"])
  }

  @Test func spikesThatLieAsRealsArePacked() throws {
    let lines = """
      time_steps = 2
      weight @"w 1 1 3 70" : f32 [1, 1, 3, 70]
      input %x : timed spike [3, 1, 1]
      %1 = matmul %x, %x {transpose_lhs = false, transpose_rhs = true}
      %2 = conv2d %1, @"w 1 1 3 70" {stride = [1, 1], padding = [0, 0]}
      output %2
      """
    #expect(try Self.calls(lines) == ["matmul", "pack", "convolution"])
  }

  @Test func countsAreConvolvedAsReals() throws {
    let lines = """
      time_steps = 2
      weight @"w 1 1 3 3" : f32 [1, 1, 3, 3]
      input %x : timed spike [3, 2, 2]
      %1 = add %x, %x
      %2 = conv2d %1, @"w 1 1 3 3" {stride = [1, 1], padding = [0, 0]}
      output %2
      """
    let plan = try Self.plan(lines)
    let inputs = plan.steps.compactMap { step in
      if case .convolution(let call) = step.kernel { plan.buffer(call.input).layout } else { nil }
    }
    #expect(inputs.map(\.isBits) == [false])
  }

  // MARK: - Other ops

  @Test func poolsOfRealsAndOfSpikes() throws {
    let lines = """
      time_steps = 2
      input %x : timed real [3, 4, 4]
      %1 = max_pool2d %x {kernel = [2, 2], stride = [2, 2], padding = [1, 1]}
      %2 = lif %1 {tau = 1.5, threshold = 0.25} from "lif"
      %3 = max_pool2d %2 {kernel = [2, 2], stride = [1, 1], padding = [0, 0]}
      output %3
      """
    let plan = try Self.plan(lines)
    let pools = plan.steps.compactMap { step in
      if case .maxPool(let input, _, _) = step.kernel { plan.buffer(input).layout } else { nil }
    }
    #expect(pools.map(\.isBits) == [false, true])
  }

  @Test func meansOverStepsOfARepetitionAreComputed() throws {
    let lines = """
      time_steps = 3
      input %x : real [3]
      %1 = repeat %x
      %2 = mean_steps %1
      output %2
      """
    #expect(try Self.calls(lines) == ["repeat", "mean steps"])
  }

  @Test func aReshapeThatMixesChannelsWithPositionsGoesThroughRowMajorOrder() throws {
    let lines = """
      time_steps = 2
      weight @"w 2" : f32 [2]
      weight @"w 6" : f32 [6]
      input %x : timed real [2, 3, 4]
      %1 = affine %x, @"w 2", @"w 2"
      %2 = reshape %1 {shape = [6, 4]}
      %3 = affine %2, @"w 6", @"w 6"
      output %3
      """
    #expect(
      try Self.calls(lines)
        == ["affine", "transpose", "transpose", "affine", "transpose"])
  }

  @Test func valuesWithoutAxesAreRun() throws {
    #expect(
      try Self.calls(
        """
        time_steps = 2
        input %x : real []
        %1 = scale %x {factor = 0.5}
        output %1
        """) == ["scale"])
    let plan = try Self.plan(
      """
      time_steps = 2
      input %x : timed spike [1, 1, 1]
      %1 = matmul %x, %x {transpose_lhs = true, transpose_rhs = false}
      %2 = matmul %x, %1 {transpose_lhs = false, transpose_rhs = true}
      %3 = reshape %2 {shape = []}
      output %3
      """)
    #expect(plan.steps.count >= 3)
  }

  @Test func everyKernelIsReached() throws {
    var names: Set<String> = []
    for seed in 0..<200 as Range<UInt64> {
      for schedule in Schedule.allCases {
        let plan = try Lowering.lower(ModuleGenerator.module(seed: seed), schedule: schedule)
        names.formUnion(plan.steps.map(\.kernel.name))
      }
    }
    #expect(
      names == [
        "convolution", "grouped convolution", "attention", "neuron", "max pool", "add", "mul",
        "sum", "complement", "divide", "scale", "affine", "mean positions", "mean steps", "repeat",
        "unpack", "pack", "transpose", "matmul", "output",
      ])
  }
}
