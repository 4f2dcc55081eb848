import IRTestSupport
import SpikeIR
import Testing

/// The rules by which ops infer domains: they grow with their operands, and no bound is too large.
@Suite struct DomainRuleTests {
  /// Small exact domains, so that all their elements can be tried.
  static let domains: [Domain] = [
    .spike, .count(2), .count(5), .fixed(low: -1, high: 0, scale: 0),
    .fixed(low: -1, high: 1, scale: 0), .fixed(low: -2, high: 1, scale: 0),
    .fixed(low: 0, high: 1, scale: 1), .fixed(low: 0, high: 3, scale: 1),
    .fixed(low: -3, high: 3, scale: 1), .fixed(low: 1, high: 2, scale: 0),
    .fixed(low: -5, high: 5, scale: 2), .real,
  ]

  /// An op on values of one shape, and what it gives of all combinations of the operands' elements.
  struct Rule: CustomTestStringConvertible {
    let op: Op
    let shape: Shape
    /// The extreme results, from the bounds of the operands; both are reached.
    let extremes: @Sendable ([ClosedRange<Double>]) -> ClosedRange<Double>

    var testDescription: String { op.definition.mnemonic }

    /// The domain of the result for operands of these domains.
    func domain(_ operands: [Domain]) throws -> Domain {
      let types = operands.map { ValueType($0, shape, timed: false) }
      return try op.operation.result(of: types, weights: []).domain
    }
  }

  /// A range from two or more numbers.
  private static func range(_ numbers: Double...) -> ClosedRange<Double> {
    (numbers.min() ?? 0)...(numbers.max() ?? 0)
  }

  /// The products of two ranges.
  private static func product(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>)
    -> ClosedRange<Double>
  {
    range(
      x.lowerBound * y.lowerBound, x.lowerBound * y.upperBound, x.upperBound * y.lowerBound,
      x.upperBound * y.upperBound)
  }

  /// The rules of the ops that compute with exact domains.
  static let rules: [Rule] = [
    Rule(op: .add(Add()), shape: [2]) {
      range($0[0].lowerBound + $0[1].lowerBound, $0[0].upperBound + $0[1].upperBound)
    },
    Rule(op: .mul(Mul()), shape: [2]) { product($0[0], $0[1]) },
    Rule(op: .matmul(Matmul()), shape: [1, 3, 3]) {
      product(product($0[0], $0[1]), 3...3)
    },
    Rule(op: .complement(Complement()), shape: [2]) {
      range(1 - $0[0].lowerBound, 1 - $0[0].upperBound)
    },
    Rule(op: .scale(Scale(factor: -0.75)), shape: [2]) { product($0[0], -0.75...(-0.75)) },
    Rule(op: .scale(Scale(factor: 0.125)), shape: [2]) { product($0[0], 0.125...0.125) },
    Rule(op: .sum(Sum(axis: 1)), shape: [2, 5]) { product($0[0], 5...5) },
    Rule(op: .mean(Mean()), shape: [2, 4]) { $0[0] },
    Rule(op: .reshape(Reshape([4])), shape: [2, 2]) { $0[0] },
    Rule(op: .transpose(Transpose()), shape: [2, 2]) { $0[0] },
    Rule(op: .repeat(Repeat()), shape: [2]) { $0[0] },
    Rule(
      op: .maxPool2d(MaxPool2D(kernel: [2, 2], stride: [1, 1], padding: [0, 0])),
      shape: [1, 2, 2]
    ) { $0[0] },
  ]

  /// All choices of domains for the operands of `rule`.
  static func choices(_ rule: Rule, _ domains: [Domain]) -> [[Domain]] {
    rule.op.definition.operands.reduce([[]]) { choices, _ in
      choices.flatMap { choice in domains.map { choice + [$0] } }
    }
  }

  @Test(arguments: rules)
  func boundsAreReached(_ rule: Rule) throws {
    var exact = 0
    for operands in Self.choices(rule, Self.domains.dropLast()) {
      guard let found = try rule.domain(operands).exact else { continue }
      let unit = Double(sign: .plus, exponent: -found.scale, significand: 1)
      let extremes = rule.extremes(operands.compactMap(\.range))
      #expect(Double(found.low) * unit == extremes.lowerBound, "\(operands)")
      #expect(Double(found.high) * unit == extremes.upperBound, "\(operands)")
      exact += 1
    }
    #expect(exact >= (Self.domains.count - 1) * 9 / 10)
  }

  @Test(arguments: rules)
  func largerOperandsGiveLargerResults(_ rule: Rule) throws {
    let choices = Self.choices(rule, Self.domains)
    for small in choices {
      let inner = try rule.domain(small)
      for large in choices where zip(small, large).allSatisfy({ $0.isSubset(of: $1) }) {
        let outer = try rule.domain(large)
        // A product that is 0 or 1 and may be -0 is no spike, though its number would be.
        let mayBeNegativeZero = inner == .real && small.allSatisfy { $0.exact != nil }
        #expect(inner.isSubset(of: outer) || mayBeNegativeZero, "\(small) within \(large)")
      }
    }
  }

  @Test func realIsOnlyGivenOfExactDomainsForNegativeZero() {
    for a in Self.domains.dropLast() {
      for b in Self.domains.dropLast() where Domain.product(a, b) == .real {
        #expect(min(a.exact?.low ?? 0, b.exact?.low ?? 0) < 0)
      }
    }
  }

  @Test func neuronsAndWeightsEndDomains() throws {
    for domain in Self.domains {
      let type = ValueType(domain, [2], timed: true)
      for op in [
        Op.lif(LIF(tau: 2, threshold: 1)), .if(IF(threshold: 1)),
        .plif(PLIF(inverseTau: 0.5, threshold: 1)),
      ] {
        #expect(try op.operation.result(of: [type], weights: []).domain == .spike)
      }
      #expect(
        try Op.linear(Linear()).operation.result(of: [type], weights: [[2, 3]]).domain == .real)
      #expect(
        try Op.affine(Affine()).operation.result(of: [type], weights: [[2], [2]]).domain == .real)
    }
  }
}

extension Domain {
  /// From the smallest element to the largest; `nil` for `real`.
  fileprivate var range: ClosedRange<Double>? {
    guard let exact else { return nil }
    let unit = Double(sign: .plus, exponent: -exact.scale, significand: 1)
    return Double(exact.low) * unit...Double(exact.high) * unit
  }

  /// Whether every element of this domain is one of `other`.
  fileprivate func isSubset(of other: Domain) -> Bool {
    guard let outer = other.exact else { return true }
    guard let inner = exact, inner.scale <= outer.scale else { return false }
    let shift = outer.scale - inner.scale
    return inner.low << shift >= outer.low && inner.high << shift <= outer.high
  }
}
