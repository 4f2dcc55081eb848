import IRTestSupport

extension Refusal {
  /// Modules that can be decoded and break a rule of `structure.md` or of `types.md`.
  static var invalid: [Refusal] { rules + types + files }

  /// A module that breaks a rule with the lines between `time_steps` and the end.
  static func invalid(
    _ id: String, _ name: String, steps: Int = 2, _ body: String, or others: [String] = [],
    on input: [Float]? = nil
  ) -> Refusal {
    let lines = body.split(separator: "\n").map { "  \($0)\n" }.joined()
    return Refusal(
      "invalid", id, name,
      text: "snnir 1\n\nmodule @\"\(name)\" {\n  time_steps = \(steps)\n\(lines)}\n", or: others,
      on: input.map { ([$0.count], $0) })
  }

  private static var rules: [Refusal] {
    let input = "input %x : real [2]\n"
    let end = "\noutput %1"
    return [
      invalid("time-steps", "none", steps: 0, input + "output %x"),
      invalid("time-steps", "negative", steps: -1, input + "output %x"),
      invalid("time-steps", "too-many", steps: 4097, input + "output %x"),
      invalid(
        "duplicate-metadata", "same-key",
        "meta \"a\" = \"1\"\nmeta \"b\" = \"2\"\nmeta \"a\" = \"1\"\n" + input + "output %x"),
      invalid(
        "duplicate-weight", "same-name",
        "weight @\"a\" : f32 [1] = [1]\nweight @\"a\" : f32 [2] = [1, 2]\n" + input + "output %x"),
      invalid(
        "duplicate-neuron", "same-last-origin",
        input + "%1 = if %x {threshold = 1.0} from \"a\", \"b\"\n"
          + "%2 = if %1 {threshold = 1.0} from \"b\"\noutput %2"),
      invalid(
        "duplicate-neuron", "name-of-a-value",
        input + "%1 = if %x {threshold = 1.0}\n%2 = if %1 {threshold = 1.0} from \"%1\"\noutput %2"),
      invalid("unknown-op", "relu", input + "%1 = relu %x" + end),
      invalid("unknown-op", "upper-case", input + "%1 = Repeat %x" + end),
      invalid("unknown-attribute", "of-an-op-without", input + "%1 = repeat %x {steps = 2}" + end),
      invalid(
        "unknown-attribute", "another", input + "%1 = if %x {threshold = 1.0, tau = 2.0}" + end),
      invalid("missing-attribute", "one-of-two", input + "%1 = lif %x {tau = 2.0}" + end),
      invalid("missing-attribute", "all", input + "%1 = scale %x" + end),
      invalid(
        "duplicate-attribute", "same-value",
        input + "%1 = if %x {threshold = 1.0, threshold = 1.0}" + end),
      invalid("attribute-kind", "integer-for-real", input + "%1 = scale %x {factor = 2}" + end),
      invalid("attribute-kind", "real-for-integer", input + "%1 = sum %x {axis = 0.0}" + end),
      invalid("attribute-kind", "list-for-integer", input + "%1 = sum %x {axis = [0]}" + end),
      invalid("attribute-kind", "integer-for-list", input + "%1 = reshape %x {shape = 2}" + end),
      invalid(
        "attribute-kind", "integer-for-boolean",
        "input %x : real [1, 1, 1]\n%1 = matmul %x, %x {transpose_lhs = 0, transpose_rhs = false}"
          + end),
      invalid("operand-count", "too-few", input + "%1 = add %x" + end),
      invalid("operand-count", "too-many", input + "%1 = repeat %x, %x" + end),
      invalid("weight-count", "too-few", input + "%1 = linear %x" + end),
      invalid(
        "weight-count", "too-many",
        "weight @\"w\" : f32 [2, 2] = [1, 2, 3, 4]\nweight @\"b\" : f32 [2] = [1, 2]\n" + input
          + "%1 = linear %x, @\"w\", @\"b\", @\"b\"" + end),
      invalid(
        "weight-count", "of-an-op-without",
        "weight @\"w\" : f32 [2] = [1, 2]\n" + input + "%1 = repeat %x, @\"w\"" + end),
      invalid("undefined-value", "later", input + "%1 = add %x, %2\n%2 = add %x, %x" + end),
      invalid("undefined-value", "itself", input + "%1 = add %x, %1" + end),
      invalid("undefined-value", "output", input + "%1 = add %x, %x\noutput %2"),
      invalid("undefined-weight", "no-such-line", input + "%1 = linear %x, @\"w\"" + end),
      invalid(
        "undefined-weight", "a-value-of-that-name",
        "weight @\"w\" : f32 [2] = [1, 2]\n" + input
          + "%w2 = add %x, %x\n%1 = affine %w2, @\"w\", @\"w2\"" + end),
    ]
  }

