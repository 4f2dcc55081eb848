import IRTestSupport
import Lowering
import SpikeIR
import Testing

/// Neurons behind views of a sum, convolutions in groups, and the products and sums of masks.
@Suite struct ViewTests {
  /// A projection of spikes, three channels on four positions, with the lines behind it.
  static func projection(_ lines: String) -> String {
    """
    time_steps = 2
    weight @"w 1 1 3 3" : f32 [1, 1, 3, 3]
    weight @"w 3" : f32 [3]
    input %x : timed real [3, 2, 2]
    %0 = lif %x {tau = 1.5, threshold = 0.5} from "first"
    %1 = conv2d %0, @"w 1 1 3 3" {stride = [1, 1], padding = [0, 0]} from "conv"
    \(lines)
    """
  }

  /// The calls behind the first neurons.
  static func calls(_ lines: String) throws -> [String] {
    let calls = try FusionTests.calls(projection(lines))
    #expect(calls.first == "neuron")
    return Array(calls.dropFirst())
  }

  // MARK: - Neurons

  @Test func neuronsOfTokensAreFusedAndTheWayBackMovesNothing() throws {
    let lines = """
      %2 = affine %1, @"w 3", @"w 3"
      %3 = reshape %2 {shape = [3, 4]}
      %4 = transpose %3
      %5 = lif %4 {tau = 2.0, threshold = 0.25} from "tokens"
      %6 = transpose %5
      %7 = reshape %6 {shape = [3, 2, 2]}
      %8 = conv2d %7, @"w 1 1 3 3" {stride = [1, 1], padding = [0, 0]}
      output %8
      """
    #expect(try Self.calls(lines) == ["convolution", "convolution", "transpose"])
    let plan = try FusionTests.plan(Self.projection(lines))
    let layer = try #require(plan.neurons.last)
    #expect(layer.name == "tokens" && layer.shape == [4, 3] && layer.hasChannelsLast)
    #expect(plan.neurons.map(\.hasChannelsLast) == [false, true])
  }

  @Test(arguments: [
    "if %3 {threshold = 0.25}", "plif %3 {inverse_tau = 0.625, threshold = 0.25}",
  ])
  func neuronsOfEveryKindAreFused(_ neurons: String) throws {
    let lines = """
      %2 = reshape %1 {shape = [3, 4]}
      %3 = transpose %2
      %4 = \(neurons) from "second"
      output %4
      """
    #expect(try Self.calls(lines) == ["convolution", "unpack"])
    let straight = "%4 = \(neurons.replacing("%3", with: "%1")) from \"second\"\noutput %4"
    #expect(try Self.calls(straight) == ["convolution", "unpack", "transpose"])
  }

  @Test func aViewThatSomethingElseReadsKeepsTheSum() throws {
    let lines = """
      %2 = reshape %1 {shape = [3, 4]}
      %3 = transpose %2
      %4 = lif %3 {tau = 2.0, threshold = 0.25} from "tokens"
      %5 = add %3, %4
      output %5
      """
    #expect(try Self.calls(lines) == ["convolution", "neuron", "unpack", "add"])
  }

  @Test func neuronsBehindAViewThatMixesChannelsAndPositionsAreNotFused() throws {
    let lines = """
      %2 = reshape %1 {shape = [2, 6]}
      %3 = lif %2 {tau = 2.0, threshold = 0.25} from "second"
      output %3
      """
    #expect(try Self.calls(lines) == ["convolution", "transpose", "neuron", "unpack"])
  }

  @Test func neuronsOfAttentionMayStandOnTokens() throws {
    let lines = """
      time_steps = 2
      input %x : timed real [6, 4]
      %0 = lif %x {tau = 1.5, threshold = 0.5} from "first"
      %1 = reshape %0 {shape = [2, 3, 4]}
      %2 = matmul %1, %1 {transpose_lhs = false, transpose_rhs = true}
      %3 = matmul %2, %1 {transpose_lhs = true, transpose_rhs = false}
      %4 = scale %3 {factor = 0.125}
      %5 = reshape %4 {shape = [6, 4]}
      %6 = transpose %5
      %7 = lif %6 {tau = 2.0, threshold = 0.125} from "tokens"
      output %7
      """
    #expect(try FusionTests.calls(lines) == ["neuron", "attention", "unpack"])
  }

  // MARK: - Views

