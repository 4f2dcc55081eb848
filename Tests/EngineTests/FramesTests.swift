import Engine
import IRTestSupport
import Lowering
import SpikeIR
import Testing

/// Frames that are given to an Engine one after another.
@Suite struct FramesTests {
  /// A module whose result depends on the order of its frames.
  static func module(timed: Bool) throws -> Module {
    var random = SeededRandom(5)
    var builder = try ModuleBuilder(
      name: "frames", timeSteps: 4, input: ValueType(.real, [3, 4, 4], timed: timed))
    let kernel = try builder.add(
      Weight("kernel", [3, 3, 3, 70], random.values(3 * 3 * 3 * 70, of: .real)))
    var x = try builder.conv2d(.input, kernel: kernel, from: "conv")
    x = try builder.lif(x, tau: 1.5, threshold: 0.25, from: "lif")
    x = try builder.if(x, threshold: 2, from: "if")
    x = try builder.meanSteps(try builder.mean(x, from: "mean"), from: "steps")
    return try builder.finish(output: x)
  }

  /// The frames of a sample.
  static func frames(_ sample: [Float], of module: Module) -> [[Float]] {
    let count = module.input.shape.count
    return (0..<module.timeSteps).map { step in
      module.input.isTimed ? Array(sample[step * count..<(step + 1) * count]) : sample
    }
  }

  @Test(arguments: [true, false], [1, 2, 3])
  func framesGiveWhatTheSampleGives(_ timed: Bool, _ threads: Int) throws {
    let module = try Self.module(timed: timed)
    var random = SeededRandom(6)
    let sample = random.sample(of: module)
    let whole = try Engine(Lowering.lower(module)).run(sample)
    let engine = try Engine(Lowering.lower(module, schedule: .step), threads: threads)
    for _ in 0..<2 {
      for frame in Self.frames(sample, of: module) { engine.step(frame) }
      #expect(engine.finish().bits == whole.bits)
      engine.reset()
    }
    #expect(Set(whole).count > 2)
    if timed {
      for frame in Self.frames(sample, of: module).reversed() { engine.step(frame) }
      #expect(engine.finish().bits != whole.bits, "the order of the frames matters")
    }
  }

  @Test func aSampleThatIsLeftIsForgotten() throws {
    let module = try Self.module(timed: true)
    var random = SeededRandom(7)
    let (left, sample) = (random.sample(of: module), random.sample(of: module))
    let engine = try Engine(Lowering.lower(module, schedule: .step))
    for frame in Self.frames(left, of: module).dropLast() { engine.step(frame) }
    #expect(try engine.run(sample).bits == Engine(Lowering.lower(module)).run(sample).bits)
  }

  @Test func anInputThatDoesNotVaryIsReadAtTheFirstStep() throws {
    let module = try Self.module(timed: false)
    var random = SeededRandom(8)
    let sample = random.sample(of: module)
    let engine = try Engine(Lowering.lower(module, schedule: .step))
    engine.step(sample)
    for _ in 1..<4 { engine.step([Float](repeating: .nan, count: sample.count)) }
    #expect(try engine.finish().bits == Engine(Lowering.lower(module)).run(sample).bits)
  }

  @Test func aLayerIsSeenOnceWithAllItsSteps() throws {
    let module = try Self.module(timed: true)
    var random = SeededRandom(9)
    let sample = random.sample(of: module)
    var (expected, found) = ([String: [UInt8]](), [String: [UInt8]]())
    _ = try Engine(Lowering.lower(module)).run(sample) { expected[$0.name] = $1 }
    let engine = try Engine(Lowering.lower(module, schedule: .step))
    var calls = 0
    engine.reset {
      found[$0.name] = $1
      calls += 1
    }
    for (index, frame) in Self.frames(sample, of: module).enumerated() {
      #expect(calls == 0)
      engine.step(frame)
      if index == 2 { #expect(found.isEmpty) }
    }
    #expect(calls == 2 && found == expected)
    #expect(expected.values.allSatisfy { $0.contains(1) && $0.contains(0) })
  }

  @Test func aSampleOfAnotherSizeIsRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = try Engine(Lowering.lower(FramesTests.module(timed: false))).run(
        [Float](repeating: 0, count: 47))
    }
    await #expect(processExitsWith: .success) {
      _ = try Engine(Lowering.lower(FramesTests.module(timed: false))).run(
        [Float](repeating: 0, count: 48))
    }
  }

  @Test func framesOutOfTurnAreRefused() async {
    await #expect(processExitsWith: .failure) {
      let engine = try Engine(Lowering.lower(FramesTests.module(timed: true), schedule: .step))
      _ = engine.finish()
    }
    await #expect(processExitsWith: .failure) {
      let engine = try Engine(Lowering.lower(FramesTests.module(timed: false), schedule: .step))
      for _ in 0..<5 { engine.step([Float](repeating: 0, count: 48)) }
    }
    await #expect(processExitsWith: .failure) {
      try Engine(Lowering.lower(FramesTests.module(timed: false))).step(
        [Float](repeating: 0, count: 48))
    }
    await #expect(processExitsWith: .success) {
      let engine = try Engine(Lowering.lower(FramesTests.module(timed: false), schedule: .step))
      for _ in 0..<4 { engine.step([Float](repeating: 0, count: 48)) }
      _ = engine.finish()
    }
  }
}
