extension Case {
  /// `add`, `affine`, `batch_norm`, `complement`, `mul` and `scale`.
  static func elementwise() throws -> [Case] {
    try add() + affine() + batchNorm() + complement() + mul() + scale()
  }

  /// The sum of a matrix and itself turned meets every number with another.
  private static func add() throws -> [Case] {
    let turned = "%1 = transpose %x\n%2 = add %x, %1\noutput %2"
    return try [
      Case("add/rounding", "input %x : real [4, 4]\n\(turned)", tells: [.truncating]),
      // 2^-24 is half of what 1 can be told from; the even neighbour is above or below.
      Case(
        "add/ties", "input %x : real [3, 3]\n\(turned)",
        on: [1, 0x1p-24, 0x1p-24, 1, 1, -0x1p-24, 1 + 0x1p-23, -1, 1],
        gives: [2, 1, 1 + 0x1p-22, 1, 2, -1, 1 + 0x1p-22, -1, 2], tells: [.tiesAway]),
      Case(
        "add/zeros", "input %x : real [2, 2]\n\(turned)", on: [-0.0, 0, -0.0, 0],
        gives: [-0.0, 0, 0, 0], tells: [.zeroUnsigned]),
      Case(
        "add/subnormal", "input %x : real [2, 2]\n\(turned)",
        on: [0x1p-149, 0x1p-126, 0x1p-149 - 0x1p-126, -0x1p-149],
        gives: [0x1p-148, 0x1p-149, 0x1p-149, -0x1p-148], tells: [.flushed]),
      Case(
        "add/spikes", steps: 3, "input %x : timed spike [2, 2]\n\(turned)",
        on: [0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0],
        gives: [0, 1, 1, 2, 2, 2, 2, 2, 0, 0, 0, 0]),
      Case(
        "add/static-and-timed", steps: 3,
        """
        input %x : real [5]
        %s = if %x {threshold = 1.0}
        %1 = add %x, %s
        %2 = add %s, %x
        %3 = add %1, %2
        output %3
        """, tells: [.seenOnce]),
      Case(
        "add/scales",
        "input %x : fixed<-3, 4, 2^-5> [3]\n%1 = scale %x {factor = 0.125}\n%2 = add %x, %1\noutput %2",
        on: [-0.09375, 0.125, 0], gives: [-0.10546875, 0.140625, 0]),
      Case(
        "add/exact-limit", "input %x : count<8388608> [2]\n%1 = add %x, %x\noutput %1",
        on: [8_388_608, 8_388_607], gives: [16_777_216, 16_777_214]),
      Case(
        "add/beyond-exact", "input %x : count<16777216> [2, 2]\n\(turned)",
        on: [16_777_216, 16_777_216, 1, 3], gives: [33_554_432, 16_777_216, 16_777_216, 6],
        tells: [.tiesAway]),
    ]
  }

  private static func affine() throws -> [Case] {
    let weights = "weight @\"scale\" : f32 [3]\nweight @\"shift\" : f32 [3]\n"
    return try [
      Case(
        "affine/rounding",
        weights + "input %x : real [3, 2, 2]\n%1 = affine %x, @\"scale\", @\"shift\"\noutput %1",
        tells: [.fused, .truncating]),
      Case(
        "affine/vector",
        weights + "input %x : real [3]\n%1 = affine %x, @\"scale\", @\"shift\"\noutput %1",
        tells: [.fused]),
      Case(
        "affine/timed", steps: 2,
        weights + "input %x : timed spike [3, 2]\n%1 = affine %x, @\"scale\", @\"shift\"\noutput %1"
      ),
      Case(
        "affine/ties",
        """
        weight @"scale" : f32 [2] = [1.0, 1.5]
        weight @"shift" : f32 [2] = [5.9604645e-08, 0.0]
        input %x : real [2, 2]
        %1 = affine %x, @"scale", @"shift"
        output %1
        """, on: [1, 1 + 0x1p-23, 1 + 0x1p-23, 1 + 0x3p-23],
        gives: [1, 1 + 0x1p-22, 1.5 + 0x1p-22, 1.5 + 0x1p-21], tells: [.tiesAway]),
      Case(
        "affine/zeros",
        """
        weight @"scale" : f32 [2] = [0.0, -2.0]
        weight @"shift" : f32 [2] = [-0.0, -0.0]
        input %x : real [2, 2]
        %1 = affine %x, @"scale", @"shift"
        output %1
        """, on: [-1, 1, 0, -0.0], gives: [-0.0, 0, -0.0, 0], tells: [.zeroUnsigned]),
      Case(
        "affine/subnormal",
        """
        weight @"scale" : f32 [2] = [1e-45, 0.25]
        weight @"shift" : f32 [2] = [0.0, 1e-45]
        input %x : real [2]
        %1 = affine %x, @"scale", @"shift"
        output %1
        """, on: [3, 0x1p-126], gives: [3 * 0x1p-149, 0x1p-128 + 0x1p-149], tells: [.flushed]),
    ]
  }

