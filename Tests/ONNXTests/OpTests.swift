import SpikeIR
import Testing

/// What each op of the IR is in ONNX.
@Suite struct OpTests {
  /// The operators of one node on an input, without what brings the batch axis and takes it.
  private func operators(
    _ input: String, _ node: String, weights: String = "", steps: Int = 2
  ) throws -> DecodedModel {
    try Sample.decoded(Sample.module(steps: steps, weights: weights, input: input, node))
  }

  @Test func additionIsAdd() throws {
    let model = try operators("timed spike [2]", "%1 = add %input, %input : timed count<2> [2]")
    #expect(model.nodes.map(\.op) == ["Split", "Add", "Add", "Concat"])
    #expect(model.nodes[0].outputs == ["input/t0", "input/t1"])
    #expect(model.nodes[1].inputs == ["input/t0", "input/t0"])
    #expect(model.nodes[2].inputs == ["input/t1", "input/t1"])
    #expect(model.nodes[3].inputs == ["%1/t0/Add", "%1/t1/Add"])
    #expect(model.nodes[3].outputs == ["output"])
    #expect(model.nodes[3].attributes == ["axis": [0]])
  }

  @Test func affineIsAProductAndASumForEachChannel() throws {
    let model = try operators(
      "real [2, 3, 3]", #"%1 = affine %input, @"s", @"b" : real [2, 3, 3] from "conv", "bn""#,
      weights: #"  weight @"s" : f32 [2] = [0.5, 2.0]"# + "\n"
        + #"  weight @"b" : f32 [2] = [0.0, -1.0]"#)
    #expect(model.operatorsBetween == ["Mul", "Add"])
    #expect(model.nodes[1].inputs == ["s", "input/Unsqueeze"])
    #expect(model.nodes[2].inputs == ["bn/Mul", "b"])
    #expect(try model.initializer("s").extents == [2, 1, 1])
    #expect(try model.initializer("b").floats == [0, -1])
  }

  @Test func batchNormIsItsAffine() throws {
    let model = try operators(
      "timed real [1]",
      #"%1 = batch_norm %input, @"w", @"b", @"m", @"v" {epsilon = 0.0} : timed real [1] from "bn""#,
      weights: ["w = 3", "b = 5", "m = 2", "v = 4"].map {
        "  weight @\"\($0.first!)\" : f32 [1] = [\($0.last!).0]"
      }.joined(separator: "\n"))
    #expect(model.operatorsBetween == ["Mul", "Add", "Mul", "Add"])
    #expect(try model.initializer("bn.scale").floats == [1.5])
    #expect(try model.initializer("bn.shift").floats == [2])
    #expect(model.initializers.count == 2, "each once, whatever the steps")
  }

  @Test func complementIsADifferenceFromOne() throws {
    let model = try operators("spike [2]", "%1 = complement %input : spike [2]")
    #expect(model.operatorsBetween == ["Sub"])
    #expect(model.nodes[1].inputs == ["constant/1.0", "input/Unsqueeze"])
    #expect(try model.initializer("constant/1.0").extents == [])
  }

  @Test func convolutionIsConvWithOutputsFirst() throws {
    let model = try operators(
      "real [4, 4, 4]",
      #"%1 = conv2d %input, @"k", @"b" {stride = [2, 1], padding = [0, 1], groups = 2} "#
        + #": real [2, 2, 5] from "c""#,
      weights: #"  weight @"k" : f32 [1, 2, 2, 2] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]"#
        + "\n"
        + #"  weight @"b" : f32 [2] = [0.5, 1.0]"#)
    let conv = try model.node("Conv")
    #expect(conv.inputs == ["input/Unsqueeze", "k", "b"])
    #expect(
      conv.attributes == [
        "kernel_shape": [1, 2], "strides": [2, 1], "pads": [0, 1, 0, 1], "group": [2],
      ])
    #expect(try model.initializer("k").extents == [2, 2, 1, 2])
    #expect(try model.initializer("k").floats == [0, 4, 2, 6, 1, 5, 3, 7])
  }

  @Test func linearIsGemm() throws {
    let model = try operators(
      "spike [2]", #"%1 = linear %input, @"w 2 3" : real [3] from "head""#,
      weights: #"  weight @"w 2 3" : f32 [2, 3]"#)
    #expect(model.operatorsBetween == ["Gemm"])
    #expect(model.nodes[1].inputs == ["input/Unsqueeze", "w 2 3"])
    #expect(model.nodes[1].attributes.isEmpty)
  }

  @Test func matmulExchangesWhatItIsToldTo() throws {
    let model = try operators(
      "spike [2, 3, 4]",
      "%1 = matmul %input, %input {transpose_lhs = false, transpose_rhs = true} "
        + ": count<4> [2, 3, 3]")
    #expect(model.operatorsBetween == ["Transpose", "MatMul"])
    #expect(model.nodes[1].attributes == ["perm": [0, 1, 3, 2]])
    #expect(model.nodes[2].inputs == ["input/Unsqueeze", "%1/Transpose"])
  }

  @Test func maxPoolKeepsItsWindow() throws {
    let model = try operators(
      "spike [2, 8, 8]",
      "%1 = max_pool2d %input {kernel = [3, 2], stride = [2, 2], padding = [1, 0]} "
        + ": spike [2, 4, 4]")
    #expect(
      try model.node("MaxPool").attributes == [
        "kernel_shape": [3, 2], "strides": [2, 2], "pads": [1, 0, 1, 0],
      ])
  }

  @Test func meanIsASumDividedOnce() throws {
    let model = try operators(
      "spike [2, 4, 4]", "%1 = mean %input : fixed<0, 16, 2^-4> [2]")
    #expect(model.operatorsBetween == ["ReduceSum", "Div"])
    #expect(model.nodes[1].attributes == ["keepdims": [0]])
    #expect(try model.initializer(model.nodes[1].inputs[1]).integers == [2, 3])
    #expect(model.nodes[2].inputs[1] == "constant/16.0")
  }

  @Test func meanOfStepsIsASumDividedOnce() throws {
    let model = try operators("timed real [2]", "%1 = mean_steps %input : real [2]", steps: 3)
    #expect(model.nodes.map(\.op) == ["Split", "Sum", "Div", "Squeeze"])
    #expect(model.nodes[1].inputs == ["input/t0", "input/t1", "input/t2"])
    #expect(model.nodes[2].inputs[1] == "constant/3.0")
  }

  @Test func productIsMul() throws {
    let model = try operators("spike [2, 3]", "%1 = mul %input, %input : spike [2, 3]")
    #expect(model.operatorsBetween == ["Mul"])
  }

  @Test func repeatIsNothing() throws {
    let model = try operators("real [2]", "%1 = repeat %input : timed real [2]", steps: 3)
    #expect(model.nodes.map(\.op) == ["Unsqueeze", "Concat"])
    #expect(model.nodes[1].inputs == [String](repeating: "input/Unsqueeze", count: 3))
  }

  @Test func reshapeKeepsTheBatchAxis() throws {
    let model = try operators("spike [2, 6]", "%1 = reshape %input {shape = [3, 4]} : spike [3, 4]")
    #expect(model.operatorsBetween == ["Reshape"])
    #expect(try model.initializer(model.nodes[1].inputs[1]).integers == [1, 3, 4])
  }

  @Test func scaleIsMulByAConstant() throws {
    let model = try operators(
      "count<4> [2]", "%1 = scale %input {factor = 0.125} : fixed<0, 4, 2^-3> [2]")
    #expect(model.nodes[1].inputs == ["input/Unsqueeze", "constant/0.125"])
  }

  @Test func sumKeepsItsAxis() throws {
    let model = try operators(
      "spike [2, 3, 4]", "%1 = sum %input {axis = 1} : count<3> [2, 1, 4]")
    #expect(model.operatorsBetween == ["ReduceSum"])
    #expect(model.nodes[1].attributes == ["keepdims": [1]])
    #expect(try model.initializer(model.nodes[1].inputs[1]).integers == [2])
  }

  @Test func transposeExchangesBehindTheBatchAxis() throws {
    let model = try operators("real [2, 3]", "%1 = transpose %input : real [3, 2]")
    #expect(model.nodes[1].attributes == ["perm": [0, 2, 1]])
  }
}
