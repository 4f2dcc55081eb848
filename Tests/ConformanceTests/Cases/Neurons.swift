import IRTestSupport
import SpikeIR

extension Case {
  /// `if`, `lif` and `plif`.
  static func neurons() throws -> [Case] {
    try rounding() + thresholds() + inputs()
  }

  /// A layer of neurons, as it is written.
  private static func layer(_ op: String, _ input: String, _ threshold: String = "1.0") -> String {
    let attribute =
      switch op {
      case "if": ""
      case "lif": "tau = 3.0, "
      default: "inverse_tau = 0.30000001192092896, "
      }
    return "input %x : \(input)\n%1 = \(op) %x {\(attribute)threshold = \(threshold)}\noutput %1"
  }

  /// Neurons whose last membrane is the threshold to the bit, so that each other rounding shows.
  private static func rounding() throws -> [Case] {
    /// One neuron of an op with a threshold, which it reaches in `steps` steps.
    func exact(
      _ path: String, steps: Int, tells: [Mistake], _ op: @escaping (_ threshold: Double) -> Op
    ) throws -> Case {
      try Case(path, steps: steps, tells: tells) { random in
        let input = random.numbers(steps, of: .real).map(\.magnitude)
        let membrane = input.reduce(0) { op(1).neuron?.charged($0, by: $1) ?? 0 }
        let neuron = op(Double(membrane))
        let attributes = neuron.writtenAttributes.map { "\($0.name) = \($0.value)" }
        return (
          """
          input %x : timed real [1]
          %1 = \(neuron.definition.mnemonic) %x {\(attributes.joined(separator: ", "))}
          output %1
          """, input
        )
      }
    }
    let third = Double(Float(0.3))
    return try [
      exact("if/exactly-at", steps: 5, tells: [.aboveThreshold, .binary64]) {
        .if(IF(threshold: $0))
      },
      exact(
        "lif/exactly-at", steps: 5, tells: [.aboveThreshold, .binary64, .reciprocal, .leakFirst]
      ) { .lif(LIF(tau: 3, threshold: $0)) },
      exact("lif/tau-1.5", steps: 4, tells: [.aboveThreshold, .binary64, .reciprocal]) {
        .lif(LIF(tau: 1.5, threshold: $0))
      },
      exact("plif/exactly-at", steps: 5, tells: [.aboveThreshold, .binary64, .fused, .leakFirst]) {
        .plif(PLIF(inverseTau: third, threshold: $0))
      },
    ]
  }

  private static func thresholds() throws -> [Case] {
    try [
      Case(
        "if/by-hand", steps: 4,
        "input %x : timed real [2]\n%1 = if %x {threshold = 1.0}\noutput %1",
        on: [0.5, 1.5, 0.5, 0.5, 0.5, 0.75, 0.25, -1], gives: [0, 1, 1, 0, 0, 1, 0, 0],
        tells: [.aboveThreshold, .softReset, .noReset, .backwards]),
      Case(
        "lif/by-hand", steps: 4,
        "input %x : timed real [2]\n%1 = lif %x {tau = 2.0, threshold = 1.0}\noutput %1",
        on: [2, 1, 1, 1.5, 2, 1, 0, 5], gives: [1, 0, 0, 1, 1, 0, 0, 1],
        tells: [.aboveThreshold]),
      Case(
        "plif/by-hand", steps: 4,
        "input %x : timed real [2]\n%1 = plif %x {inverse_tau = 0.5, threshold = 1.0}\noutput %1",
        on: [2, 1, 1, 1.5, 2, 1, 0, 5], gives: [1, 0, 0, 1, 1, 0, 0, 1],
        tells: [.aboveThreshold]),
      // v + (x - v) / 1 is not x: the difference is rounded.
      Case(
        "lif/tau-one", steps: 2,
        "input %x : timed real [2]\n%1 = lif %x {tau = 1.0, threshold = 0.5}\noutput %1",
        on: [-100_000_000, -1, 1, 1], gives: [0, 0, 0, 1]),
      Case(
        "plif/without-leak", steps: 2,
        "input %x : timed real [2]\n%1 = plif %x {inverse_tau = 1.0, threshold = 0.5}\noutput %1",
        on: [-100_000_000, -1, 1, 1], gives: [0, 0, 0, 1]),
      Case(
        "if/subnormal", steps: 2,
        "input %x : timed real [2]\n%1 = if %x {threshold = 1.401298464324817e-45}\noutput %1",
        on: [0x1p-149, 0, 0, 0x1p-149], gives: [1, 0, 0, 1], tells: [.flushed]),
      Case(
        "lif/subnormal", steps: 2,
        "input %x : timed real [2]\n%1 = lif %x {tau = 2.0, threshold = 2.802596928649634e-45}\noutput %1",
        on: [3 * 0x1p-149, 0x1p-149, 2 * 0x1p-149, 4 * 0x1p-149], gives: [1, 0, 0, 1],
        tells: [.flushed]),
      Case(
        "plif/subnormal", steps: 1,
        "input %x : timed real [2]\n%1 = plif %x {inverse_tau = 0.5, threshold = 1.401298464324817e-45}\noutput %1",
        on: [0x1p-149, 2 * 0x1p-149], gives: [0, 1], tells: [.flushed]),
      Case(
        "lif/large", steps: 4,
        "input %x : timed real [1]\n%1 = lif %x {tau = 4.0, threshold = 1.7014118346046923e+38}\noutput %1",
        on: [0x1.8p127, 0x1.8p127, 0x1.8p127, 0x1.8p127], gives: [0, 0, 0, 1]),
      Case(
        "if/attention", steps: 3,
        """
        input %x : timed count<6> [2, 2]
        %1 = scale %x {factor = 0.125}
        %2 = if %1 {threshold = 0.5}
        output %2
        """, on: [4, 3, 0, 6, 4, 1, 2, 0, 3, 0, 2, 4], gives: [1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1],
        tells: [.aboveThreshold]),
    ]
  }

  /// What the neurons see.
  private static func inputs() throws -> [Case] {
    var cases: [Case] = []
    for op in ["if", "lif", "plif"] {
      let leaks: [Mistake] = op == "if" ? [] : [.inputUndivided]
      cases += try [
        Case(
          "\(op)/timed", steps: 8, layer(op, "timed real [2, 3]", "0.5"),
          tells: [.softReset, .noReset, .backwards] + leaks),
        Case(
          "\(op)/static", steps: 8, layer(op, "real [9]"),
          tells: [.seenOnce, .softReset, .noReset] + leaks),
        Case(
          "\(op)/spikes", steps: 6, layer(op, "timed spike [70]", op == "if" ? "1.5" : "0.75"),
          tells: [.backwards]),
        Case("\(op)/count", steps: 6, layer(op, "timed count<3> [5]"), tells: [.softReset]),
      ]
    }
    return try cases + [
      Case(
        "lif/fixed", steps: 5, layer("lif", "timed fixed<-3, 40, 2^-4> [6]", "0.5"),
        tells: [.noReset]),
      Case(
        "lif/layers", steps: 6,
        """
        weight @"weight" : f32 [3, 4]
        input %x : real [3]
        %1 = lif %x {tau = 2.0, threshold = 0.25}
        %2 = linear %1, @"weight"
        %3 = lif %2 {tau = 1.5, threshold = 0.5}
        output %3
        """, tells: [.softReset, .seenOnce]),
    ]
  }
}
