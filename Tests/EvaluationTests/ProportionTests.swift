import Evaluation
import Testing

/// Parts and how sure they are.
@Suite struct ProportionTests {
  @Test(
    "the interval is the one that is published",
    // R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in
    // Medicine 17 (1998), table I, method 3.
    arguments: [
      (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
      (1, 29, 0.0061, 0.1718),
    ])
  func interval(_ count: Int, _ total: Int, _ low: Double, _ high: Double) throws {
    let interval = try #require(Proportion(count, of: total).interval)
    #expect((interval.lowerBound - low).magnitude <= 0.00005)
    #expect((interval.upperBound - high).magnitude <= 0.00005)
    let other = try #require(Proportion(total - count, of: total).interval)
    #expect((other.lowerBound + interval.upperBound - 1).magnitude < 1e-12)
  }

  @Test func ofNothingThereIsNone() {
    #expect(Proportion(0, of: 0).interval == nil)
    #expect(Proportion(0, of: 0).description == "0 of 0 right")
  }

  @Test(
    arguments: [
      (354, 360, "354 of 360 right (98.33 %)"), (0, 3, "0 of 3 right (0.00 %)"),
      (3, 3, "3 of 3 right (100.00 %)"), (1, 2000, "1 of 2000 right (0.05 %)"),
    ])
  func text(_ count: Int, _ total: Int, _ text: String) {
    #expect(Proportion(count, of: total).description == text)
  }
}
