extension Case {
  /// `max_pool2d`, `mean`, `mean_steps` and `sum`.
  static func reductions() throws -> [Case] {
    try pools() + means() + meanSteps() + sumsAlongAxes()
  }

  private static func pools() throws -> [Case] {
    /// A pool of `[rows, columns]` windows.
    func body(_ input: String, _ kernel: [Int], stride: [Int], padding: [Int]) -> String {
      "input %x : \(input)\n%1 = max_pool2d %x {kernel = \(kernel), stride = \(stride), padding = \(padding)}\noutput %1"
    }
    return try [
      Case(
        "max_pool2d/padding", body("real [1, 2, 2]", [3, 3], stride: [1, 1], padding: [1, 1]),
        on: [-1, -2, -3, -4], gives: [-1, -1, -1, -1], tells: [.zeroPadding]),
      Case(
        "max_pool2d/random", body("real [2, 5, 5]", [3, 3], stride: [2, 2], padding: [1, 1]),
        tells: [.zeroPadding]),
      Case(
        "max_pool2d/spikes", steps: 2,
        body("timed spike [3, 4, 4]", [3, 3], stride: [2, 2], padding: [1, 1])),
      Case(
        "max_pool2d/count", body("count<4> [2, 4, 4]", [2, 2], stride: [2, 2], padding: [0, 0])),
      Case(
        "max_pool2d/rows-and-columns",
        body("real [2, 6, 5]", [2, 3], stride: [3, 1], padding: [1, 0]),
        tells: []),
      Case(
        "max_pool2d/rounded-down",
        body("real [1, 5, 4]", [2, 3], stride: [2, 2], padding: [0, 0]),
        on: (1...20).map(Float.init), gives: [7, 15]),
      Case(
        "max_pool2d/zeros", body("real [2, 1, 2]", [1, 2], stride: [1, 1], padding: [0, 0]),
        on: [-0.0, 0, 0, -0.0], gives: [-0.0, 0], tells: [.lastMaximum, .zeroUnsigned]),
      Case(
        "max_pool2d/zeros-in-rows",
        body("real [1, 2, 2]", [2, 2], stride: [1, 1], padding: [0, 0]),
        on: [-1, -0.0, 0, -0.0], gives: [-0.0], tells: [.zeroUnsigned]),
      Case(
        "max_pool2d/subnormal", body("real [1, 1, 3]", [1, 2], stride: [1, 1], padding: [0, 0]),
        on: [0x1p-149, 0, -0x1p-149], gives: [0x1p-149, 0], tells: [.flushed]),
    ]
  }

  private static func means() throws -> [Case] {
    /// The means of the input.
    func body(_ input: String) -> String { "input %x : \(input)\n%1 = mean %x\noutput %1" }
    return try [
      Case(
        "mean/order", body("real [4, 3, 7]"),
        tells: [.descending, .pairwise, .binary64, .divideFirst, .reciprocal]),
      Case("mean/timed", steps: 2, body("timed real [3, 6]"), tells: [.descending, .reciprocal]),
      Case(
        "mean/spikes", steps: 2, body("timed spike [2, 2, 2]"),
        on: [0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 0], gives: [0.75, 0, 1, 0.25]),
      Case("mean/seven-spikes", body("spike [3, 7]"), tells: [.reciprocal, .divideFirst]),
      Case(
        "mean/fixed", body("fixed<-3, 4, 2^-5> [2, 4]"),
        on: [-0.09375, 0.125, 0.03125, 0, 0.125, 0.125, 0.125, 0.125], gives: [0.015625, 0.125]),
      Case(
        "mean/exact-limit", body("count<4194304> [1, 4]"),
        on: [4_194_304, 4_194_304, 4_194_304, 4_194_303], gives: [4_194_303.75]),
      Case(
        "mean/beyond-exact", body("count<16777216> [1, 2, 2]"), on: [16_777_216, 1, 1, 1],
        gives: [4_194_304], tells: [.descending, .binary64, .pairwise]),
      Case(
        "mean/zeros", body("real [2, 2]"), on: [-0.0, -0.0, 0, -0.0], gives: [0, 0],
        tells: [.startsFromFirst]),
      Case(
        "mean/subnormal", body("real [1, 2]"), on: [0x1p-149, 2 * 0x1p-149], gives: [2 * 0x1p-149],
        tells: [.flushed]),
    ]
  }

  private static func meanSteps() throws -> [Case] {
    /// The mean over the steps.
    func body(_ input: String) -> String { "input %x : \(input)\n%1 = mean_steps %x\noutput %1" }
    return try [
      Case(
        "mean_steps/order", steps: 11, body("timed real [2, 3]"),
        tells: [.descending, .pairwise, .binary64, .divideFirst, .reciprocal]),
      Case(
        "mean_steps/spikes", steps: 4, body("timed spike [2]"), on: [1, 0, 0, 0, 1, 0, 1, 1],
        gives: [0.75, 0.25]),
      Case(
        "mean_steps/three", steps: 3, body("timed real [6]"), tells: [.reciprocal, .divideFirst]),
      Case(
        "mean_steps/one-step", body("timed real [3]"), on: [-0.0, 0.1, -0x1p-149],
        gives: [0, 0.1, -0x1p-149],
        tells: [.startsFromFirst, .flushed]),
      Case(
        "mean_steps/logits", steps: 5,
        """
        weight @"weight" : f32 [4, 3]
        input %x : timed real [4]
        %1 = linear %x, @"weight"
        %2 = mean_steps %1
        output %2
        """, tells: [.descending, .fused, .reciprocal]),
    ]
  }

  private static func sumsAlongAxes() throws -> [Case] {
    /// The sums along an axis.
    func body(_ input: String, _ axis: Int) -> String {
      "input %x : \(input)\n%1 = sum %x {axis = \(axis)}\noutput %1"
    }
    return try [
      Case(
        "sum/first-axis", body("real [9, 2, 2]", 0),
        tells: [.descending, .pairwise, .binary64, .wrongAxis]),
      Case(
        "sum/middle-axis", body("real [2, 9, 2]", 1), tells: [.descending, .binary64, .wrongAxis]),
      Case("sum/last-axis", body("real [2, 2, 9]", 2), tells: [.descending, .binary64]),
      Case("sum/vector", steps: 2, body("timed real [9]", 0), tells: [.descending]),
      Case("sum/spikes", steps: 2, body("timed spike [2, 3, 4]", 1), tells: [.wrongAxis]),
      Case(
        "sum/zeros", body("real [2, 2]", 1), on: [-0.0, -0.0, -0.0, 0], gives: [0, 0],
        tells: [.startsFromFirst]),
      Case(
        "sum/subnormal", body("real [3]", 0), on: [0x1p-149, 0x1p-149, -0x1p-126],
        gives: [-0x1p-126 + 2 * 0x1p-149], tells: [.flushed]),
      Case(
        "sum/exact-limit", body("fixed<-4194304, 4194304, 2^-2> [4]", 0),
        on: [1_048_576, 1_048_576, 1_048_576, 1_048_575.75], gives: [4_194_303.75]),
      Case(
        "sum/beyond-exact", body("count<16777216> [3]", 0), on: [16_777_216, 1, 1],
        gives: [16_777_216], tells: [.descending, .binary64, .pairwise]),
    ]
  }
}