  private static var types: [Refusal] {
    let end = "\noutput %1"
    return [
      invalid("wrong-type", "shape", "input %x : real [2]\n%1 = add %x, %x : real [3]" + end),
      invalid("wrong-type", "rank", "input %x : real [2]\n%1 = add %x, %x : real [2, 1]" + end),
      invalid(
        "wrong-type", "static-for-timed", "input %x : real [2]\n%1 = repeat %x : real [2]" + end),
      invalid(
        "wrong-type", "timed-for-static",
        "input %x : real [2]\n%1 = add %x, %x : timed real [2]" + end),
      invalid("wrong-type", "domain", "input %x : spike [2]\n%1 = add %x, %x : spike [2]" + end),
      invalid(
        "wrong-type", "larger-domain", "input %x : spike [2]\n%1 = add %x, %x : count<3> [2]" + end),
      invalid(
        "wrong-type", "real-for-exact", "input %x : spike [2]\n%1 = add %x, %x : real [2]" + end),
      invalid(
        "wrong-type", "beyond-exact",
        "input %x : count<16777216> [2]\n%1 = add %x, %x : count<33554432> [2]" + end,
        or: ["invalid-domain"]),
      invalid(
        "wrong-type", "product-that-is-no-spike",
        "input %x : fixed<-1, 0, 2^-0> [2]\n%1 = mul %x, %x : spike [2]" + end),
      invalid(
        "wrong-type", "mean-of-three",
        "input %x : spike [1, 3]\n%1 = mean %x : fixed<0, 3, 2^-2> [1]" + end),
      invalid("invalid-shape", "zero", "input %x : real [2, 0]\noutput %x"),
      invalid("invalid-shape", "negative", "input %x : real [-2]\noutput %x"),
      invalid("invalid-shape", "too-many-elements", "input %x : real [131072, 131073]\noutput %x"),
      invalid(
        "invalid-shape", "beyond-64-bits",
        "input %x : real [4294967296, 4294967296, 4294967296]\noutput %x"),
      invalid(
        "invalid-shape", "of-a-weight",
        "weight @\"w\" : f32 [0] = []\ninput %x : real [2]\noutput %x"),
      invalid(
        "invalid-shape", "of-a-result",
        "weight @\"k\" : f32 [1, 1, 1, 1] = [1]\ninput %x : real [1, 1, 1]\n"
          + "%1 = conv2d %x, @\"k\" {stride = [1, 1], padding = [65536, 65536]}" + end),
      invalid("invalid-domain", "count-1", "input %x : count<1> [2]\noutput %x"),
      invalid("invalid-domain", "count-0", "input %x : count<0> [2]\noutput %x"),
      invalid("invalid-domain", "negative-count", "input %x : count<-2> [2]\noutput %x"),
      invalid("invalid-domain", "count-as-fixed", "input %x : fixed<0, 9, 2^-0> [2]\noutput %x"),
      invalid("invalid-domain", "spike-as-fixed", "input %x : fixed<0, 1, 2^-0> [2]\noutput %x"),
      invalid("invalid-domain", "zero-alone", "input %x : fixed<0, 0, 2^-0> [2]\noutput %x"),
      invalid(
        "invalid-domain", "bounds-out-of-order", "input %x : fixed<4, -3, 2^-5> [2]\noutput %x"),
      invalid("invalid-domain", "too-high", "input %x : count<16777217> [2]\noutput %x"),
      invalid("invalid-domain", "too-low", "input %x : fixed<-16777217, 0, 2^-1> [2]\noutput %x"),
      invalid("invalid-domain", "too-fine", "input %x : fixed<0, 1, 2^-101> [2]\noutput %x"),
      invalid(
        "invalid-domain", "of-a-node",
        "input %x : spike [2]\n%1 = add %x, %x : fixed<0, 2, 2^-0> [2]" + end,
        or: ["wrong-type"]),
    ]
  }

