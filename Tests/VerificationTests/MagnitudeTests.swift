import Diagnostics
import IRTestSupport
import Interpreter
import SpikeIR
import Testing
import Verification

/// How large values are proved to be at most.
@Suite struct MagnitudeTests {
  /// What `deterministic` says of some lines of text.
  static func rules(_ lines: String, _ weight: [Float]) throws -> [Rule] {
    let text = """
      snnir 1
      module @"case" {
      time_steps = 2
      weight @"w" : f32 [1, 1]
      input %x : timed real [1]
      \(lines)
      output %y
      }
      """
    let module = try Module(parsing: text, weights: { name, shape in Weight(name, shape, weight) })
    return module.verify(.deterministic).violations.compactMap(\.rule)
  }

  @Test func overflowIsFoundWhereItArises() throws {
    #expect(try Self.rules("%y = linear %x, @\"w\"", [1e30]) == [])
    let twice = "%1 = linear %x, @\"w\" %y = linear %1, @\"w\""
    #expect(try Self.rules(twice, [1e15]) == [])
    #expect(try Self.rules(twice, [1e30]) == [.noOverflow])
    #expect(try Self.rules(twice + " %z = add %y, %y", [1e30]) == [.noOverflow])
    #expect(try Self.rules("%1 = linear %x, @\"w\" %y = add %1, %1", [3e32]) == [.noOverflow])
    #expect(
      try Self.rules("%1 = linear %x, @\"w\" %y = mean_steps %1", [3e32]) == [.noOverflow])
  }

  @Test func spikesEndWhatIsLarge() throws {
    let lines = """
      %1 = linear %x, @"w"
      %2 = lif %1 {tau = 2.0, threshold = 1.0} from "a"
      %3 = linear %2, @"w"
      %4 = lif %3 {tau = 2.0, threshold = 1.0} from "b"
      %y = linear %4, @"w"
      """
    #expect(try Self.rules(lines, [1e31]) == [])
    #expect(try Self.rules(lines, [3e32]) == [.noOverflow])
  }

  @Test(arguments: [Float.infinity, -.infinity, .nan])
  func weightsAreFinite(_ number: Float) throws {
    #expect(try Self.rules("%y = linear %x, @\"w\"", [number]) == [.finiteWeights])
  }

  @Test func noValueExceedsItsBound() throws {
    var bounded = 0
    for seed in 0..<200 as Range<UInt64> {
      let module = try ModuleGenerator.module(seed: seed)
      let bounds = try #require(module.verify(.deterministic).bounds)
      var random = SeededRandom(seed)
      let steps = module.input.isTimed ? module.timeSteps : 1
      let input = Tensor(module.input.shape, steps: steps, random.sample(of: module))
      for (value, _) in module.definitions {
        let bound = bounds.magnitudes[value.index]
        let result = try Interpreter(module.returning(value)).run(input)
        #expect(result.values.allSatisfy { Double($0.magnitude) <= bound }, "seed \(seed) \(value)")
        if bound.isFinite { bounded += 1 }
      }
    }
    #expect(bounded > 500)
  }
}
