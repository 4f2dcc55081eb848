package import SpikeIR

/// Random numbers that a seed determines: SplitMix64.
package struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  /// Starts from `seed`.
  package init(_ seed: UInt64) {
    state = seed
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// A number of `range`.
  package mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  /// A number of -1 ..< 1, a multiple of 2^-23.
  package mutating func real() -> Float {
    Float(next() >> 40) / Float(1 << 23) - 1
  }

  /// One of `choices`.
  package mutating func one<Element>(of choices: [Element]) -> Element {
    choices[integer(0...choices.count - 1)]
  }

  /// Elements of `domain`.
  package mutating func values(_ count: Int, of domain: Domain) -> [Float] {
    (0..<count).map { _ in
      guard let exact = domain.exact else { return 2 * real() }
      let step = Double(sign: .plus, exponent: -exact.scale, significand: 1)
      return Float(Double(integer(exact.low...exact.high)) * step)
    }
  }

  /// A sample of the input of `module`.
  package mutating func sample(of module: Module) -> [Float] {
    values(module.input.count(steps: module.timeSteps), of: module.input.domain)
  }
}
