extension Case {
  /// Texts that say what they say in unusual ways.
  static func textForm() throws -> [Case] {
    try numbers() + spellings()
  }

  /// A case whose output is the numbers as they are spelled: a bias to which nothing is added.
  private static func numbers(_ name: String, _ spelled: [(String, Float)]) throws -> Case {
    let zeros = spelled.map { _ in "0.0" }.joined(separator: ", ")
    return try Case(
      "text/\(name)",
      text: """
        snnir 1

        module @"text/\(name)" {
          time_steps = 1
          weight @"weight" : f32 [1, \(spelled.count)] = [\(zeros)]
          weight @"numbers" : f32 [\(spelled.count)] = [
            \(spelled.map(\.0).joined(separator: ",\n    "))
          ]
          input %input : spike [1]
          %1 = linear %input, @"weight", @"numbers"
          output %1
        }

        """, on: [0], gives: spelled.map(\.1))
  }

  /// Numbers of weights, which stand for the nearest binary32 number.
  private static func numbers() throws -> [Case] {
    try [
      numbers(
        "shortest-decimals",
        [
          ("0.1", 0.1), ("16777217.0", 0x1p24), ("3.4028235e+38", .greatestFiniteMagnitude),
          ("1e-45", 0x1p-149), ("1.1754944e-38", 0x1p-126), ("-0.0", -0.0),
          ("9.8e-45", 7 * 0x1p-149),
        ]),
      numbers(
        "other-spellings",
        [
          ("1E5", 100_000), ("1e+05", 100_000), ("1e0000005", 100_000), ("000012.50", 12.5),
          ("-1.5E-1", -0.15), ("0.0000000000000000000000000000000000000000000001e46", 1),
          ("0e999", 0),
          ("-0e0", -0.0),
        ]),
      numbers(
        "integers",
        [
          ("1", 1), ("-3", -3), ("16777217", 0x1p24), ("16777219", 16_777_220), ("-0", 0),
          ("9223372036854775807", 0x1p63), ("-9223372036854775808", -0x1p63), ("007", 7),
        ]),
      // Halfway between two numbers, and the least above and below.
      numbers(
        "ties",
        [
          ("1.000000059604644775390625", 1), ("1.000000178813934326171875", 1 + 0x1p-22),
          ("1.0000000596046447753906250000000000000000000000000000000000000000000001", 1 + 0x1p-23),
          ("1.0000000596046447753906249999999999999999999999999999999999999999999999", 1),
          ("-1.000000059604644775390625", -1),
        ]),
      // The nearest binary64 numbers are ties in binary32, which the numbers themselves are not.
      numbers(
        "not-by-way-of-binary64",
        [
          ("1.00000017881393432617187499", 1 + 0x1p-23),
          ("1.00000005960464477539062501", 1 + 0x1p-23),
          ("0.50000002980232238769531251", 0.5 + 0x1p-24),
          ("0.50000008940696716308593749", 0.5 + 0x1p-24), ("7.006492321624086e-46", 0x1p-149),
        ]),
      numbers(
        "subnormal",
        [
          ("7.006492321624085e-46", 0), ("7.006492321624086e-46", 0x1p-149),
          ("1.1754942807573642e-38", 0x1p-126 - 0x1p-149), ("1e-400", 0), ("-1e-400", -0.0),
          ("2.8e-45", 2 * 0x1p-149), ("-4.2038953929744512e-45", -3 * 0x1p-149),
        ]),
      numbers(
        "largest",
        [
          ("3.4028234663852886e38", .greatestFiniteMagnitude),
          ("3.40282356779733661637539395458142568447e38", .greatestFiniteMagnitude),
          ("-3.4028235677973366e38", -.greatestFiniteMagnitude),
        ]),
      numbers(
        "many-digits",
        [
          ("0." + String(repeating: "3", count: 900), 1 / 3),
          (
            "1" + String(repeating: "0", count: 30) + "." + String(repeating: "0", count: 500)
              + "1", 1e30
          ),
        ]),
    ]
  }

  /// Texts in other orders, with other blanks, names and comments.
  private static func spellings() throws -> [Case] {
    try [
      Case(
        "text/blanks-and-comments",
        text:
          "// d\u{e9}j\u{e0} vu // \"\r\nsnnir\t1//\nmodule@\"m\"{time_steps=2 input%x:real[2]// %x\n"
          + "%1=scale%x{factor=2.0}:real[2]from\"a\",\"b\"\r\n\t%2=repeat\n%1:timed real[2]output%2}//",
        on: [1, -3], gives: [2, -6, 2, -6]),
      Case(
        "text/escapes",
        text: #"""
          snnir 1
          module @"\x22quoted\x22 \x5C \xE2\x82\xAC \xe2\x82\xac // %" {
            time_steps = 1
            meta "" = "a key without letters"
            meta "\x00\x0A" = "bytes that do not show"
            weight @"w\x22" : f32 [1] = [2.0]
            weight @"\x77\x23" : f32 [1] = [-1.0]
            input %x : real [1]
            %1 = affine %x, @"\x77\x22", @"w#" from "", "a\x00b"
            output %1
          }
          """#, on: [3], gives: [5]),
      Case(
        "text/no-types",
        text: """
          snnir 1
          module @"no types" {
            time_steps = 2
            input %x : timed spike [2, 2]
            %1 = transpose %x
            %2 = add %x, %1
            %3 = scale %2 {factor = 0.5}
            %4 = mean %3
            %5 = mean_steps %4
            output %5
          }
          """, on: [0, 1, 1, 1, 1, 0, 0, 0], gives: [0.5, 0.5]),
      Case(
        "text/names-of-values",
        text: """
          snnir 1
          module @"names" {
            time_steps = 1
            input %output : real [1]
            %7 = scale %output {factor = 2.0}
            %1 = scale %7 {factor = 3.0}
            %input = scale %1 {factor = 5.0}
            %_ = add %input, %7
            %scale = add %_, %1
            output %scale
          }
          """, on: [1], gives: [38]),
      Case(
        "text/order-of-attributes",
        text: """
          snnir 1
          module @"attributes" {
            time_steps = 1
            weight @"kernel" : f32 [1, 2, 1, 1] = [1.0, 10.0]
            input %x : real [1, 1, 2]
            %1 = conv2d %x, @"kernel" {groups = 1, padding = [0, 1], stride = [1, 1]}
            %2 = max_pool2d %1 {padding = [0, 0], kernel = [1, 2], stride = [1, 1]}
            output %2
          }
          """, on: [1, 2], gives: [21, 21]),
      Case(
        "text/scalars",
        text: """
          snnir 1
          module @"scalars" {
            time_steps = 3
            weight @"unread" : f32 [] = [1]
            input %x : real []
            %1 = if %x {threshold = 1.0}
            %2 = mean_steps %1
            output %2
          }
          """, on: [0.5], gives: [1 / 3]),
    ]
  }
}
