import IRTestSupport
import Testing

/// `conv2d` and `linear`: which terms there are, and in which order they are added.
///
/// `(big - big) + 1` is 1, and `(big + 1) - big` is 0.
@Suite struct WeightedSumTests {
  /// The sum over a window of 2 x 2 x 2 elements with weights of 1.
  static let window = """
    time_steps = 1
    weight @"w" : f32 [2, 2, 2, 1] = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    input %x : real [2, 2, 2]
    %y = conv2d %x, @"w" {stride = [1, 1], padding = [0, 0]}
    output %y
    """

  @Test func channelsAreInnermost() throws {
    // [channel][row][column]: the two channels of the first tap come before the second tap.
    #expect(try evaluate(Self.window, on: [big, 1, 0, 0, -big, 0, 0, 0]) == [1])
    #expect(try evaluate(Self.window, on: [big, -big, 0, 0, 1, 0, 0, 0]) == [0])
  }

  @Test func columnsComeBeforeRows() throws {
    #expect(try evaluate(Self.window, on: [big, -big, 1, 0, 0, 0, 0, 0]) == [1])
    #expect(try evaluate(Self.window, on: [big, 1, -big, 0, 0, 0, 0, 0]) == [0])
  }

  @Test func kernelIsNotFlipped() throws {
    let result = try evaluate(
      """
      time_steps = 1
      weight @"w" : f32 [2, 2, 1, 1] = [1.0, 10.0, 100.0, 1000.0]
      input %x : real [1, 2, 2]
      %y = conv2d %x, @"w" {stride = [1, 1], padding = [0, 0]}
      output %y
      """, on: [1, 2, 3, 4])
    #expect(result == [4321])
  }

  @Test func sumStartsFromTheBias() throws {
    let result = try evaluate(
      """
      time_steps = 1
      weight @"w" : f32 [1, 2, 1, 1] = [1.0, 1.0]
      weight @"b" : f32 [1] = [1.0]
      input %x : real [1, 1, 2]
      %y = conv2d %x, @"w", @"b" {stride = [1, 1], padding = [0, 0]}
      output %y
      """, on: [big, -big])
    #expect(result == [0])
  }

  @Test func productsAreRoundedBeforeTheyAreAdded() throws {
    // (1 + 2^-12)^2 is 1 + 2^-11 + 2^-24; its last bit is lost before 1 + 2^-11 is subtracted.
    let result = try evaluate(
      """
      time_steps = 1
      weight @"w" : f32 [1, 1] = [1.000244140625]
      weight @"b" : f32 [1] = [-1.00048828125]
      input %x : real [1]
      %y = linear %x, @"w", @"b"
      output %y
      """, on: [1.000_244_140_625])
    #expect(result == [0])
  }

  @Test func strideAndPaddingChooseTheTerms() throws {
    let result = try evaluate(
      """
      time_steps = 1
      weight @"w" : f32 [1, 3, 1, 1] = [1.0, 10.0, 100.0]
      input %x : real [1, 1, 5]
      %y = conv2d %x, @"w" {stride = [1, 2], padding = [0, 1]}
      output %y
      """, on: [1, 2, 3, 4, 5])
    #expect(result == [210, 432, 54])
  }

  @Test func paddingContributesNothing() throws {
    // Only a sum of negative zeros is -0; a zero for the padding would make the first one +0.
    let result = try evaluate(
      """
      time_steps = 1
      weight @"w" : f32 [1, 2, 1, 1] = [1.0, -1.0]
      weight @"b" : f32 [1] = [-0.0]
      input %x : real [1, 1, 1]
      %y = conv2d %x, @"w", @"b" {stride = [1, 1], padding = [0, 1]}
      output %y
      """, on: [0])
    #expect(result.bits == [Float](arrayLiteral: -0.0, 0).bits)
  }

