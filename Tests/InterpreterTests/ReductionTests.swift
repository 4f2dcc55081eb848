import IRTestSupport
import Testing

/// `matmul`, `max_pool2d`, `mean`, `mean_steps` and `sum`.
@Suite struct ReductionTests {
  /// The product of the 2 x 3 matrix 1...6 with itself, transposed as asked.
  static func product(_ lhs: Bool, _ rhs: Bool) -> String {
    """
    time_steps = 1
    input %x : real [1, 2, 3]
    %y = matmul %x, %x {transpose_lhs = \(lhs), transpose_rhs = \(rhs)}
    output %y
    """
  }

  @Test func matricesAreTransposedAsAsked() throws {
    #expect(try evaluate(Self.product(false, true), on: [1, 2, 3, 4, 5, 6]) == [14, 32, 32, 77])
    #expect(
      try evaluate(Self.product(true, false), on: [1, 2, 3, 4, 5, 6])
        == [17, 22, 27, 22, 29, 36, 27, 36, 45])
  }

  @Test func bothMayBeTransposed() throws {
    let lines = """
      time_steps = 1
      input %x : real [2, 2, 2]
      %plain = matmul %x, %x {transpose_lhs = false, transpose_rhs = false}
      %both = matmul %x, %x {transpose_lhs = true, transpose_rhs = true}
      %y = add %plain, %both
      output %y
      """
    // [[1, 2], [3, 4]] squared is [[7, 10], [15, 22]]; the transposes' product is its transpose.
    #expect(
      try evaluate(lines, on: [1, 2, 3, 4, 1, 0, 0, 2]) == [14, 25, 25, 44, 2, 0, 0, 8])
  }

  @Test func productsAreAddedInTheOrderOfTheInnerIndex() throws {
    let lines = """
      time_steps = 2
      input %x : timed real [1, 1, 3]
      %mean = mean_steps %x
      %y = matmul %mean, %x {transpose_lhs = false, transpose_rhs = true}
      output %y
      """
    // The mean is [1, 1, 1]: the sums of each step's elements, in their order.
    let steps: [Float] = [big, -big, 1, 2 - big, 2 + big, 1]
    #expect(try evaluate(lines, on: steps) == [1, 5])
  }

  @Test func staticMatricesAreMultipliedAtEveryStep() throws {
    let lines = """
      time_steps = 2
      input %x : timed real [1, 1, 1]
      %mean = mean_steps %x
      %left = matmul %mean, %x {transpose_lhs = false, transpose_rhs = false}
      %right = matmul %x, %mean {transpose_lhs = false, transpose_rhs = false}
      %y = add %left, %right
      output %y
      """
    #expect(try evaluate(lines, on: [1, 5]) == [6, 30])
  }

  @Test func paddingIsNeverTheMaximum() throws {
    let lines = """
      time_steps = 1
      input %x : real [1, 3, 3]
      %y = max_pool2d %x {kernel = [2, 3], stride = [2, 2], padding = [1, 1]}
      output %y
      """
    #expect(
      try evaluate(lines, on: [-9, -8, -7, -6, -5, -4, -3, -2, -1]) == [-8, -7, -2, -1])
  }

  @Test func theFirstOfEqualZerosIsTheMaximum() throws {
    let lines = """
      time_steps = 2
      input %x : timed real [1, 1, 2]
      %y = max_pool2d %x {kernel = [1, 2], stride = [1, 1], padding = [0, 0]}
      output %y
      """
    let result = try evaluate(lines, on: [0.0, -0.0, -0.0, 0.0])
    #expect(result.bits == [Float](arrayLiteral: 0.0, -0.0).bits)
  }

  @Test func meansAddInOrderAndDivideOnce() throws {
    let lines = """
      time_steps = 1
      input %x : real [2, 1, 3]
      %y = mean %x
      output %y
      """
    #expect(try evaluate(lines, on: [big, -big, 1, big, 1, -big]) == [Float(1) / 3, 0])
  }

  @Test func meansOverStepsAddInOrderAndDivideOnce() throws {
    let lines = """
      time_steps = 3
      input %x : timed real [2]
      %y = mean_steps %x
      output %y
      """
    #expect(try evaluate(lines, on: [big, big, -big, 1, 1, -big]) == [Float(1) / 3, 0])
  }

  @Test(
    arguments: [
      (0, [6, 8, 10, 12]), (1, [4, 6, 12, 14]), (2, [3, 7, 11, 15]),
    ] as [(Int, [Float])])
  func sumsGoAlongTheAxis(_ axis: Int, _ expected: [Float]) throws {
    let lines = """
      time_steps = 1
      input %x : real [2, 2, 2]
      %y = sum %x {axis = \(axis)}
      output %y
      """
    #expect(try evaluate(lines, on: [1, 2, 3, 4, 5, 6, 7, 8]) == expected)
  }

  @Test func sumsStartFromZeroAndAddInAscendingOrder() throws {
    let lines = """
      time_steps = 3
      input %x : timed real [3]
      %y = sum %x {axis = 0}
      output %y
      """
    let steps: [Float] = [big, -big, 1, big, 1, -big, -0.0, -0.0, -0.0]
    #expect(try evaluate(lines, on: steps).bits == [1, 0, 0].bits)
  }
}
