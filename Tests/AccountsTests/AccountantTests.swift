import Accounts
import Engine
import IRTestSupport
import Lowering
import ModelTestSupport
import Passes
import SpikeIR
import Testing

/// The counts are those of plain loops over every term of every sum.
@Suite struct AccountantTests {
  /// Compares the account of one sample with plain loops; returns what was counted, by op.
  static func compare(
    _ module: Module, _ sample: [Float], _ comment: Comment
  ) throws -> [String: Events] {
    let expected = try BruteForce(module, sample)
    var accountant = Accountant(module)
    accountant.add(sample, expected.spikes)
    #expect(accountant.account.samples == 1)
    var counted: [String: Events] = [:]
    for ((value, node), found) in zip(module.definitions, accountant.account.nodes) {
      let events = expected.events(of: value, node)
      #expect(
        found.value == value && found.steps == events, "\(comment), \(value) \(found.mnemonic)")
      counted[found.mnemonic, default: Events()] += events.total
    }
    return counted
  }

  @Test(arguments: 0..<8)
  func randomModulesCountAsPlainLoopsDo(_ group: Int) throws {
    var counted: [String: Events] = [:]
    for seed in (0..<100).map({ UInt64(group * 100 + $0) }) {
      let module = try ModuleGenerator.module(seed: seed)
      var random = SeededRandom(seed)
      let events = try Self.compare(module, random.sample(of: module), "seed \(seed)\n\(module)")
      counted.merge(events, uniquingKeysWith: +)
    }
    let moves = ["max_pool2d", "repeat", "reshape", "transpose"]
    for op in Op.definitions.map(\.mnemonic) where !moves.contains(op) {
      let events = counted[op] ?? Events()
      #expect(events.operations + events[.neuronUpdate] > 0, "\(op) counts something")
    }
    for op in ["add", "conv2d", "linear", "matmul", "mul", "scale"] {
      #expect(counted[op]?[.acSpike] ?? 0 > 0, "\(op) of spikes")
    }
    for op in ["conv2d", "linear", "matmul", "mul", "scale"] {
      #expect(counted[op]?[.acInteger] ?? 0 > 0, "\(op) of integers")
      #expect(counted[op]?[.mac] ?? 0 > 0, "\(op) of reals")
    }
    #expect(counted["max_pool2d"]?[.spikeIn] ?? 0 > 0)
    for op in ["repeat", "reshape", "transpose"] { #expect(counted[op] == Events(), "\(op)") }
  }

  @Test(arguments: ModelFixture.all)
  func fixturesCountAsPlainLoopsDo(_ fixture: ModelFixture) throws {
    let module = try Pipeline.standard.run(on: fixture.module())
    let sample = try #require(try fixture.samples(of: module).first)
    let total = Array(try Self.compare(module, sample, "\(fixture)").values).total
    #expect(total[.acSpike] > 100_000 && total[.mac] > 10_000 && total[.spikeOut] > 1000)
  }

  @Test func samplesOfTheEngineAddUp() throws {
    let fixture = ModelFixture.all[1]
    let module = try Pipeline.standard.run(on: fixture.module())
    let engine = try Engine(Lowering.lower(module), threads: 2)
    var accountant = Accountant(module)
    var expected = Events()
    for sample in try fixture.samples(of: module) {
      var spikes: [String: [UInt8]] = [:]
      _ = engine.run(sample) { spikes[$0.name] = $1 }
      accountant.add(sample, spikes)
      let loops = try BruteForce(module, sample)
      for (value, node) in module.definitions { expected += loops.events(of: value, node).total }
    }
    let account = accountant.account
    #expect(account.total == expected && account.steps.total == expected)
    #expect(account.samples > 1)
    var twice = account
    twice.add(account)
    #expect(twice.total == expected + expected && twice.samples == 2 * account.samples)
    #expect(abs(twice.convention.acs - account.convention.acs) < 1e-6 * account.convention.acs)
    #expect(twice.firingRate == account.firingRate)
  }

  @Test func countsByHand() throws {
    // One spike in the corner and one in the middle of 3 x 3, under a window of 2 x 2 that steps by
    // 1 and is padded by 1: each lies under 4 taps, of 5 channels. The input is static, and so is
    // the sum; the neurons see it at both steps.
    let module = try Module(
      parsing: """
        snnir 1
        module @"case" {
        time_steps = 2
        weight @"w" : f32 [2, 2, 1, 5]
        input %x : spike [1, 3, 3]
        %1 = conv2d %x, @"w" {stride = [1, 1], padding = [1, 1]} from "conv"
        %2 = if %1 {threshold = 0.5} from "sn"
        output %2
        }
        """,
      weights: { Weight($0, $1, [Float](repeating: 1, count: $1.count)) })
    let sample: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 0]
    let spikes = try BruteForce(module, sample).spikes
    var accountant = Accountant(module)
    accountant.add(sample, spikes)
    let nodes = accountant.account.nodes
    var first = Events()
    first[.acSpike] = 40
    first[.weightRead] = 40
    first[.weightLoad] = 20
    first[.spikeIn] = 2
    #expect(nodes[0].steps == [first, Events()])
    // Four places of each spike, one of them under both; 4 x 4 neurons of 5 channels.
    #expect(nodes[1].steps.map { $0[.spikeOut] } == [35, 35])
    #expect(nodes[1].steps.map { $0[.neuronUpdate] } == [80, 80])
    #expect(nodes[1].firingRate(samples: 1) == 70.0 / 160)
    // The papers repeat the input at each step and count padding: 80 results of 4 terms, twice.
    #expect(nodes[0].dense == 640)
    #expect(accountant.account.convention == Convention(acs: 640 * 2.0 / 9))
  }
}