  @Test(arguments: ["spike", "count<2>"])
  func onlySpikesAreGated(_ domain: String) throws {
    // A spike that is 0 adds nothing; any other 0 adds +0, which makes +0 of -0.
    let result = try evaluate(
      """
      time_steps = 1
      weight @"w" : f32 [2, 1] = [3.0, 5.0]
      weight @"b" : f32 [1] = [-0.0]
      input %x : \(domain) [2]
      %y = linear %x, @"w", @"b"
      output %y
      """, on: [0, 0])
    #expect(result.bits == [domain == "spike" ? -0.0 : 0.0].bits)
  }

  @Test func spikesSelectWeightsInTheOrderOfChannels() throws {
    let lines = """
      time_steps = 1
      weight @"w" : f32 [3, 2] = [16777216.0, 1.0, -16777216.0, 2.0, 1.0, 4.0]
      input %x : spike [3]
      %y = linear %x, @"w"
      output %y
      """
    #expect(try evaluate(lines, on: [1, 1, 1]) == [1, 7])
    #expect(try evaluate(lines, on: [1, 0, 1]) == [big, 5])
  }

  @Test func everyStepIsASampleOfItsOwn() throws {
    let result = try evaluate(
      """
      time_steps = 2
      weight @"w" : f32 [1, 2] = [2.0, 3.0]
      input %x : timed real [1]
      %y = linear %x, @"w"
      output %y
      """, on: [1, 10])
    #expect(result == [2, 3, 20, 30])
  }

  @Test func groupsSeeTheirOwnChannelsAlone() throws {
    let lines = """
      time_steps = 1
      weight @"w" : f32 [1, 1, 2, 4] = [1.0, 2.0, 3.0, 4.0, 10.0, 20.0, 30.0, 40.0]
      input %x : real [4, 1, 1]
      %y = conv2d %x, @"w" {stride = [1, 1], padding = [0, 0], groups = 2}
      output %y
      """
    // [input of the group][output]: outputs 0 and 1 see inputs 0 and 1, outputs 2 and 3 the rest.
    #expect(try evaluate(lines, on: [1, 2, 3, 4]) == [21, 42, 129, 172])
  }

  @Test func depthwiseKernelsSeeOneChannelEach() throws {
    let lines = """
      time_steps = 1
      weight @"w" : f32 [1, 2, 1, 2] = [1.0, 2.0, 10.0, 20.0]
      weight @"b" : f32 [2] = [0.5, 0.25]
      input %x : spike [2, 1, 3]
      %y = conv2d %x, @"w", @"b" {stride = [1, 1], padding = [0, 0], groups = 2}
      output %y
      """
    #expect(try evaluate(lines, on: [1, 0, 1, 1, 1, 0]) == [1.5, 10.5, 22.25, 2.25])
  }

  @Test func termsOfAGroupAreAddedInTheOrderOfItsChannels() throws {
    let lines = """
      time_steps = 1
      weight @"w" : f32 [1, 1, 3, 2] = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
      input %x : real [6, 1, 1]
      %y = conv2d %x, @"w" {stride = [1, 1], padding = [0, 0], groups = 2}
      output %y
      """
    #expect(try evaluate(lines, on: [big, -big, 1, big, 1, -big]) == [1, 0])
  }

  @Test func aWindowOfNothingButPaddingGivesTheBias() throws {
    let lines = """
      time_steps = 1
      weight @"w" : f32 [1, 1, 1, 1] = [2.0]
      weight @"b" : f32 [1] = [-0.0]
      input %x : real [1, 1, 1]
      %y = conv2d %x, @"w", @"b" {stride = [1, 2], padding = [0, 2]}
      output %y
      """
    #expect(try evaluate(lines, on: [3]).bits == [-0.0, 6, -0.0].bits)
    let plain = lines.replacing(", @\"b\"", with: "")
    #expect(try evaluate(plain, on: [3]).bits == [0, 6, 0].bits)
  }
}
