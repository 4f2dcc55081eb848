extension Case {
  /// `repeat`, `reshape` and `transpose`.
  static func moves() throws -> [Case] {
    try [
      Case(
        "repeat/real", steps: 3, "input %x : real [2]\n%1 = repeat %x\noutput %1", on: [0.1, -0.0],
        gives: [0.1, -0.0, 0.1, -0.0, 0.1, -0.0], tells: [.zeroUnsigned]),
      Case(
        "repeat/spikes", steps: 2, "input %x : spike [1, 3]\n%1 = repeat %x\noutput %1",
        on: [1, 0, 1], gives: [1, 0, 1, 1, 0, 1]),
      Case(
        "repeat/negative-zero-of-a-spike", "input %x : spike [2]\n%1 = repeat %x\noutput %1",
        on: [-0.0, 1], gives: [0, 1]),
      Case(
        "repeat/negative-zero-of-a-count", "input %x : count<2> [2]\n%1 = repeat %x\noutput %1",
        on: [-0.0, 2], gives: [-0.0, 2], tells: [.zeroUnsigned]),
      Case(
        "repeat/one-step", "input %x : count<7> [2]\n%1 = repeat %x\noutput %1", on: [7, 0],
        gives: [7, 0]),
      Case(
        "reshape/other-axes",
        "input %x : real [2, 3, 4]\n%1 = reshape %x {shape = [4, 6]}\noutput %1",
        tells: [.columnMajor]),
      Case(
        "reshape/there-and-back", steps: 2,
        """
        input %x : timed spike [2, 3, 2]
        %1 = reshape %x {shape = [4, 3]}
        %2 = transpose %1
        %3 = reshape %2 {shape = [12]}
        output %3
        """, tells: [.columnMajor, .transposeIgnored]),
      Case(
        "reshape/to-a-scalar", "input %x : real [1, 1]\n%1 = reshape %x {shape = []}\noutput %1",
        on: [-0.0], gives: [-0.0], tells: [.zeroUnsigned]),
      Case(
        "reshape/from-a-scalar", steps: 2,
        "input %x : timed real []\n%1 = reshape %x {shape = [1, 1, 1, 1]}\noutput %1",
        on: [0.1, 0x1p-149],
        gives: [0.1, 0x1p-149]),
      Case(
        "transpose/real", "input %x : real [2, 3]\n%1 = transpose %x\noutput %1",
        on: [1, 2, 3, 4, 5, -0.0], gives: [1, 4, 2, 5, 3, -0.0],
        tells: [.transposeIgnored, .zeroUnsigned]),
      Case(
        "transpose/spikes", steps: 3, "input %x : timed spike [5, 4]\n%1 = transpose %x\noutput %1",
        tells: [.transposeIgnored]),
      Case(
        "transpose/row", "input %x : fixed<-3, 4, 2^-5> [1, 4]\n%1 = transpose %x\noutput %1",
        on: [-0.09375, 0, 0.125, 0.03125], gives: [-0.09375, 0, 0.125, 0.03125]),
    ]
  }
}
