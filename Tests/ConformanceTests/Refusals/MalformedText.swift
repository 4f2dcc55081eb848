extension Refusal {
  /// Texts that are none of the text form.
  static var texts: [Refusal] { tokens + grammar + names }

  private static func malformed(
    _ id: String, _ name: String, _ text: String, or others: [String] = []
  ) -> Refusal {
    Refusal("malformed", id, name, text: text, or: others)
  }

  /// A text with other lines between `time_steps` and the input.
  private static func weight(
    _ id: String, _ name: String, _ lines: String, or others: [String] = []
  ) -> Refusal {
    malformed(
      id, name,
      "snnir 1\nmodule @\"m\" {\n  time_steps = 1\n  \(lines)\n  input %x : real [1]\n  output %x\n}\n",
      or: others)
  }

  /// A text with other lines behind the input.
  private static func node(_ id: String, _ name: String, _ lines: String, or others: [String] = [])
    -> Refusal
  {
    malformed(
      id, name,
      "snnir 1\nmodule @\"m\" {\n  time_steps = 1\n  input %x : real [1]\n  \(lines)\n}\n",
      or: others)
  }

  private static var tokens: [Refusal] {
    let overflow = "3.40282356779733661637539395458142568448e38"
    return [
      node("unexpected-character", "semicolon", "output %x;"),
      node("unexpected-character", "one-slash", "/ a comment\n  output %x"),
      node("unexpected-character", "hash", "# a comment\n  output %x"),
      node(
        "unexpected-character", "not-ascii", "%é = scale %x {factor = 2.0}\n  output %x",
        or: ["unexpected-token"]),
      node("unexpected-character", "dot", "%1 = scale %x {factor = .5}\n  output %1"),
      node("unexpected-character", "plus", "%1 = scale %x {factor = +0.5}\n  output %1"),
      node("unexpected-character", "parenthesis", "%1 = scale(%x) {factor = 0.5}\n  output %1"),
      malformed(
        "unexpected-character", "nul",
        "snnir 1\nmodule @\"m\" {\n  time_steps = 1\u{0}\n  input %x : real [1]\n  output %x\n}\n"),
      weight("bad-string", "open", "meta \"a\" = \"b"),
      weight("bad-string", "over-the-line", "meta \"a\nb\" = \"c\""),
      weight("bad-string", "tab", "meta \"a\tb\" = \"c\""),
      weight("bad-string", "other-escape", #"meta "a\nb" = "c""#),
      weight("bad-string", "escaped-quote", #"meta "a\"b" = "c""#),
      weight("bad-string", "one-digit", #"meta "a\x4" = "c""#),
      weight("bad-string", "no-digits", #"meta "a\xGG" = "c""#),
      weight("bad-string", "not-utf-8", #"meta "\xFF" = "c""#),
      weight("bad-string", "cut-utf-8", #"meta "\xE2\x82" = "c""#),
      weight("bad-string", "overlong-utf-8", #"meta "\xC0\x80" = "c""#),
      weight("bad-string", "surrogate", #"meta "\xED\xA0\x80" = "c""#),
      weight("bad-string", "not-ascii", "meta \"é\" = \"c\""),
      weight(
        "bad-number", "integer-above-64-bits", "weight @\"w\" : f32 [1] = [9223372036854775808]"),
      weight(
        "bad-number", "integer-below-64-bits", "weight @\"w\" : f32 [1] = [-9223372036854775809]"),
      weight("bad-number", "beyond-binary32", "weight @\"w\" : f32 [1] = [1e39]"),
      weight("bad-number", "halfway-to-infinity", "weight @\"w\" : f32 [1] = [\(overflow)]"),
      weight("bad-number", "negative", "weight @\"w\" : f32 [1] = [-\(overflow)]"),
      node("bad-number", "beyond-binary64", "%1 = scale %x {factor = 1e309}\n  output %1"),
      node(
        "bad-number", "no-fraction", "%1 = scale %x {factor = 2.}\n  output %1",
        or: ["unexpected-character"]),
      node(
        "bad-number", "no-exponent", "%1 = scale %x {factor = 2.0e}\n  output %1",
        or: ["unexpected-token"]),
      node(
        "bad-number", "hexadecimal", "%1 = scale %x {factor = 0x1p1}\n  output %1",
        or: ["unexpected-token"]),
      node(
        "bad-number", "minus-alone", "%1 = scale %x {factor = -}\n  output %1",
        or: ["unexpected-character"]),
      node("unexpected-token", "nan", "%1 = scale %x {factor = nan}\n  output %1"),
      node("unexpected-token", "infinity", "%1 = scale %x {factor = inf}\n  output %1"),
    ]
  }

  private static var grammar: [Refusal] {
    let head = "snnir 1\nmodule @\"m\" {\n  time_steps = 1\n"
    return [
      Refusal(
        "malformed", "bad-text", "in-a-comment", bytes: Array("snnir 1 // ".utf8) + [0xFF, 10]),
      Refusal(
        "malformed", "bad-text", "in-a-string",
        bytes: Array("snnir 1 module @\"".utf8) + [0xE2, 0x82] + Array("\" {".utf8)),
      malformed("unknown-version", "newer", "snnir 2\nmodule @\"m\" {\n  something = new\n}\n"),
      malformed("unknown-version", "far", "snnir 4294967297\nmodule @\"m\" {\n}\n"),
      malformed("unknown-version", "nothing-else-is-known", "snnir 2; \"\n$\n"),
      malformed("unknown-version", "zero", "snnir 0\nmodule @\"m\" {\n}\n"),
      malformed("unknown-version", "negative", "snnir -1\nmodule @\"m\" {\n}\n"),
      malformed(
        "unexpected-token", "version-as-a-real", "snnir 1.0\nmodule @\"m\" {\n}\n",
        or: ["unknown-version"]),
      malformed(
        "unexpected-token", "name-without-at",
        "snnir 1\nmodule \"m\" {\n  time_steps = 1\n  input %x : real [1]\n  output %x\n}\n"),
      malformed("unexpected-token", "ends-early", head + "  input %x : real [1]\n  output %x\n"),
      malformed("unexpected-token", "nothing-but-a-version", "snnir 1\n"),
      malformed("unexpected-token", "empty", ""),
      malformed("unexpected-token", "no-version", "module @\"m\" {\n}\n"),
      malformed(
        "unexpected-token", "value-without-output", head + "  input %x : real [1]\n  %x\n}\n"),
      malformed("unexpected-character", "byte-order-mark", "\u{FEFF}snnir 1\nmodule @\"m\" {\n}\n"),
      malformed(
        "unexpected-token", "goes-on", head + "  input %x : real [1]\n  output %x\n}\nsnnir 1\n"),
      malformed("unexpected-token", "no-input", head + "  output %x\n}\n"),
      malformed(
        "unexpected-token", "no-steps",
        "snnir 1\nmodule @\"m\" {\n  input %x : real [1]\n  output %x\n}\n"),
      malformed(
        "unexpected-token", "steps-as-a-real",
        "snnir 1\nmodule @\"m\" {\n  time_steps = 1.0\n  input %x : real [1]\n  output %x\n}\n"),
      weight("unexpected-token", "other-format", "weight @\"w\" : f64 [1] = [1.0]"),
      weight(
        "unexpected-token", "meta-behind-a-weight",
        "weight @\"w\" : f32 [1] = [1.0]\n  meta \"a\" = \"b\""),
      weight("unexpected-token", "meta-without-a-value", "meta \"a\""),
      node("unexpected-token", "comma-at-the-end", "%1 = reshape %x {shape = [1,]}\n  output %1"),
      weight("unexpected-token", "real-extent", "weight @\"w\" : f32 [1.0] = [1.0]"),
      node("unexpected-token", "no-output", ""),
      node("unexpected-token", "two-outputs", "output %x\n  output %x"),
      node(
        "unexpected-token", "weight-behind-the-input",
        "weight @\"w\" : f32 [1] = [1.0]\n  output %x"),
      node("unexpected-token", "no-operands", "%1 = repeat\n  output %1"),
      node("unexpected-token", "no-attributes-in-braces", "%1 = repeat %x {}\n  output %1"),
      node("unexpected-token", "text-attribute", "%1 = scale %x {factor = \"2\"}\n  output %1"),
      node("unexpected-token", "other-boolean", "%1 = scale %x {factor = yes}\n  output %1"),
      node("unexpected-token", "nested-list", "%1 = reshape %x {shape = [[1]]}\n  output %1"),
      node(
        "unexpected-token", "type-before-the-attributes",
        "%1 = scale %x : real [1] {factor = 2.0}\n  output %1",
        or: ["missing-attribute"]),
      node("unexpected-token", "origin-without-quotes", "%1 = repeat %x from block\n  output %1"),
      node("unexpected-token", "no-origin", "%1 = repeat %x from\n  output %1"),
      node("unexpected-token", "no-domain", "%1 = repeat %x : timed [1]\n  output %1"),
      node(
        "unexpected-token", "other-base",
        "%1 = repeat %x : timed fixed<0, 3, 3^-1> [1]\n  output %1"),
      node("unexpected-token", "no-shape", "%1 = repeat %x : timed real\n  output %1"),
      node(
        "unexpected-token", "two-types",
        "%1 = repeat %x : timed real [1] : timed real [1]\n  output %1"),
      malformed(
        "unexpected-token", "value-behind-a-weight",
        head
          + "  weight @\"w\" : f32 [1, 1] = [1]\n  input %x : real [1]\n  %1 = linear @\"w\", %x\n  output %1\n}\n"
      ),
    ]
  }

  private static var names: [Refusal] {
    [
      node("duplicate-value", "input", "%x = scale %x {factor = 1.0}\n  output %x"),
      node("duplicate-value", "node", "%1 = repeat %x\n  %1 = repeat %x\n  output %1"),
      weight("weight-data", "too-few", "weight @\"w\" : f32 [2] = [1.0]"),
      weight("weight-data", "too-many", "weight @\"w\" : f32 [2] = [1.0, 2.0, 3.0]"),
      weight("weight-data", "none", "weight @\"w\" : f32 [2] = []"),
      weight("weight-data", "scalar", "weight @\"w\" : f32 [] = []"),
      weight("unknown-weight", "without-numbers", "weight @\"w\" : f32 [2]"),
    ]
  }
}
