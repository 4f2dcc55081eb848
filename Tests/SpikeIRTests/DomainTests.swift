import SpikeIR
import Testing

/// The domains' arithmetic.
@Suite struct DomainTests {
  static let limit = Domain.exactLimit

  @Test func smallestDomainIsChosen() {
    #expect(Domain(.init(low: 0, high: 1)) == .spike)
    #expect(Domain(.init(low: 0, high: 17)) == .count(17))
    #expect(Domain(.init(low: -1, high: 1)) == .fixed(low: -1, high: 1, scale: 0))
    #expect(Domain(.init(low: 0, high: Self.limit)) == .count(Self.limit))
    #expect(Domain(.init(low: 0, high: Self.limit + 1)) == .real)
    #expect(Domain(.init(low: -Self.limit - 1, high: 0)) == .real)
    #expect(Domain(.init(low: 0, high: 1, scale: Domain.scaleLimit + 1)) == .real)
    #expect(Domain(nil) == .real)
  }

  @Test(arguments: [
    Domain.count(1), .count(0), .count(-1), .count(limit + 1), .fixed(low: 0, high: 9, scale: 0),
    .fixed(low: 2, high: 1, scale: 3), .fixed(low: 0, high: 1, scale: -1),
    .fixed(low: 0, high: 1, scale: 101),
  ])
  func otherSpellingsAreInvalid(_ domain: Domain) {
    #expect(!domain.isValid)
  }

  @Test func sumsAlignTheirScales() {
    #expect(Domain.sum(.spike, .spike) == .count(2))
    #expect(Domain.sum(.count(16), .spike) == .count(17))
    let half = Domain.fixed(low: -1, high: 0, scale: 1)
    #expect(Domain.sum(.count(3), half) == .fixed(low: -1, high: 6, scale: 1))
    #expect(Domain.sum(.count(3), .real) == .real)
    #expect(Domain.sum(.count(Self.limit), .spike) == .real)
    #expect(Domain.sum(.spike, .fixed(low: 0, high: 1, scale: 100)) == .real)
  }

  @Test func productsMultiplyBoundsAndAddScales() {
    #expect(Domain.product(.spike, .spike) == .spike)
    #expect(Domain.product(.count(3), .count(5)) == .count(15))
    let a = Domain.fixed(low: -3, high: 2, scale: 1)
    #expect(Domain.product(a, a) == .fixed(low: -6, high: 9, scale: 2))
    #expect(Domain.product(.spike, .real) == .real)
  }

  @Test func productsThatMayBeNegativeZeroAreNoSpikes() {
    let negative = Domain.fixed(low: -1, high: 0, scale: 0)
    #expect(Domain.product(negative, negative) == .real)
    #expect(Domain.product(negative, .constant(-1)) == .real)
    #expect(Domain.product(negative, .spike) == negative)
    #expect(Domain.product(.spike, .constant(1)) == .spike)
    #expect(Domain.product(.fixed(low: -2, high: 0, scale: 0), negative) == .count(2))
  }

  @Test func sumsOfManyTerms() {
    #expect(Domain.spike.summed(196) == .count(196))
    #expect(
      Domain.fixed(low: -1, high: 2, scale: 3).summed(4) == .fixed(low: -4, high: 8, scale: 3))
    #expect(Domain.spike.summed(Self.limit + 1) == .real)
    #expect(Domain.spike.summed(.max) == .real)
  }

  @Test func constants() {
    #expect(Domain.constant(0.125) == .fixed(low: 1, high: 1, scale: 3))
    #expect(Domain.constant(-3) == .fixed(low: -3, high: -3, scale: 0))
    #expect(Domain.constant(0) == .spike)
    #expect(Domain.constant(Float.leastNonzeroMagnitude) == .real)
    #expect(Domain.constant(Float.greatestFiniteMagnitude) == .real)
    #expect(Domain.constant(.nan) == .real)
  }

  @Test func membership() {
    #expect(Domain.spike.contains(1) && Domain.spike.contains(0))
    #expect(!Domain.spike.contains(0.5) && !Domain.count(3).contains(4))
    let fixed = Domain.fixed(low: -3, high: 4, scale: 5)
    #expect(fixed.contains(-0.09375) && !fixed.contains(0.01) && !fixed.contains(0.15625))
    #expect(Domain.real.contains(0.1) && !Domain.real.contains(.infinity))
    #expect(!Domain.spike.contains(.nan))
  }

  @Test func arithmeticAgreesWithValues() {
    let domains: [Domain] = [
      .spike, .count(3), .fixed(low: -3, high: 2, scale: 1), .fixed(low: 1, high: 5, scale: 3),
    ]
    for a in domains {
      for b in domains {
        for x in a.elements {
          for y in b.elements {
            #expect(Domain.sum(a, b).contains(x + y))
            #expect(Domain.product(a, b).contains(x * y))
          }
        }
      }
    }
  }
}

extension Domain {
  /// The elements of an exact domain.
  fileprivate var elements: [Float] {
    guard let exact else { return [] }
    return (exact.low...exact.high).map { Float($0) / Float(1 << exact.scale) }
  }
}
