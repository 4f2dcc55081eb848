extension Refusal {
  /// Inputs that valid modules do not take.
  static var inputs: [Refusal] {
    [
      input("input-shape", "fewer-axes", "real [1, 2]", [2], [1, 2]),
      input("input-shape", "more-axes", "real [2]", [1, 1, 2], [1, 2]),
      input("input-shape", "axis-of-samples", "real [2]", [1, 2], [1, 2]),
      input(
        "input-shape", "axis-of-samples-and-steps", "timed real [2]", [1, 2, 2], [1, 2, 1, 2]),
      input("input-shape", "scalar-with-an-axis", "real []", [2], [1, 2]),
      input("input-shape", "steps-of-a-static", "real [2]", [2, 2], [1, 2, 1, 2]),
      input("input-shape", "one-step-for-two", "timed real [2]", [1, 2], [1, 2]),
      input("input-shape", "axes-exchanged", "real [2, 3]", [3, 2], [1, 2, 3, 4, 5, 6]),
      input("input-shape", "too-long", "real [2]", [3], [1, 2, 3]),
      input("input-shape", "without-steps", "timed real [2]", [2], [1, 2]),
      input("input-shape", "too-many-steps", "timed real [2]", [3, 2], [1, 2, 3, 4, 5, 6]),
      input("input-shape", "steps-last", "timed real [3]", [3, 2], [1, 2, 3, 4, 5, 6]),
      input("input-not-finite", "infinity", "real [2]", [2], [1, .infinity]),
      input("input-not-finite", "negative-infinity", "real [2]", [2], [-.infinity, 1]),
      input("input-not-finite", "nan", "real [2]", [2], [1, .nan]),
      input("input-not-finite", "last-step", "timed real [1]", [2, 1], [1, .nan]),
      input("input-not-finite", "of-spikes", "spike [2]", [2], [.nan, 1], or: ["input-domain"]),
      input(
        "input-not-finite", "not-read", "real [1, 1, 3]", [1, 1, 3], [1, 2, .nan],
        node: "max_pool2d %x {kernel = [1, 2], stride = [1, 2], padding = [0, 0]}"),
      input("input-domain", "last-step", "timed spike [1]", [2, 1], [1, 2]),
      input("input-domain", "half-a-spike", "spike [2]", [2], [0.5, 1]),
      input("input-domain", "two-spikes", "spike [2]", [2], [1, 2]),
      input("input-domain", "negative-spike", "spike [2]", [2], [-1, 1]),
      input("input-domain", "subnormal-spike", "spike [2]", [2], [0, 0x1p-149]),
      input("input-domain", "nearly-a-spike", "spike [2]", [2], [(1 as Float).nextUp, 0]),
      input("input-domain", "above-a-count", "count<3> [2]", [2], [3, 4]),
      input("input-domain", "below-a-count", "count<3> [2]", [2], [-1, 3]),
      input("input-domain", "between-counts", "count<3> [2]", [2], [1.5, 3]),
      input("input-domain", "above-a-fixed", "fixed<-2, 3, 2^-1> [2]", [2], [2, 1.5]),
      input("input-domain", "below-a-fixed", "fixed<-2, 3, 2^-1> [2]", [2], [-1, -1.5]),
      input("input-domain", "between-fixed", "fixed<-2, 3, 2^-1> [2]", [2], [0.25, 1]),
      input("input-domain", "large", "fixed<-2, 3, 2^-100> [1]", [1], [.greatestFiniteMagnitude]),
    ]
  }

  /// A module with one node, two steps, and an input of `type` that it must refuse.
  private static func input(
    _ id: String, _ name: String, _ type: String, _ shape: [Int], _ elements: [Float],
    or others: [String] = [], node: String = "add %x, %x"
  ) -> Refusal {
    Refusal(
      "inputs", id, name,
      text: """
        snnir 1

        module @"\(name)" {
          time_steps = 2
          input %x : \(type)
          %1 = \(node)
          output %1
        }

        """, or: others, on: (shape, elements))
  }
}
