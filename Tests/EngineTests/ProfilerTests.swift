import CPeak
import Engine
import IRTestSupport
import Lowering
import SpikeIR
import Testing

/// A profile tells of the run that an engine makes anyway.
@Suite struct ProfilerTests {
  @Test func aProfiledRunGivesTheSameBits() throws {
    for seed in UInt64(0)..<100 {
      let module = try ModuleGenerator.module(seed: seed)
      let plan = try Lowering.lower(module)
      var random = SeededRandom(seed)
      let samples = [random.sample(of: module), random.sample(of: module)]
      let engine = try Engine(plan, threads: 2)
      var profiler = Profiler(engine, repeats: 2)
      for sample in samples {
        var (expected, found): ([String: [UInt8]], [String: [UInt8]]) = ([:], [:])
        let output = engine.run(sample) { expected[$0.name] = $1 }
        #expect(profiler.run(sample) { found[$0.name] = $1 }.bits == output.bits)
        #expect(found == expected)
      }
    }
  }

  @Test func everyCallIsTimedOnceARun() throws {
    let plan = try Lowering.lower(ModuleGenerator.module(seed: 3))
    var random = SeededRandom(1)
    var profiler = Profiler(try Engine(plan, threads: 2), repeats: 3)
    for _ in 0..<4 { _ = profiler.run(random.sample(of: plan.module)) }
    let profile = profiler.profile
    #expect(profile.samples == 4 && profile.repeats == 3)
    #expect(profile.calls.map(\.step) == Array(plan.steps.indices))
    #expect(profile.calls.map(\.origins) == plan.steps.map(\.origins))
    #expect(profile.calls.allSatisfy { $0.seconds > 0 })
    // The best of each call's times is no longer than those within the best run.
    #expect(profile.calls.reduce(0) { $0 + $1.seconds } <= profile.seconds)
  }

  @Test func workIsTheSumOverSamples() throws {
    let plan = try Lowering.lower(ModuleGenerator.module(seed: 3))
    var random = SeededRandom(1)
    let sample = random.sample(of: plan.module)
    let once = try WorkTests.calls(plan, sample).map(\.work)
    var profiler = Profiler(try Engine(plan), repeats: 1)
    for _ in 0..<2 { _ = profiler.run(sample) }
    #expect(profiler.profile.calls.map(\.work) == once.map { $0 + $0 })
  }

  @Test func thePeakIsThatOfTheKernelsInstructionSet() throws {
    let plan = try Lowering.lower(ModuleGenerator.module(seed: 3))
    let peak = Profiler(try Engine(plan, threads: 2), repeats: 1).profile.peak
    #expect(peak.threads == 2 && peak.alone > 0 && peak.together > 0)
    for set in [peak.instructionSet, "portable"] {
      var sums = [Float](repeating: 0.5, count: Int(PEAK_CHAINS * PEAK_LANES))
      let additions = peak_add(set, 1000, &sums)
      #expect(additions >= 1000 * Int64(PEAK_CHAINS))
      let added = sums.reduce(0) { $0 + Double($1) - 0.5 }
      #expect(added == Double(additions), "\(set) makes every addition that it counts")
    }
    var sums = [Float](repeating: 0, count: Int(PEAK_CHAINS * PEAK_LANES))
    #expect(peak_add("abacus", 1000, &sums) == 0)
  }
}
