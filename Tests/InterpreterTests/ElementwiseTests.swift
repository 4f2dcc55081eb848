import IRTestSupport
import Testing

/// `add`, `affine`, `batch_norm`, `complement`, `mul`, `scale`, `repeat`, `reshape` and `transpose`.
@Suite struct ElementwiseTests {
  @Test func staticOperandsAreAddedAtEveryStep() throws {
    let lines = """
      time_steps = 2
      input %x : timed real [2]
      %mean = mean_steps %x
      %y = add %x, %mean
      output %y
      """
    #expect(try evaluate(lines, on: [1, 10, 3, 30]) == [3, 30, 5, 50])
  }

  @Test func sumsAreRounded() throws {
    let lines = """
      time_steps = 1
      weight @"one" : f32 [1] = [1.0]
      weight @"shift" : f32 [1] = [1.0]
      input %x : real [1]
      %shifted = affine %x, @"one", @"shift"
      %y = add %shifted, %x
      output %y
      """
    // 2^24 + 1 rounds to 2^24.
    #expect(try evaluate(lines, on: [big]) == [2 * big])
  }

  @Test func affineRoundsTwice() throws {
    let lines = """
      time_steps = 1
      weight @"scale" : f32 [2] = [1.000244140625, 2.0]
      weight @"shift" : f32 [2] = [-1.00048828125, 1.0]
      input %x : real [2, 2]
      %y = affine %x, @"scale", @"shift"
      output %y
      """
    // (1 + 2^-12)^2 loses its last bit, 2^-24, before 1 + 2^-11 is subtracted.
    #expect(try evaluate(lines, on: [1.000_244_140_625, 1, 3, -3]) == [0, -0x1p-12, 7, -5])
  }

  @Test func batchNormUsesTheScaleBeforeItIsRounded() throws {
    let lines = """
      time_steps = 1
      weight @"weight" : f32 [1] = [1.0]
      weight @"bias" : f32 [1] = [0.0]
      weight @"mean" : f32 [1] = [5.0]
      weight @"variance" : f32 [1] = [2.0]
      input %x : real [1]
      %y = batch_norm %x, @"weight", @"bias", @"mean", @"variance" {epsilon = 1.0}
      output %y
      """
    // -5 / sqrt(3) in binary64 is -2.88675134595; from the rounded scale it would be -2.8867512.
    #expect(try evaluate(lines, on: [0]) == [-2.886_751_4])
    #expect(Float(5) * Float(1 / 3.0.squareRoot()) == 2.886_751_2)
  }

  @Test func batchNormComputesBeforeItRounds() throws {
    let lines = """
      time_steps = 1
      weight @"weight" : f32 [1] = [3.0]
      weight @"bias" : f32 [1] = [1.0]
      weight @"mean" : f32 [1] = [2.0]
      weight @"variance" : f32 [1] = [4.0]
      input %x : real [1]
      %y = batch_norm %x, @"weight", @"bias", @"mean", @"variance" {epsilon = 0.0}
      output %y
      """
    #expect(try evaluate(lines, on: [4]) == [4])
  }

  @Test func variancesMustBePositive() throws {
    let lines = """
      time_steps = 1
      weight @"v" : f32 [1] = [0.0]
      input %x : real [1]
      %y = batch_norm %x, @"v", @"v", @"v", @"v" {epsilon = 0.0}
      output %y
      """
    #expect(throws: (any Error).self) { try evaluate(lines, on: [4]) }
  }

  @Test func complementIsOneRoundedDifference() throws {
    let lines = """
      time_steps = 1
      input %x : real [5]
      %y = complement %x
      output %y
      """
    // 1 + 2^24 rounds to 2^24; the complement of 1 is +0.
    let result = try evaluate(lines, on: [0, 1, 3, -big, 0.25])
    #expect(result.bits == [1, 0, -2, big, 0.75].bits)
  }

  @Test func complementOfSpikesIsTheirNot() throws {
    let lines = """
      time_steps = 2
      input %x : timed spike [2]
      %y = complement %x
      output %y
      """
    #expect(try evaluate(lines, on: [0, 1, 1, 1]).bits == [1, 0, 0, 0].bits)
  }

  @Test func productsAreRoundedElementByElement() throws {
    let lines = """
      time_steps = 2
      input %x : timed real [2]
      %mean = mean_steps %x
      %y = mul %x, %mean
      output %y
      """
    // The mean is [2, -10]: a static operand is seen at every step.
    #expect(try evaluate(lines, on: [1, -20, 3, 0]).bits == [2, 200, 6, -0.0].bits)
  }

  /// What each element meets where the sums along an axis are 5, 7, 9 or 6, 15.
  @Test(arguments: [(0, [5, 7, 9, 5, 7, 9]), (1, [6, 6, 6, 15, 15, 15])] as [(Int, [Float])])
  func oneElementMeetsAllOfItsAxis(_ axis: Int, _ sums: [Float]) throws {
    let lines = """
      time_steps = 1
      input %x : real [2, 3]
      %s = sum %x {axis = \(axis)}
      %y = mul %x, %s
      output %y
      """
    let input: [Float] = [1, 2, 3, 4, 5, 6]
    #expect(try evaluate(lines, on: input) == zip(input, sums).map { $0 * $1 })
  }

  @Test func theMiddleAxisMayBeShared() throws {
    let lines = """
      time_steps = 1
      input %x : count<8> [2, 2, 2]
      %s = sum %x {axis = 1}
      %y = mul %x, %s
      output %y
      """
    // The sums are [[4, 6], [12, 14]].
    #expect(
      try evaluate(lines, on: [1, 2, 3, 4, 5, 6, 7, 8]) == [4, 12, 12, 24, 60, 84, 84, 112])
  }

  @Test func scaleIsOneProduct() throws {
    let lines = """
      time_steps = 1
      input %x : real [3]
      %y = scale %x {factor = 0.10000000149011612}
      output %y
      """
    #expect(try evaluate(lines, on: [3, -10, 0]) == [Float(0.1) * 3, -1, 0])
  }

  @Test func repeatGivesEveryStepTheSlice() throws {
    let lines = """
      time_steps = 3
      input %x : real [2]
      %y = repeat %x
      output %y
      """
    #expect(try evaluate(lines, on: [1, 2]) == [1, 2, 1, 2, 1, 2])
  }

  @Test func reshapeKeepsTheRowMajorOrder() throws {
    let lines = """
      time_steps = 1
      weight @"scale" : f32 [3] = [1.0, 10.0, 100.0]
      weight @"zero" : f32 [3] = [0.0, 0.0, 0.0]
      input %x : real [2, 3]
      %r = reshape %x {shape = [3, 2]}
      %y = affine %r, @"scale", @"zero"
      output %y
      """
    #expect(try evaluate(lines, on: [1, 2, 3, 4, 5, 6]) == [1, 2, 30, 40, 500, 600])
  }

  @Test func transposeExchangesTheAxesOfEveryStep() throws {
    let lines = """
      time_steps = 2
      input %x : timed real [2, 3]
      %y = transpose %x
      output %y
      """
    #expect(
      try evaluate(lines, on: [1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6])
        == [1, 4, 2, 5, 3, 6, -1, -4, -2, -5, -3, -6])
  }
}
