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
  }

  /// Expects that each buffer's life holds every step that reads or writes it.
  static func checkLifetimes(_ plan: Plan, _ name: String) {
    for (step, kernel) in plan.steps.map(\.kernel).enumerated() {
      for id in kernel.touchedBuffers {
        #expect(plan.buffer(id).lifetime.contains(step), "\(name), step \(step)")
      }
    }
    for layer in plan.neurons {
      #expect(plan.buffer(layer.buffer).lifetime.contains(layer.step), "\(name), \(layer.name)")
    }
  }

  @Test func buffersThatLiveAtOneTimeShareNothing() throws {
    var reusing = 0
    for seed in 0..<400 as Range<UInt64> {
      let plan = try Lowering.lower(ModuleGenerator.module(seed: seed))
      Self.check(plan, "seed \(seed)")
      Self.checkLifetimes(plan, "seed \(seed)")
      if plan.buffers.reduce(0, { $0 + $1.byteCount }) > plan.arenaByteCount { reusing += 1 }
    }
    #expect(reusing > 100, "memory is used again once its value is dead")
  }

  @Test(arguments: ModelFixture.all)
  func modelsUseTheirMemoryAgain(_ fixture: ModelFixture) throws {
    let plan = try Lowering.lower(Pipeline.standard.run(on: fixture.module()))
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
      [conv.input] + [conv.residual, conv.realOutput, conv.spikesOutput].compactMap { $0 }
    case .attention(let op):
      [op.queries, op.keys, op.values, op.workspace]
        + [op.realOutput, op.spikesOutput].compactMap { $0 }
    case .neuron(let input, _, let output): [input, output]
    case .maxPool(let input, _, let output): [input, output]
    case .groupedConvolution(let conv): [conv.input, conv.output]
    case .add(let lhs, let rhs, let output): [lhs, rhs, output]
    case .mul(let lhs, let rhs, _, let output): [lhs, rhs, output]
    case .sum(let input, _, let output): [input, output]
    case .complement(let input, let output): [input, output]
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