  private static func batchNorm() throws -> [Case] {
    let names = ["weight", "bias", "mean", "variance"]
    /// The lines of a norm with these numbers, or random ones.
    func body(_ input: String, _ channels: Int, _ numbers: [String?], epsilon: String) -> String {
      zip(names, numbers).map { name, numbers in
        "weight @\"\(name)\" : f32 [\(channels)]" + (numbers.map { " = [\($0)]" } ?? "") + "\n"
      }.joined() + "input %x : \(input)\n%1 = batch_norm %x, "
        + names.map { "@\"\($0)\"" }.joined(separator: ", ") + " {epsilon = \(epsilon)}\noutput %1"
    }
    let random = [String?](repeating: nil, count: 4)
    return try [
      Case(
        "batch_norm/rounding", body("real [6, 2, 2]", 6, random, epsilon: "1e-05"),
        tells: [.fused, .inBinary32, .direct, .scaleRoundedFirst]),
      Case(
        "batch_norm/epsilon",
        body(
          "real [4, 3]", 4, [nil, nil, nil, "1e-05, 3e-06, 2e-07, 0.0"], epsilon: "1e-05"),
        tells: [.epsilonInBinary32, .direct, .inBinary32]),
      Case(
        "batch_norm/by-hand",
        body(
          "real [2, 2]", 2, ["3.0, -1.0", "0.5, 0.25", "1.0, -2.0", "3.75, 15.75"], epsilon: "0.25"),
        on: [1, 3, -2, 2], gives: [0.5, 3.5, 0.25, -0.75]),
      Case(
        "batch_norm/no-epsilon",
        body("real [2]", 2, ["1.0, 1.0", "0.0, 0.0", "0.0, 0.0", "4.0, 2.0"], epsilon: "0.0"),
        on: [3, 1], gives: [1.5, 0.70710677]),
      Case(
        "batch_norm/subnormal",
        body("real [1, 2]", 1, ["1e-40", "0.0", "0.0", "1.0"], epsilon: "0.0"),
        on: [1, -2], gives: [71_362 * 0x1p-149, -142_724 * 0x1p-149], tells: [.flushed]),
      Case(
        "batch_norm/timed", steps: 2, body("timed spike [3, 2]", 3, random, epsilon: "0.001"),
        tells: [.direct]),
    ]
  }

  private static func complement() throws -> [Case] {
    let body = "%1 = complement %x\noutput %1"
    return try [
      Case(
        "complement/spikes", steps: 2, "input %x : timed spike [2]\n\(body)", on: [0, 1, 1, 1],
        gives: [1, 0, 0, 0], tells: [.negated]),
      Case(
        "complement/count", "input %x : count<3> [4]\n\(body)", on: [0, 1, 2, 3],
        gives: [1, 0, -1, -2], tells: [.negated]),
      Case(
        "complement/rounding", "input %x : real [6]\n\(body)",
        on: [-0x1p-24, -0x3p-24, 0x1p-25, 1, -0.0, 0x1p-149],
        gives: [1, 1 + 0x1p-22, 1, 0, 1, 1], tells: [.tiesAway, .truncating, .negated]),
    ]
  }

