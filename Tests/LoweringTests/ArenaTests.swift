import IRTestSupport
import Lowering
import ModelTestSupport
import Passes
import SpikeIR
import Testing

/// Where a plan's values lie in the arena.
@Suite struct ArenaTests {
  /// Expects that no two buffers share a byte at one time, and that each is where it should be.
  static func check(_ plan: Plan, _ name: String) {
    for (index, buffer) in plan.buffers.enumerated() {
      #expect(buffer.offset.isMultiple(of: 64), "\(name), buffer \(index)")
      #expect(buffer.offset >= 0 && buffer.offset + buffer.byteCount <= plan.arenaByteCount)
      #expect(plan.steps.indices.contains(buffer.lifetime.upperBound))
      for other in plan.buffers[..<index] where other.lifetime.overlaps(buffer.lifetime) {
        let isApart =
          other.offset + other.byteCount <= buffer.offset
          || buffer.offset + buffer.byteCount <= other.offset
        #expect(isApart, "\(name), buffer \(index)")
      }
    }
    #expect(plan.arenaByteCount.isMultiple(of: 64))
    let state = plan.buffers.filter { $0.role == .membrane || $0.role == .sum }
    #expect(plan.stateByteCount == state.map { $0.offset + Plan.aligned($0.byteCount) }.max() ?? 0)
    #expect(plan.buffers.count { $0.offset < plan.stateByteCount } == state.count, "\(name)")
    #expect(plan.fullest.total <= plan.arenaByteCount)
    let totals = plan.steps.indices.map { step in
      plan.buffers.filter { $0.lifetime.contains(step) }
        .reduce(0) { $0 + Plan.aligned($1.byteCount) }
    }
    #expect(plan.fullest.total == totals.max())
    #expect(plan.fullest.step == totals.firstIndex(of: plan.fullest.total))
  }

  /// Where each buffer would lie if, state first and then the largest first, each took the lowest
  /// place that no other takes at any step of its life.
  static func lowestOffsets(_ buffers: [Plan.Buffer]) -> [Int] {
    func isState(_ index: Int) -> Bool {
      buffers[index].role == .membrane || buffers[index].role == .sum
    }
    let order = buffers.indices.sorted { lhs, rhs in
      guard isState(lhs) == isState(rhs) else { return isState(lhs) }
      return (buffers[rhs].byteCount, lhs) < (buffers[lhs].byteCount, rhs)
    }
    var offsets = [Int](repeating: 0, count: buffers.count)
    for (count, index) in order.enumerated() {
      let taken = order[..<count].filter { buffers[$0].lifetime.overlaps(buffers[index].lifetime) }
        .sorted { offsets[$0] < offsets[$1] }
      for other in taken {
        if offsets[index] + buffers[index].byteCount <= offsets[other] { break }
        offsets[index] = max(
          offsets[index], offsets[other] + Plan.aligned(buffers[other].byteCount))
      }
    }
    return offsets
  }

  @Test func eachBufferTakesTheLowestPlaceThatIsFree() throws {
    for schedule in Schedule.allCases {
      for seed in 0..<400 as Range<UInt64> {
        let plan = try Lowering.lower(ModuleGenerator.module(seed: seed), schedule: schedule)
        #expect(plan.buffers.map(\.offset) == Self.lowestOffsets(plan.buffers), "seed \(seed)")
      }
    }
    for fixture in ModelFixture.all {
      let plan = try Lowering.lower(Pipeline.standard.run(on: fixture.module()))
      #expect(plan.buffers.map(\.offset) == Self.lowestOffsets(plan.buffers), "\(fixture.name)")
    }
  }

  /// A chain of 2^16 nodes, half of whose values live until its end: what takes time for each pair of
  /// buffers takes minutes here.
  @Test(arguments: Schedule.allCases)
  func longChainsAreLowered(_ schedule: Schedule) throws {
    let count = 1 << 14
    let links = (1..<count).map { link in
      """
      %a\(link) = add %l\(link - 1), %l0
      %c\(link) = linear %a\(link), @"w"
      %l\(link) = lif %c\(link) {tau = 2.0, threshold = 1.0} from "l\(link)"
      """
    }
    let sums = (1..<count).map { "%d\($0) = add %\($0 == 1 ? "l0" : "d\($0 - 1)"), %l\($0)" }
    let module = try Module(
      parsing: """
        snnir 1
        module @"chain" {
        time_steps = 2
        weight @"w" : f32 [1, 1] = [1.0]
        input %x : timed real [1]
        %l0 = lif %x {tau = 2.0, threshold = 1.0} from "l0"
        \((links + sums).joined(separator: "\n"))
        %m = mean_steps %d\(count - 1)
        output %m
        }
        """)
    let plan = try Lowering.lower(module, schedule: schedule)
    #expect(plan.neurons.count == count)
    #expect(plan.buffers.count > 2 * count)
    #expect(plan.fullest.total <= plan.arenaByteCount)
    #expect(plan.neurons.allSatisfy { plan.neurons(after: $0.step).map(\.layer.name) == [$0.name] })
  }

