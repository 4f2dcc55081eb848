import IRTestSupport
import Lowering
import SpikeIR
import Testing

/// What a plan of the schedule `step` computes once, at every time step and at the end.
@Suite struct StepTests {
  /// The plan of some lines of text, which also run to the Interpreter's bits in either schedule.
  static func plan(_ lines: String) throws -> Plan {
    try Lowering.lower(FusionTests.plan(lines).module, schedule: .step)
  }

  /// The names of the kernels of a phase.
  static func calls(_ plan: Plan, _ phase: Plan.Phase) -> [String] {
    plan.steps[plan.steps(in: phase)].map(\.kernel.name)
  }

  /// The time steps in each layer's buffer of spikes.
  static func stepsOfSpikes(_ plan: Plan) -> [Int] {
    plan.neurons.map { plan.buffer($0.buffer).layout.steps }
  }

  static let classifier = """
    time_steps = 3
    weight @"w 3 3 3 3" : f32 [3, 3, 3, 3]
    weight @"w 1 1 3 3" : f32 [1, 1, 3, 3]
    weight @"w 3 2" : f32 [3, 2]
    input %x : real [3, 4, 4]
    %1 = conv2d %x, @"w 3 3 3 3" {stride = [1, 1], padding = [1, 1]}
    %2 = lif %1 {tau = 1.5, threshold = 0.25} from "encoder"
    %3 = conv2d %2, @"w 1 1 3 3" {stride = [1, 1], padding = [0, 0]}
    %4 = lif %3 {tau = 1.5, threshold = 0.25} from "lif"
    %5 = mean %4
    %6 = mean_steps %5
    %7 = linear %6, @"w 3 2"
    output %7
    """

  @Test func theEncodingOfAStaticImageIsComputedOnce() throws {
    let plan = try Self.plan(Self.classifier)
    #expect(Self.calls(plan, .once) == ["transpose", "convolution"])
    #expect(Self.calls(plan, .everyStep) == ["convolution", "unpack", "mean positions", "add"])
    #expect(Self.calls(plan, .end) == ["divide", "convolution", "output"])
    // Its spikes are there at all steps, in place of its sum and its membranes.
    #expect(Self.stepsOfSpikes(plan) == [3, 1])
    let state = plan.buffers.filter { $0.role != .value }
    #expect(state.map(\.role) == [.membrane, .sum])
    #expect(state.map(\.layout.count) == [48, 3])
    #expect(plan.stateByteCount == 48 * 4 + 64)
  }

  @Test func aStepWithoutModulePathsIsNamedByItsKernel() throws {
    let steps = try Self.plan(Self.classifier).steps
    #expect(steps[1].names == ["encoder"])
    let convolution = try #require(steps.last { $0.kernel.name == "convolution" })
    #expect(convolution.origins.isEmpty && convolution.names == ["convolution 1 x 1"])
    #expect(steps.allSatisfy { !$0.names.isEmpty })
  }

