extension Case {
  /// `conv2d`, `linear` and `matmul`.
  static func sums() throws -> [Case] {
    try convolutions() + windows() + groups() + linear() + matmul()
  }

  /// The order of a convolution's terms, and what it starts from.
  private static func convolutions() throws -> [Case] {
    try [
      Case(
        "conv2d/order",
        conv("real [3, 4, 4]", [3, 3, 3, 2], bias: "", padding: [1, 1]),
        tells: [
          .descending, .pairwise, .binary64, .biasLast, .fused, .channelFirst, .columnFirst,
          .flipped,
        ]),
      Case(
        "conv2d/spikes", steps: 3,
        conv("timed spike [3, 3, 3]", [2, 2, 3, 2], bias: "", padding: [1, 1]),
        tells: [
          .descending, .pairwise, .binary64, .biasLast, .channelFirst, .columnFirst, .flipped,
        ]),
      Case(
        "conv2d/no-bias", conv("real [2, 3, 3]", [2, 2, 2, 3]),
        tells: [.descending, .fused, .binary64]),
      Case(
        "conv2d/spikes-without-bias", conv("spike [4, 3, 3]", [2, 2, 4, 2]),
        tells: [.descending, .pairwise]),
      Case(
        "conv2d/count", steps: 2,
        conv("timed count<3> [2, 3, 3]", [2, 2, 2, 2], bias: ""), tells: [.fused, .descending]),
      Case(
        "conv2d/pointwise", conv("real [9, 2, 2]", [1, 1, 9, 4], bias: ""),
        tells: [.descending, .pairwise, .fused]),
      Case(
        "conv2d/many-channels", conv("spike [70, 2, 2]", [1, 1, 70, 3], bias: ""),
        tells: [.descending, .pairwise, .binary64]),
      Case(
        "conv2d/many-results", conv("spike [3, 2, 2]", [1, 1, 3, 67], bias: ""),
        tells: [.descending]),
      Case(
        "conv2d/padding-alone",
        conv(
          "real [1, 1, 1]", [1, 1, 1, 2], kernel: "2.0, -1.0", bias: "-0.0, 0.5", padding: [1, 1]),
        on: [3],
        gives: [
          -0.0, -0.0, -0.0, -0.0, 6, -0.0, -0.0, -0.0, -0.0, 0.5, 0.5, 0.5, 0.5, -2.5, 0.5, 0.5,
          0.5, 0.5,
        ],
        tells: [.paddingAdded, .zeroUnsigned]),
      Case(
        "conv2d/zero-spikes",
        conv("spike [2, 1, 1]", [1, 1, 2, 1], kernel: "1.0, 2.0", bias: "-0.0"),
        on: [0, 0], gives: [-0.0], tells: [.zeroSpikesAdded, .zeroUnsigned]),
      Case(
        "conv2d/real-zeros",
        conv("real [1, 1, 1]", [1, 1, 1, 2], kernel: "1.0, -1.0", bias: "-0.0, -0.0"),
        on: [0], gives: [0, -0.0], tells: [.zerosSkipped, .zeroUnsigned]),
      Case(
        "conv2d/starts-from-zero", conv("spike [1, 1, 1]", [1, 1, 1, 2], kernel: "-0.0, 1.5"),
        on: [1], gives: [0, 1.5], tells: [.startsFromFirst]),
      Case(
        "conv2d/subnormal",
        conv("real [2, 1, 1]", [1, 1, 2, 2], kernel: "1.0, 1e-45, 0.5, 0.5", bias: "1e-45, 0.0"),
        on: [0x1p-149, 3 * 0x1p-149], gives: [4 * 0x1p-149, 2 * 0x1p-149], tells: [.flushed]),
      Case(
        "conv2d/by-hand", conv("real [1, 2, 3]", [2, 2, 1, 1], kernel: "1.0, 2.0, 3.0, 4.0"),
        on: [1, 2, 3, 4, 5, 6], gives: [37, 47], tells: [.flipped]),
    ]
  }

