import Engine
import IRTestSupport
import Interpreter
import Lowering
import ModelTestSupport
import Passes
import SpikeIR
import Testing

/// The work that a profile counts in the engine's memory is what plain loops over the module's
/// values count, which the Interpreter computes.
@Suite struct WorkTests {
  /// The calls of one profiled run.
  static func calls(_ plan: Plan, _ input: [Float]) throws -> [Profile.Call] {
    var profiler = Profiler(try Engine(plan), repeats: 1)
    _ = profiler.run(input)
    return profiler.profile.calls
  }

  @Test(arguments: 0..<6)
  func randomModulesCountAsPlainLoopsDo(_ group: Int) throws {
    var kernels: Set<String> = []
    for seed in (0..<50).map({ UInt64(group * 50 + $0) }) {
      let module = try ModuleGenerator.module(seed: seed)
      var random = SeededRandom(seed)
      let input = random.sample(of: module)
      let plan = try Lowering.lower(module)
      let calls = try Self.calls(plan, input).filter { $0.kernel != "unpack" }
      let expected = try CountedModule(module, plan, input).work
      for (value, work) in expected {
        // In a random module, no two nodes have a name in common.
        let origin = try #require(module.definition(of: value)?.origins.first)
        let found = calls.filter { $0.origins.contains(origin) }.map(\.work).total
        #expect(found == work, "seed \(seed), \(origin)\n\(module)")
      }
      #expect(calls.map(\.work).total == Array(expected.values).total, "seed \(seed)\n\(module)")
      for call in calls where call.work != Work() { kernels.insert(call.kernel) }
    }
    for name in [
      "convolution", "grouped convolution", "attention", "matmul", "sum", "mean", "max pool",
    ] {
      #expect(kernels.contains { $0.hasPrefix(name) }, "\(name) among \(kernels)")
    }
  }

  @Test(arguments: [
    "spikingformer-imagenet-tiny", "qkformer-cifar10-tiny", "meta-spikeformer-tiny",
  ])
  func fixturesCountAsPlainLoopsDo(_ name: String) throws {
    let fixture = try #require(ModelFixture.all.first { $0.name == name })
    let module = try Pipeline.standard.run(on: fixture.module())
    let input = try #require(try fixture.samples(of: module).first)
    let plan = try Lowering.lower(module)
    let calls = try Self.calls(plan, input).filter { $0.kernel != "unpack" }
    let expected = Array(try CountedModule(module, plan, input).work.values).total
    #expect(calls.map(\.work).total == expected)
    #expect(expected.additions > 1_000_000 && expected.multiplications > 100_000)
  }

  @Test func countsByHand() throws {
    // One spike in the corner and one in the middle of 3 x 3, under a window of 2 x 2 that steps by
    // 1 and is padded by 1: each lies under 4 taps, of 5 channels.
    let module = try Module(
      parsing: """
        snnir 1
        module @"case" {
        time_steps = 2
        weight @"w" : f32 [2, 2, 1, 5]
        input %x : spike [1, 3, 3]
        %1 = conv2d %x, @"w" {stride = [1, 1], padding = [1, 1]} from "conv"
        output %1
        }
        """,
      weights: { Weight($0, $1, [Float](repeating: 1, count: $1.count)) })
    let calls = try Self.calls(Lowering.lower(module), [1, 0, 0, 0, 1, 0, 0, 0, 0])
    let works = calls.filter { $0.kernel == "convolution 2 x 2" }.map(\.work)
    #expect(works == [Work(additions: 40, bits: 9, spikes: 2)])
  }
}

extension [Work] {
  /// All of the work.
  fileprivate var total: Work { reduce(Work()) { $0 + $1 } }
}