  @Test func transposingTwiceMovesNothing() throws {
    let lines = """
      time_steps = 2
      input %x : timed real [3, 4]
      %1 = transpose %x
      %2 = scale %1 {factor = 0.5}
      %3 = transpose %2
      %4 = affine %3, @"w 3", @"w 3"
      output %4
      """
    let weight = "weight @\"w 3\" : f32 [3]\ninput"
    #expect(
      try FusionTests.calls(lines.replacing("input", with: weight))
        == ["scale", "affine", "transpose"])
  }

  @Test func aTransposedResultIsInRowMajorOrderAlready() throws {
    let lines = """
      time_steps = 2
      input %x : timed real [3, 4]
      %1 = transpose %x
      output %1
      """
    #expect(try FusionTests.calls(lines).isEmpty)
  }

  @Test func theRowsOfATransposedValueAsChannelsAreMoved() throws {
    let lines = """
      time_steps = 2
      weight @"w 4" : f32 [4]
      input %x : timed real [3, 4]
      %1 = transpose %x
      %2 = affine %1, @"w 4", @"w 4"
      output %2
      """
    #expect(try FusionTests.calls(lines) == ["transpose", "affine", "transpose"])
  }

  @Test func aTransposedValueIsReshapedOrReadByChannelsInALayoutOfItsOwn() throws {
    // In memory all three are the same; but the calls take channels and positions from the layout.
    let lines = """
      time_steps = 2
      weight @"w 12 2" : f32 [12, 2]
      input %x : timed real [3, 4]
      %1 = transpose %x
      %2 = reshape %1 {shape = [12]}
      %3 = linear %2, @"w 12 2"
      output %3
      """
    #expect(try FusionTests.calls(lines) == ["transpose", "convolution"])
    let column = """
      time_steps = 2
      input %x : timed real [1, 4]
      %1 = transpose %x
      %2 = mean %1
      output %2
      """
    #expect(try FusionTests.calls(column) == ["transpose", "mean positions"])
  }

  // MARK: - Groups and masks

  @Test(arguments: ["spike", "real"])
  func convolutionsInGroupsTakeBitsOrReals(_ domain: String) throws {
    let lines = """
      time_steps = 2
      weight @"w 3 3 1 4" : f32 [3, 3, 1, 4]
      weight @"w 1 1 2 6" : f32 [1, 1, 2, 6]
      weight @"w 4" : f32 [4]
      input %x : timed \(domain) [4, 3, 3]
      %1 = conv2d %x, @"w 3 3 1 4", @"w 4" {stride = [1, 1], padding = [1, 1], groups = 4}
      %2 = conv2d %1, @"w 1 1 2 6" {stride = [2, 2], padding = [0, 0], groups = 2}
      %3 = lif %2 {tau = 2.0, threshold = 0.25} from "lif"
      output %3
      """
    let calls = ["grouped convolution", "grouped convolution", "neuron", "unpack", "transpose"]
    #expect(try FusionTests.calls(lines) == (domain == "spike" ? ["pack"] : []) + calls)
  }

  @Test func paddingBeyondTheKernelIsServed() throws {
    let lines = """
      time_steps = 2
      weight @"w 1 1 3 3" : f32 [1, 1, 3, 3]
      weight @"w 2 2 1 3" : f32 [2, 2, 1, 3]
      weight @"w 3" : f32 [3]
      input %x : timed real [3, 2, 2]
      %1 = conv2d %x, @"w 1 1 3 3", @"w 3" {stride = [1, 2], padding = [2, 3]}
      %2 = lif %1 {tau = 2.0, threshold = 0.25} from "lif"
      %3 = conv2d %2, @"w 1 1 3 3", @"w 3" {stride = [3, 1], padding = [4, 1]}
      %4 = conv2d %3, @"w 2 2 1 3", @"w 3" {stride = [1, 2], padding = [5, 3], groups = 3}
      output %4
      """
    #expect(
      try FusionTests.calls(lines)
        == ["convolution", "convolution", "grouped convolution", "transpose"])
  }

  @Test func masksAreOneSumAndOneProduct() throws {
    let lines = """
      time_steps = 2
      input %x : timed spike [6, 5]
      %1 = reshape %x {shape = [2, 3, 5]}
      %2 = sum %1 {axis = 1}
      %3 = if %2 {threshold = 2.0} from "mask"
      %4 = mul %1, %3
      %5 = complement %4
      output %5
      """
    let plan = try FusionTests.plan(lines)
    let calls = plan.steps.map(\.kernel.name).filter { !["pack", "unpack"].contains($0) }
    #expect(calls == ["transpose", "sum", "neuron", "mul", "complement", "transpose", "output"])
  }
}