  /// The same in the binary form, where a reader takes other ways.
  private static var files: [Refusal] {
    let vector = Message.type([2])
    /// A file of a module with one node.
    func file(_ node: [UInt8], output: Int = 1, input: [UInt8] = vector) -> [UInt8] {
      Field.file(Message.module(input: input, output: output, nodes: [node]))
    }
    /// A file whose input has an exact domain.
    func domain(_ low: Int, _ high: Int, _ scale: Int) -> [UInt8] {
      Field.file(Message.module(input: Message.type([2], exact: [low, high, scale]), output: 0))
    }
    let add = Message.node("add", [0, 0], type: vector)
    let entry = Field.bytes(5, Field.bytes(1, [65]))
    /// A binary file that breaks a rule.
    func invalid(_ id: String, _ name: String, _ file: [UInt8]) -> Refusal {
      Refusal("invalid", id, name, file: file)
    }
    return [
      invalid("undefined-value", "file-itself", file(Message.node("add", [0, 1], type: vector))),
      invalid(
        "undefined-value", "file-far", file(Message.node("add", [0, 1 << 31], type: vector))),
      invalid("undefined-value", "file-output", file(add, output: 2)),
      invalid(
        "undefined-weight", "file-position",
        file(Message.node("linear", [0], weights: [0], type: vector))),
      invalid("unknown-op", "file-nul", file(Message.node("add\0", [0, 0], type: vector))),
      invalid("unknown-op", "file-empty", file(Message.node("", [0, 0], type: vector))),
      invalid(
        "wrong-type", "file-shape", file(Message.node("add", [0, 0], type: Message.type([3])))),
      invalid(
        "wrong-type", "file-domain",
        file(Message.node("add", [0, 0], type: Message.type([2], exact: [0, 1, 0])))),
      invalid(
        "attribute-kind", "file-integer-for-real",
        file(
          Message.node(
            "scale", [0], [Field.bytes(1, Array("factor".utf8)) + Field.signed(2, 2)], type: vector)
        )),
      invalid(
        "unknown-attribute", "file-of-an-op-without",
        file(
          Message.node("add", [0, 0], [Field.bytes(1, [65]) + Field.varint(5, 1)], type: vector))),
      invalid("operand-count", "file-none", file(Message.node("add", [], type: vector))),
      invalid("time-steps", "file-absent", Field.file(Field.bytes(3, vector))),
      invalid(
        "duplicate-metadata", "file-same-key",
        Field.file(Message.module(input: vector, output: 0) + entry + entry)),
      invalid(
        "duplicate-weight", "file-same-name",
        Field.file(
          Message.module(
            input: vector, output: 0,
            weights: [
              Message.weight("a", [1], offset: 0, [1]), Message.weight("a", [1], offset: 64, [1]),
            ]),
          weights: Message.padded([1]) + Message.padded([1]))),
      invalid("invalid-domain", "file-zero-alone", domain(0, 0, 0)),
      invalid("invalid-domain", "file-bounds-out-of-order", domain(1, 0, 0)),
      invalid("invalid-domain", "file-least", domain(.min, 0, 0)),
      invalid("invalid-domain", "file-too-fine", domain(0, 1, 101)),
      invalid(
        "invalid-shape", "file-zero",
        Field.file(Message.module(input: Message.type([2, 0]), output: 0))),
      invalid(
        "invalid-shape", "file-beyond-64-bits",
        Field.file(Message.module(input: Message.type([1 << 32, 1 << 32]), output: 0))),
      invalid(
        "invalid-shape", "file-all-bits",
        Field.file(Message.module(input: Message.type([-1]), output: 0))),
    ]
  }
}
