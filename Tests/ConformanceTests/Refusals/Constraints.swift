extension Refusal {
  /// Modules that break a constraint of an op.
  static var constraints: [Refusal] { elementwise + neurons + windows + matrices }

  /// A module whose first node breaks a constraint.
  private static func breaks(
    _ id: String, _ name: String, _ input: String, _ node: String, weights: [String] = [],
    or others: [String] = [], on elements: [Float]? = nil
  ) -> Refusal {
    invalid(
      id, name,
      weights.map { "weight \($0)\n" }.joined() + "input %x : \(input)\n%1 = \(node)\noutput %1",
      or: others, on: elements)
  }

  private static var elementwise: [Refusal] {
    let one = ["@\"a\" : f32 [1] = [1]"]
    let two = ["@\"a\" : f32 [2] = [1, 2]"]
    /// A norm of one channel with a variance and an epsilon.
    func norm(
      _ id: String, _ name: String, variance: String, epsilon: String, weight: String = "1.0",
      mean: String = "0.0",
      on: [Float]? = nil
    ) -> Refusal {
      breaks(
        id, name, "real [1]",
        "batch_norm %x, @\"w\", @\"b\", @\"m\", @\"v\" {epsilon = \(epsilon)}",
        weights: [
          "@\"w\" : f32 [1] = [\(weight)]", "@\"b\" : f32 [1] = [0]",
          "@\"m\" : f32 [1] = [\(mean)]",
          "@\"v\" : f32 [1] = [\(variance)]",
        ], on: on)
    }
    return [
      invalid(
        "add-c1", "other-shape",
        "input %x : real [2]\n%1 = reshape %x {shape = [1, 2]}\n%2 = add %x, %1\noutput %2"),
      breaks("affine-c1", "scalar", "real []", "affine %x, @\"a\", @\"a\"", weights: one),
      breaks(
        "affine-c2", "scale", "real [2, 1]", "affine %x, @\"a\", @\"b\"",
        weights: one + ["@\"b\" : f32 [2] = [1, 2]"]),
      breaks(
        "affine-c2", "shift", "real [2, 1]", "affine %x, @\"b\", @\"a\"",
        weights: one + ["@\"b\" : f32 [2] = [1, 2]"]),
      breaks(
        "affine-c2", "two-axes", "real [2]", "affine %x, @\"a\", @\"a\"",
        weights: ["@\"a\" : f32 [2, 1] = [1, 2]"]),
      breaks(
        "batch_norm-c1", "scalar", "real []",
        "batch_norm %x, @\"a\", @\"a\", @\"a\", @\"a\" {epsilon = 0.0}",
        weights: one),
      breaks(
        "batch_norm-c2", "variance", "real [2]",
        "batch_norm %x, @\"a\", @\"a\", @\"a\", @\"b\" {epsilon = 0.0}",
        weights: two + ["@\"b\" : f32 [3] = [1, 2, 3]"]),
      norm("batch_norm-c3", "negative", variance: "1.0", epsilon: "-1e-05"),
      norm("batch_norm-c4", "zero", variance: "0.0", epsilon: "0.0", on: [1]),
      norm("batch_norm-c4", "negative", variance: "-1.0", epsilon: "0.5", on: [1]),
      norm("batch_norm-c5", "scale", variance: "1e-45", epsilon: "0.0", weight: "1e30", on: [1]),
      norm(
        "batch_norm-c5", "shift", variance: "1.0", epsilon: "0.0", weight: "1e20", mean: "1e20",
        on: [1]),
      invalid(
        "batch_norm-c4", "nobody-reads-it",
        "weight @\"w\" : f32 [1] = [1]\nweight @\"v\" : f32 [1] = [-1]\ninput %x : real [1]\n"
          + "%1 = batch_norm %x, @\"w\", @\"w\", @\"w\", @\"v\" {epsilon = 0.0}\noutput %x",
        on: [1]),
      invalid(
        "mul-c1", "other-rank",
        "input %x : real [2]\n%1 = reshape %x {shape = [1, 2]}\n%2 = mul %x, %1\noutput %2"),
      invalid(
        "mul-c1", "other-extent",
        "input %x : real [2, 3]\n%1 = transpose %x\n%2 = mul %x, %1\noutput %2"),
      invalid(
        "mul-c1", "shared-by-the-right",
        "input %x : real [2, 3]\n%1 = sum %x {axis = 1}\n%2 = mul %1, %x\noutput %2"),
      invalid(
        "mul-c2", "two-axes",
        "input %x : real [2, 3]\n%1 = sum %x {axis = 0}\n%2 = sum %1 {axis = 1}\n%3 = mul %x, %2\noutput %3"
      ),
      breaks("scale-c1", "not-of-binary32", "real [2]", "scale %x {factor = 0.1}"),
      breaks("scale-c1", "too-large", "real [2]", "scale %x {factor = 1e39}"),
      breaks("scale-c1", "too-small", "real [2]", "scale %x {factor = 1e-46}"),
    ]
  }

  private static var neurons: [Refusal] {
    var all = [
      breaks("lif-c1", "below-one", "real [2]", "lif %x {tau = 0.5, threshold = 1.0}"),
      breaks("lif-c1", "not-of-binary32", "real [2]", "lif %x {tau = 1.1, threshold = 1.0}"),
      breaks("plif-c1", "zero", "real [2]", "plif %x {inverse_tau = 0.0, threshold = 1.0}"),
      breaks("plif-c1", "above-one", "real [2]", "plif %x {inverse_tau = 1.5, threshold = 1.0}"),
      breaks(
        "plif-c1", "not-of-binary32", "real [2]", "plif %x {inverse_tau = 0.1, threshold = 1.0}"),
    ]
    for (id, op) in [
      ("if-c1", "if %x {"), ("lif-c2", "lif %x {tau = 2.0, "),
      ("plif-c2", "plif %x {inverse_tau = 0.5, "),
    ] {
      for (name, threshold) in [
        ("zero", "0.0"), ("negative", "-1.0"), ("not-of-binary32", "0.1"), ("too-large", "1e39"),
      ] {
        all.append(breaks(id, name, "real [2]", "\(op)threshold = \(threshold)}"))
      }
    }
    return all
  }

  private static var windows: [Refusal] {
    /// A convolution of a kernel, and of a bias where one is given.
    func conv(
      _ id: String, _ name: String, _ input: String, kernel: [Int], bias: [Int]? = nil,
      _ attributes: String = "stride = [1, 1], padding = [0, 0]", or others: [String] = []
    ) -> Refusal {
      /// A weight of ones.
      func ones(_ name: String, _ shape: [Int]) -> String {
        let numbers = [String](repeating: "1.0", count: shape.reduce(1, *))
        return "@\"\(name)\" : f32 \(shape) = [\(numbers.joined(separator: ", "))]"
      }
      return breaks(
        id, name, input, "conv2d %x, @\"k\"\(bias == nil ? "" : ", @\"b\"") {\(attributes)}",
        weights: [ones("k", kernel)] + (bias.map { [ones("b", $0)] } ?? []), or: others)
    }
    /// A pool.
    func pool(
      _ id: String, _ name: String, _ input: String = "real [1, 4, 4]", kernel: [Int] = [2, 2],
      stride: [Int] = [1, 1],
      padding: [Int] = [0, 0]
    ) -> Refusal {
      breaks(
        id, name, input,
        "max_pool2d %x {kernel = \(kernel), stride = \(stride), padding = \(padding)}")
    }
    let image = "real [2, 4, 4]"
    return [
      conv("conv2d-c1", "two-axes", "real [2, 4]", kernel: [1, 1, 2, 1]),
      conv("conv2d-c1", "four-axes", "real [1, 2, 4, 4]", kernel: [1, 1, 2, 1]),
      conv("conv2d-c2", "three-axes", image, kernel: [1, 1, 2]),
      conv("conv2d-c2", "channels", image, kernel: [1, 1, 3, 1]),
      conv(
        "conv2d-c2", "channels-of-groups", image, kernel: [1, 1, 2, 2],
        "stride = [1, 1], padding = [0, 0], groups = 2"),
      conv("conv2d-c3", "extent", image, kernel: [1, 1, 2, 1], bias: [2]),
      conv("conv2d-c3", "two-axes", image, kernel: [1, 1, 2, 1], bias: [1, 1]),
      conv(
        "conv2d-c4", "one-stride", image, kernel: [1, 1, 2, 1], "stride = [1], padding = [0, 0]"),
      conv(
        "conv2d-c4", "three-paddings", image, kernel: [1, 1, 2, 1],
        "stride = [1, 1], padding = [0, 0, 0]"),
      conv(
        "conv2d-c4", "stride-of-zero", image, kernel: [1, 1, 2, 1],
        "stride = [1, 0], padding = [0, 0]"),
      conv(
        "conv2d-c4", "stride-too-large", image, kernel: [1, 1, 2, 1],
        "stride = [65537, 1], padding = [0, 0]"),
      conv(
        "conv2d-c4", "negative-padding", image, kernel: [1, 1, 2, 1],
        "stride = [1, 1], padding = [-1, 0]"),
      conv(
        "conv2d-c4", "padding-too-large", image, kernel: [1, 1, 2, 1],
        "stride = [1, 1], padding = [0, 65537]"),
      conv(
        "conv2d-c4", "kernel-beyond-the-padding", image, kernel: [1, 7, 2, 1],
        "stride = [1, 1], padding = [0, 1]"),
      conv(
        "conv2d-c5", "results", image, kernel: [1, 1, 1, 3],
        "stride = [1, 1], padding = [0, 0], groups = 2"),
      conv(
        "conv2d-c5", "zero", image, kernel: [1, 1, 2, 1],
        "stride = [1, 1], padding = [0, 0], groups = 0",
        or: ["conv2d-c2"]),
      conv(
        "conv2d-c5", "channels", image, kernel: [1, 1, 1, 3],
        "stride = [1, 1], padding = [0, 0], groups = 3",
        or: ["conv2d-c2"]),
      pool("max_pool2d-c1", "two-axes", "real [4, 4]"),
      pool("max_pool2d-c2", "one-extent", kernel: [2]),
      pool("max_pool2d-c2", "window-of-zero", kernel: [0, 1]),
      pool("max_pool2d-c2", "stride-of-zero", stride: [0, 1]),
      pool("max_pool2d-c2", "negative-padding", padding: [0, -1]),
      pool("max_pool2d-c2", "padding-beyond-half", kernel: [3, 3], padding: [2, 1]),
      pool("max_pool2d-c2", "window-beyond-the-input", kernel: [5, 1]),
    ]
  }

  private static var matrices: [Refusal] {
    let weights = ["@\"w\" : f32 [2, 3] = [1, 2, 3, 4, 5, 6]", "@\"b\" : f32 [2] = [1, 2]"]
    return [
      breaks("linear-c1", "two-axes", "real [1, 2]", "linear %x, @\"w\"", weights: weights),
      breaks("linear-c2", "one-axis", "real [2]", "linear %x, @\"b\"", weights: weights),
      breaks("linear-c2", "inputs", "real [3]", "linear %x, @\"w\"", weights: weights),
      breaks("linear-c3", "outputs", "real [2]", "linear %x, @\"w\", @\"b\"", weights: weights),
      breaks(
        "matmul-c1", "two-axes", "real [2, 2]",
        "matmul %x, %x {transpose_lhs = false, transpose_rhs = false}"),
      invalid(
        "matmul-c1", "other-stack",
        "input %x : real [2, 1, 1]\n%1 = reshape %x {shape = [1, 1, 2]}\n"
          + "%2 = matmul %x, %1 {transpose_lhs = false, transpose_rhs = false}\noutput %2"),
      breaks(
        "matmul-c2", "inner", "real [1, 2, 3]",
        "matmul %x, %x {transpose_lhs = false, transpose_rhs = false}"),
      breaks(
        "matmul-c2", "both-transposed", "real [1, 2, 3]",
        "matmul %x, %x {transpose_lhs = true, transpose_rhs = true}"),
      breaks("mean-c1", "one-axis", "real [2]", "mean %x"),
      breaks("mean_steps-c1", "static", "real [2]", "mean_steps %x"),
      breaks("repeat-c1", "timed", "timed real [2]", "repeat %x"),
      breaks("reshape-c1", "count", "real [2, 3]", "reshape %x {shape = [5]}"),
      breaks("reshape-c1", "zero", "real [2]", "reshape %x {shape = [2, 0]}"),
      breaks("reshape-c1", "guess", "real [2]", "reshape %x {shape = [-1]}"),
      breaks("reshape-c1", "product-of-negatives", "real [2]", "reshape %x {shape = [-1, -2]}"),
      breaks("sum-c1", "negative", "real [2]", "sum %x {axis = -1}"),
      breaks("sum-c1", "beyond", "real [2]", "sum %x {axis = 1}"),
      breaks("transpose-c1", "one-axis", "real [2]", "transpose %x"),
      breaks("transpose-c1", "three-axes", "real [1, 2, 1]", "transpose %x"),
    ]
  }
}
