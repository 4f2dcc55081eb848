import IRTestSupport
import Interpreter
import SpikeIR
import Testing

/// The exact domains when ops run: the bounds are reached, and chains of ops never leave them.
@Suite struct ExactDomainTests {
  /// What `lines`, which read `%x` and define `%y`, give of `values` of `domain`.
  static func run(
    _ lines: String, _ domain: Domain, _ shape: Shape, _ values: [Float]
  ) throws -> (values: [Float], type: ValueType) {
    let module = try Module(
      parsing: """
        snnir 1
        module @"exact" {
        time_steps = 1
        input %x : \(domain) \(shape)
        \(lines)
        output %y
        }
        """)
    let result = try Interpreter(module).run(Tensor(shape, steps: 1, values))
    return (result.values, module.type(of: module.output))
  }

  /// The smallest and the largest element of an exact domain.
  static func bounds(_ domain: Domain) throws -> [Float] {
    let exact = try #require(domain.exact)
    return [exact.low, exact.high].map { Float($0) / Float(1 << exact.scale) }
  }

  static let domains: [Domain] = [
    .spike, .count(7), .fixed(low: -3, high: 2, scale: 1), .fixed(low: 1, high: 9, scale: 3),
  ]

  @Test(
    arguments: [
      "%y = add %x, %x", "%y = complement %x", "%y = scale %x {factor = -0.75}",
      "%y = sum %x {axis = 1}", "%y = mean %x", "%y = transpose %x",
      "%y = reshape %x {shape = [8]}", "%y = repeat %x",
    ], domains)
  func boundsAreReached(_ lines: String, _ domain: Domain) throws {
    let results = try Self.bounds(domain).map {
      try Self.run(lines, domain, [2, 4], [Float](repeating: $0, count: 8))
    }
    let values = results.flatMap(\.values)
    #expect(try Self.bounds(results[0].type.domain) == [values.min(), values.max()])
  }

  @Test(arguments: [
    "%y = mul %x, %x", "%y = matmul %x, %x {transpose_lhs = false, transpose_rhs = true}",
  ])
  func productsReachTheirLargest(_ lines: String) throws {
    for domain in Self.domains {
      // The operand of the largest magnitude meets itself.
      let largest = try Self.bounds(domain).max { $0.magnitude < $1.magnitude } ?? 0
      let result = try Self.run(lines, domain, [1, 2, 4], [Float](repeating: largest, count: 8))
      #expect(try Self.bounds(result.type.domain)[1] == result.values.max(), "\(domain)")
    }
  }

  @Test func randomChainsStayInTheirDomains() throws {
    let ops = [
      "add %A, %B", "mul %A, %B", "complement %A", "scale %A {factor = 0.25}",
      "scale %A {factor = -3.0}", "if %A {threshold = 2.0} from \"N\"",
      "plif %A {inverse_tau = 0.5, threshold = 0.5} from \"N\"",
    ]
    var exact = 0
    for seed in 0..<300 as Range<UInt64> {
      var random = SeededRandom(seed)
      var lines: [String] = []
      var names = ["x"]
      for index in 1...random.integer(2...9) {
        let op = random.one(of: ops).replacing("%A", with: "%\(random.one(of: names))")
          .replacing("%B", with: "%\(random.one(of: names))").replacing("N", with: "n\(index)")
        lines.append("%\(index) = \(op)")
        names.append("\(index)")
      }
      let last = names[names.count - 1]
      let domain = random.one(of: Self.domains)
      let unit = try #require(domain.exact)
      let values = (0..<6).map { _ in
        Float(random.integer(unit.low...unit.high)) / Float(1 << unit.scale)
      }
      lines.append("%y = reshape %\(last) {shape = [6]}")
      let result = try Self.run(lines.joined(separator: "\n"), domain, [6], values)
      #expect(result.values.allSatisfy(result.type.domain.contains), "seed \(seed)")
      if result.type.domain.exact != nil { exact += 1 }
    }
    #expect(exact > 200)
  }
}