  /// How the window moves.
  private static func windows() throws -> [Case] {
    try [
      Case(
        "conv2d/row-stride",
        conv("real [2, 5, 4]", [2, 3, 2, 2], stride: [2, 1], padding: [0, 1]),
        tells: [.flipped, .descending]),
      Case(
        "conv2d/column-stride",
        conv("spike [2, 4, 7]", [3, 2, 2, 2], stride: [1, 3], padding: [1, 0]),
        tells: [.flipped, .descending]),
      Case(
        "conv2d/stride-beyond-the-kernel", conv("real [1, 5, 5]", [1, 2, 1, 2], stride: [3, 3]),
        tells: [.flipped]),
      Case(
        "conv2d/kernel-beyond-the-input", conv("real [2, 1, 2]", [3, 4, 2, 2], padding: [1, 1]),
        tells: [.flipped, .descending]),
      Case(
        "conv2d/padding-beyond-the-kernel", steps: 2,
        conv(
          "timed spike [1, 2, 1]", [2, 1, 1, 1], kernel: "1.0, 0.5", bias: "0.25", padding: [2, 1]),
        on: [1, 0, 1, 1],
        gives: [
          0.25, 0.25, 0.25, 0.25, 0.75, 0.25, 0.25, 1.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25,
          0.25, 0.25, 0.25, 0.25, 0.75, 0.25, 0.25, 1.75, 0.25, 0.25, 1.25, 0.25, 0.25, 0.25, 0.25,
        ]),
      Case(
        "conv2d/rounded-down",
        conv(
          "real [1, 4, 6]", [3, 3, 1, 1], kernel: "1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0",
          stride: [2, 2]),
        on: (1...24).map(Float.init), gives: [31, 37], tells: [.flipped]),
    ]
  }

  private static func groups() throws -> [Case] {
    try [
      Case(
        "conv2d/groups", conv("real [4, 3, 3]", [2, 2, 2, 6], bias: "", groups: 2),
        tells: [.interleavedGroups, .descending]),
      Case(
        "conv2d/groups-of-spikes", steps: 2,
        conv("timed spike [6, 2, 2]", [1, 1, 2, 6], bias: "", groups: 3),
        tells: [.interleavedGroups]),
      Case(
        "conv2d/depthwise",
        conv("real [3, 4, 4]", [3, 3, 1, 3], bias: "", padding: [1, 1], groups: 3),
        tells: [.descending, .columnFirst, .flipped]),
      Case(
        "conv2d/depthwise-spikes", steps: 2,
        conv("timed spike [3, 3, 3]", [3, 3, 1, 3], padding: [1, 1], groups: 3),
        tells: [.descending, .columnFirst]),
      Case(
        "conv2d/depthwise-twice", conv("real [2, 3, 3]", [2, 2, 1, 4], groups: 2),
        tells: [.interleavedGroups, .flipped]),
    ]
  }