  @Test func framesAreComputedAsTheyCome() throws {
    let plan = try Self.plan(Self.classifier.replacing("%x : real", with: "%x : timed real"))
    #expect(Self.calls(plan, .once) == [])
    #expect(
      Self.calls(plan, .everyStep)
        == ["transpose", "convolution", "convolution", "unpack", "mean positions", "add"])
    #expect(Self.stepsOfSpikes(plan) == [1, 1])
    #expect(plan.buffers.allSatisfy { $0.layout.steps == 1 })
    #expect(plan.buffers.count { $0.role == .membrane } == 2)
  }

  @Test func oneTimeStepKeepsNoMembranes() throws {
    let plan = try Self.plan(
      Self.classifier.replacing("%x : real", with: "%x : timed real")
        .replacing("time_steps = 3", with: "time_steps = 1"))
    #expect(plan.buffers.count { $0.role == .membrane } == 0)
  }

  @Test func aRepetitionIsNoWork() throws {
    let lines = """
      time_steps = 3
      weight @"w 1 1 3 3" : f32 [1, 1, 3, 3]
      input %x : real [3, 2, 2]
      %1 = repeat %x
      %2 = conv2d %1, @"w 1 1 3 3" {stride = [1, 1], padding = [0, 0]}
      %3 = lif %2 {tau = 1.5, threshold = 0.25} from "lif"
      %4 = mean_steps %3
      output %4
      """
    let plan = try Self.plan(lines)
    #expect(Self.calls(plan, .once) == ["transpose"])
    #expect(Self.calls(plan, .everyStep) == ["convolution", "unpack", "add"])
  }

  @Test func whatTheEndNeedsOfEveryStepIsKept() throws {
    // The mean is known when all steps are, and then each is compared with it.
    let lines = """
      time_steps = 4
      input %x : timed real [3, 2, 2]
      %1 = scale %x {factor = 0.5}
      %2 = mean_steps %x
      %3 = scale %2 {factor = -1.0}
      %4 = add %1, %3
      %5 = lif %4 {tau = 1.5, threshold = 0.125} from "lif"
      %6 = mean_steps %5
      output %6
      """
    let plan = try Self.plan(lines)
    #expect(Self.calls(plan, .everyStep) == ["transpose", "scale", "add"])
    #expect(
      Self.calls(plan, .end)
        == ["divide", "scale", "add", "neuron", "unpack", "mean steps", "transpose", "output"])
    let kept = plan.steps(in: .everyStep).flatMap { plan.steps[$0].kernel.touchedBuffers }
      .filter { plan.buffer($0).layout.steps == 4 }
    #expect(Set(kept).count == 1, "the scaled input, and not the input")
    #expect(plan.buffers.count { $0.role == .membrane } == 0, "the neurons see all steps at once")
  }

  @Test func aTimedOutputIsKept() throws {
    let lines = """
      time_steps = 3
      input %x : timed real [3, 2, 2]
      %1 = if %x {threshold = 0.5} from "if"
      output %1
      """
    let plan = try Self.plan(lines)
    #expect(Self.calls(plan, .everyStep) == ["transpose", "neuron"])
    #expect(Self.calls(plan, .end) == ["unpack", "transpose", "output"])
    #expect(Self.stepsOfSpikes(plan) == [3])
  }

  @Test func aStaticSumIsNotFusedToATimedShortcut() throws {
    let lines = """
      time_steps = 3
      weight @"w 1 1 3 3" : f32 [1, 1, 3, 3]
      input %x : real [3, 2, 2]
      %0 = lif %x {tau = 1.5, threshold = 0.5} from "first"
      %1 = conv2d %x, @"w 1 1 3 3" {stride = [1, 1], padding = [0, 0]}
      %2 = add %0, %1
      %3 = lif %2 {tau = 1.5, threshold = 0.5} from "second"
      %4 = mean_steps %3
      output %4
      """
    let plan = try Self.plan(lines)
    #expect(Self.calls(plan, .once) == ["transpose", "neuron", "convolution"])
    #expect(Self.calls(plan, .everyStep) == ["unpack", "add", "neuron", "unpack", "add"])
  }

  @Test func whatDoesNotVaryIsBroughtIntoALayoutOnce() throws {
    let lines = """
      time_steps = 3
      input %x : real [3, 2, 2]
      %1 = lif %x {tau = 1.5, threshold = 0.5} from "lif"
      %2 = matmul %1, %1 {transpose_lhs = false, transpose_rhs = true}
      %3 = mul %2, %x
      %4 = mean_steps %3
      output %4
      """
    let plan = try Self.plan(lines)
    #expect(Self.calls(plan, .once) == ["transpose", "neuron", "transpose"])
    #expect(Self.calls(plan, .everyStep) == ["unpack", "unpack", "matmul", "mul", "add"])
  }

  @Test func anAttentionOfTwoPhasesIsMultiplied() throws {
    let lines = """
      time_steps = 2
      input %x : timed real [6, 1, 5]
      %q = lif %x {tau = 1.0, threshold = 0.25} from "q"
      %k = lif %x {tau = 1.5, threshold = 0.25} from "k"
      %m = mean_steps %x
      %v = lif %m {tau = 1.5, threshold = 0.125} from "v"
      %1 = reshape %q {shape = [2, 3, 5]}
      %2 = reshape %k {shape = [2, 3, 5]}
      %3 = reshape %v {shape = [2, 3, 5]}
      %4 = matmul %1, %2 {transpose_lhs = true, transpose_rhs = false}
      %5 = matmul %3, %4 {transpose_lhs = false, transpose_rhs = true}
      output %5
      """
    #expect(try FusionTests.calls(lines).contains("attention"), "one call, if all is there at once")
    let plan = try Self.plan(lines)
    #expect(Self.calls(plan, .everyStep).filter { $0 == "matmul" } == ["matmul"])
    #expect(Self.calls(plan, .end).filter { $0 == "matmul" } == ["matmul"])
  }

  @Test func aLayerPlanKeepsNothingAndRunsOnce() throws {
    for seed in 0..<100 as Range<UInt64> {
      let plan = try Lowering.lower(ModuleGenerator.module(seed: seed))
      #expect(plan.stateByteCount == 0 && plan.steps(in: .everyStep).isEmpty)
      #expect(plan.buffers.allSatisfy { $0.role == .value || $0.role == .workspace })
    }
  }
}