  /// Expects that each buffer's life holds every step that reads or writes it, and the repetitions
  /// of the steps between.
  static func checkLifetimes(_ plan: Plan, _ name: String) {
    for (step, kernel) in plan.steps.map(\.kernel).enumerated() {
      for id in kernel.touchedBuffers {
        #expect(plan.buffer(id).lifetime.contains(step), "\(name), step \(step)")
        #expect(plan.buffer(id).writer <= step)
      }
    }
    let repeated = plan.steps(in: .everyStep)
    for (index, buffer) in plan.buffers.enumerated() {
      let crosses = plan.steps.enumerated().contains { step, other in
        other.phase != plan.steps[buffer.writer].phase
          && other.kernel.touchedBuffers.contains { $0.index == index }
      }
      let isState = buffer.role == .membrane || buffer.role == .sum
      guard !repeated.isEmpty, crosses || isState else { continue }
      let held = buffer.lifetime.lowerBound <= repeated.lowerBound
      #expect(held && buffer.lifetime.upperBound >= repeated.upperBound - 1, "\(name), \(index)")
    }
    for layer in plan.neurons {
      #expect(plan.buffer(layer.buffer).lifetime.contains(layer.step), "\(name), \(layer.name)")
    }
  }

  @Test func buffersThatLiveAtOneTimeShareNothing() throws {
    for schedule in Schedule.allCases {
      var reusing = 0
      for seed in 0..<400 as Range<UInt64> {
        let plan = try Lowering.lower(ModuleGenerator.module(seed: seed), schedule: schedule)
        Self.check(plan, "seed \(seed), \(schedule)")
        Self.checkLifetimes(plan, "seed \(seed), \(schedule)")
        if plan.buffers.reduce(0, { $0 + $1.byteCount }) > plan.arenaByteCount { reusing += 1 }
      }
      #expect(reusing > 100, "memory is used again once its value is dead")
    }
  }

  @Test(arguments: ModelFixture.all, Schedule.allCases)
  func modelsUseTheirMemoryAgain(_ fixture: ModelFixture, _ schedule: Schedule) throws {
    let plan = try Lowering.lower(
      Pipeline.standard.run(on: fixture.module()), schedule: schedule)
    Self.check(plan, fixture.name)
    Self.checkLifetimes(plan, fixture.name)
    let all = plan.buffers.reduce(0) { $0 + $1.byteCount }
    #expect(plan.arenaByteCount < all)
  }
}

extension Kernel {
  /// The buffers that the call reads or writes, read off its arguments.
  var touchedBuffers: [BufferID] {
    switch self {
    case .convolution(let conv):
      [conv.input]
        + [conv.residual, conv.realOutput, conv.membrane, conv.spikesOutput].compactMap { $0 }
    case .attention(let op):
      [op.queries, op.keys, op.values, op.workspace]
        + [op.realOutput, op.membrane, op.spikesOutput].compactMap { $0 }
    case .neuron(let input, _, let membrane, let output):
      [input, output] + [membrane].compactMap { $0 }
    case .maxPool(let input, _, let output): [input, output]
    case .groupedConvolution(let conv): [conv.input, conv.output]
    case .add(let lhs, let rhs, let output): [lhs, rhs, output]
    case .mul(let lhs, let rhs, _, let output): [lhs, rhs, output]
    case .sum(let input, _, let output): [input, output]
    case .complement(let input, let output): [input, output]
    case .divide(let input, _, let output): [input, output]
    case .scale(let input, _, let output): [input, output]
    case .affine(let input, _, _, let output): [input, output]
    case .meanPositions(let input, let output): [input, output]
    case .meanSteps(let input, let output): [input, output]
    case .repeat(let input, let output): [input, output]
    case .unpack(let input, let output): [input, output]
    case .pack(let input, let output): [input, output]
    case .transpose(let input, _, _, let output): [input, output].compactMap { $0 }
    case .matmul(let lhs, let rhs, _, let output): [lhs.buffer, rhs.buffer, output]
    case .output(let input): [input]
    }
  }
}