  private static func linear() throws -> [Case] {
    /// A layer, with a bias where `bias` is not `nil`.
    func body(
      _ input: String, _ shape: [Int], _ numbers: String = "", bias: String? = nil
    ) -> String {
      weights(("weight", shape, numbers), bias.map { ("bias", [shape[1]], $0) })
        + "input %x : \(input)\n%1 = linear %x, @\"weight\"\(bias == nil ? "" : ", @\"bias\"")\n"
        + "output %1"
    }
    return try [
      Case(
        "linear/order", body("real [12]", [12, 3], bias: ""),
        tells: [.descending, .pairwise, .binary64, .biasLast, .fused]),
      Case(
        "linear/spikes", steps: 3, body("timed spike [12]", [12, 3], bias: ""),
        tells: [.descending, .pairwise, .binary64, .biasLast]),
      Case(
        "linear/no-bias", steps: 2, body("timed real [7]", [7, 2]), tells: [.descending, .fused]),
      Case("linear/many-inputs", body("spike [130]", [130, 2]), tells: [.descending, .binary64]),
      Case("linear/many-outputs", body("real [2]", [2, 67], bias: ""), tells: [.fused]),
      Case("linear/count", body("count<5> [9]", [9, 2], bias: ""), tells: [.descending, .fused]),
      Case(
        "linear/fixed", body("fixed<-7, 9, 2^-3> [9]", [9, 2], bias: ""),
        tells: [.descending, .fused]),
      Case(
        "linear/zero-spikes", body("spike [2]", [2, 2], "1.0, 2.0, 3.0, 4.0", bias: "-0.0, 0.0"),
        on: [0, 0], gives: [-0.0, 0], tells: [.zeroSpikesAdded, .zeroUnsigned]),
      Case(
        "linear/real-zeros", body("real [1]", [1, 2], "1.0, -1.0", bias: "-0.0, -0.0"), on: [0],
        gives: [0, -0.0], tells: [.zerosSkipped, .zeroUnsigned]),
      Case(
        "linear/starts-from-zero", body("spike [1]", [1, 1], "-0.0"), on: [1], gives: [0],
        tells: [.startsFromFirst]),
      Case(
        "linear/subnormal", body("real [2]", [2, 1], "0.25, 1e-45", bias: "1e-45"),
        on: [0x1p-126, 2], gives: [0x1p-128 + 3 * 0x1p-149], tells: [.flushed]),
      Case(
        "linear/absorbed", body("real [3]", [3, 1], "16777216.0, 1.0, 1.0"), on: [1, 1, 1],
        gives: [16_777_216], tells: [.descending, .binary64, .pairwise]),
    ]
  }

  private static func matmul() throws -> [Case] {
    /// A product of the input with itself in another shape.
    func body(_ input: String, _ shape: [Int], _ lhs: Bool, _ rhs: Bool) -> String {
      """
      input %x : \(input)
      %1 = reshape %x {shape = \(shape)}
      %2 = matmul %x, %1 {transpose_lhs = \(lhs), transpose_rhs = \(rhs)}
      output %2
      """
    }
    return try [
      Case(
        "matmul/order", body("real [2, 2, 9]", [2, 9, 2], false, false),
        tells: [.descending, .pairwise, .binary64, .fused]),
      Case(
        "matmul/transposed-left", body("real [2, 9, 2]", [2, 9, 2], true, false),
        tells: [.descending, .fused]),
      Case(
        "matmul/transposed-right", body("real [2, 2, 9]", [2, 2, 9], false, true),
        tells: [.descending, .fused]),
      Case(
        "matmul/transposed-both", body("real [1, 5, 3]", [1, 3, 5], true, true),
        tells: [.descending, .fused]),
      Case(
        "matmul/squares", body("real [2, 3, 3]", [2, 3, 3], true, false),
        tells: [.transposeIgnored]),
      Case(
        "matmul/squares-right", steps: 2, body("timed count<4> [2, 3, 3]", [2, 3, 3], false, true),
        tells: [.transposeIgnored]),
      Case(
        "matmul/spikes", steps: 2, body("timed spike [2, 3, 5]", [2, 5, 3], false, false)),
      Case(
        "matmul/static-and-timed", steps: 3,
        """
        input %x : real [1, 3, 3]
        %1 = if %x {threshold = 1.0}
        %2 = matmul %x, %1 {transpose_lhs = false, transpose_rhs = false}
        output %2
        """, tells: [.descending]),
      Case(
        "matmul/zero-sum",
        """
        input %x : real [1, 1, 1]
        %1 = complement %x
        %2 = matmul %x, %1 {transpose_lhs = false, transpose_rhs = false}
        output %2
        """, on: [-0.0], gives: [0], tells: [.startsFromFirst]),
      Case(
        "matmul/subnormal", body("real [1, 1, 2]", [1, 2, 1], false, false),
        on: [0x1p-74, 0x1p-75],
        gives: [0x1p-148], tells: [.flushed]),
      Case(
        "matmul/exact-limit", body("count<4096> [1, 1, 1]", [1, 1, 1], false, false), on: [4096],
        gives: [16_777_216]),
      Case(
        "matmul/beyond-exact", body("count<4096> [1, 1, 3]", [1, 3, 1], false, false),
        on: [4096, 1, 1], gives: [16_777_216], tells: [.descending, .binary64, .pairwise]),
    ]
  }

  /// A convolution, with a bias where `bias` is not `nil`; empty numbers are random ones.
  private static func conv(
    _ input: String, _ shape: [Int], kernel: String = "", bias: String? = nil,
    stride: [Int] = [1, 1], padding: [Int] = [0, 0], groups: Int = 1
  ) -> String {
    let groups = groups == 1 ? "" : ", groups = \(groups)"
    return weights(("kernel", shape, kernel), bias.map { ("bias", [shape[3]], $0) })
      + "input %x : \(input)\n%1 = conv2d %x, @\"kernel\"\(bias == nil ? "" : ", @\"bias\"")"
      + " {stride = \(stride), padding = \(padding)\(groups)}\noutput %1"
  }

  /// The lines of weights; empty numbers are random ones.
  private static func weights(_ weights: (name: String, shape: [Int], numbers: String)?...)
    -> String
  {
    weights.compactMap { $0 }.map { name, shape, numbers in
      "weight @\"\(name)\" : f32 \(shape)" + (numbers.isEmpty ? "" : " = [\(numbers)]") + "\n"
    }.joined()
  }
}