  private static func mul() throws -> [Case] {
    let turned = "%1 = transpose %x\n%2 = mul %x, %1\noutput %2"
    /// The product with the sum along an axis, whose one element meets all of the axis.
    func shared(_ axis: Int) -> String {
      "input %x : real [2, 3, 4]\n%1 = sum %x {axis = \(axis)}\n%2 = mul %x, %1\noutput %2"
    }
    return try [
      Case("mul/rounding", "input %x : real [4, 4]\n\(turned)", tells: [.truncating]),
      Case(
        "mul/ties", "input %x : real [3, 3]\n\(turned)",
        on: [1, 1 + 0x1p-12, 1.5, 1 + 0x1p-12, 1, 1.5, 1 + 0x1p-23, 1 + 0x3p-23, 1],
        gives: [
          1, 1 + 0x1p-11, 1.5 + 0x1p-22, 1 + 0x1p-11, 1, 1.5 + 0x1p-21, 1.5 + 0x1p-22,
          1.5 + 0x1p-21, 1,
        ], tells: [.tiesAway]),
      Case(
        "mul/spikes", steps: 2, "input %x : timed spike [2, 2]\n\(turned)",
        on: [0, 1, 1, 1, 1, 0, 1, 0], gives: [0, 1, 1, 1, 1, 0, 0, 0]),
      Case(
        "mul/zeros", "input %x : real [2, 2]\n\(turned)", on: [-0.0, 0, -1, 2],
        gives: [0, -0.0, -0.0, 4], tells: [.zeroUnsigned]),
      Case(
        "mul/subnormal", "input %x : real [2, 2]\n\(turned)", on: [0x1p-74, 0x1p-149, 3, 0x1p-75],
        gives: [0x1p-148, 3 * 0x1p-149, 3 * 0x1p-149, 0], tells: [.flushed]),
      Case("mul/first-axis-shared", shared(0), tells: [.truncating]),
      Case("mul/middle-axis-shared", shared(1), tells: [.truncating]),
      Case("mul/last-axis-shared", shared(2), tells: [.truncating]),
      Case(
        "mul/static-and-timed", steps: 3,
        """
        input %x : real [5]
        %s = if %x {threshold = 1.0}
        %1 = mul %x, %s
        %2 = mul %s, %x
        %3 = add %1, %2
        output %3
        """, tells: [.seenOnce, .zeroUnsigned]),
      Case(
        "mul/exact-limit", "input %x : fixed<-4096, 4096, 2^-3> [3]\n%1 = mul %x, %x\noutput %1",
        on: [512, -511.875, -512], gives: [262_144, 262_016.015625, 262_144]),
      // The product of -1 and 0 is -0, which is no spike: what follows is multiplied, not gated.
      Case(
        "mul/no-spikes",
        "weight @\"w\" : f32 [2, 1] = [3.0, 5.0]\n"
          + "input %x : fixed<-1, 0, 2^-0> [2]\n%1 = mul %x, %x\n%2 = linear %1, @\"w\"\noutput %2",
        on: [-1, 0], gives: [3]),
    ]
  }

  private static func scale() throws -> [Case] {
    try [
      Case(
        "scale/rounding",
        "input %x : real [8]\n%1 = scale %x {factor = 0.10000000149011612}\noutput %1",
        tells: [.truncating]),
      Case(
        "scale/ties", "input %x : real [3]\n%1 = scale %x {factor = 1.5}\noutput %1",
        on: [1 + 0x1p-23, 1 + 0x3p-23, -1 - 0x3p-23],
        gives: [1.5 + 0x1p-22, 1.5 + 0x1p-21, -1.5 - 0x1p-21], tells: [.tiesAway]),
      Case(
        "scale/zeros", "input %x : real [3]\n%1 = scale %x {factor = -2.0}\noutput %1",
        on: [0, -0.0, 1], gives: [-0.0, 0, -2], tells: [.zeroUnsigned]),
      Case(
        "scale/by-zero", "input %x : real [3]\n%1 = scale %x {factor = 0.0}\noutput %1",
        on: [1, -1, -0.0], gives: [0, -0.0, -0.0], tells: [.zeroUnsigned]),
      Case(
        "scale/subnormal", "input %x : real [4]\n%1 = scale %x {factor = 0.5}\noutput %1",
        on: [0x1p-149, 2 * 0x1p-149, 3 * 0x1p-149, 0x1p-126],
        gives: [0, 0x1p-149, 2 * 0x1p-149, 0x1p-127],
        tells: [.flushed, .tiesAway]),
      Case(
        "scale/count", steps: 2,
        "input %x : timed count<6> [3]\n%1 = scale %x {factor = 0.125}\noutput %1",
        on: [0, 1, 6, 5, 4, 3], gives: [0, 0.125, 0.75, 0.625, 0.5, 0.375]),
      Case(
        "scale/negative-spikes", "input %x : spike [2]\n%1 = scale %x {factor = -0.5}\noutput %1",
        on: [0, 1], gives: [-0.0, -0.5], tells: [.zeroUnsigned]),
      Case(
        "scale/smallest-step",
        "input %x : spike [2]\n%1 = scale %x {factor = 7.888609052210118e-31}\noutput %1",
        on: [0, 1], gives: [0, 0x1p-100]),
      Case(
        "scale/below-the-smallest-step",
        "input %x : spike [2]\n%1 = scale %x {factor = 3.944304526105059e-31}\noutput %1",
        on: [0, 1], gives: [0, 0x1p-101]),
    ]
  }
}
