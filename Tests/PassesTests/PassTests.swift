import Diagnostics
import IRTestSupport
import Interpreter
import Passes
import SpikeIR
import Testing

/// What each pass makes of a module, and that the module still computes the same.
@Suite struct PassTests {
  @Test(arguments: try PassCase.all)
  func resultsAreAsWritten(_ example: PassCase) throws {
    let pass = try #require(Pass.all.first { $0.name == example.pass })
    #expect(try pass.run(on: example.module()).text == example.after)
  }

  @Test func everyPassHasCases() throws {
    #expect(try Set(PassCase.all.map(\.pass)) == Set(Pass.all.map(\.name)))
  }

  @Test(arguments: Pass.all.map(\.name))
  func passesChangeNothingTheSecondTime(_ name: String) throws {
    let pipeline = try Pipeline(parsing: name)
    for seed in 0..<100 as Range<UInt64> {
      let once = try pipeline.run(on: ModuleGenerator.module(seed: seed))
      #expect(try pipeline.run(on: once).text == once.text, "seed \(seed)")
    }
  }

  // MARK: - Semantics

  @Test(arguments: ["hoist-static", "remove-dead", "hoist-static,remove-dead"])
  func everyBitStays(_ passes: String) throws {
    var changed = 0
    for seed in 0..<600 as Range<UInt64> {
      let before = try ModuleGenerator.module(seed: seed)
      let after = try Pipeline(parsing: passes).run(on: before)
      let (old, new) = (try Outcome(before, seed: seed), try Outcome(after, seed: seed))
      #expect(new.output.bits == old.output.bits, "seed \(seed)")
      for (name, spikes) in new.spikes {
        #expect(spikes == old.spikes[name], "seed \(seed), \(name)")
      }
      if after.text != before.text { changed += 1 }
    }
    #expect(changed > 50)
  }

  @Test func foldedNormsBehindSumsWithoutABiasKeepEveryBit() throws {
    for seed in 0..<20 as Range<UInt64> {
      let before = try Self.normed(seed, hasBias: false)
      let after = try Pipeline(parsing: "fold-batch-norm").run(on: before)
      #expect(!after.text.contains("batch_norm"))
      let (old, new) = (try Outcome(before, seed: seed), try Outcome(after, seed: seed))
      #expect(new.output.bits == old.output.bits, "seed \(seed)")
    }
  }

  @Test(arguments: ["fold-batch-norm", "fold-batch-norm-into-weights"])
  func foldedBiasesAndWeightsDifferByRoundingOnly(_ pass: String) throws {
    for seed in 0..<20 as Range<UInt64> {
      let before = try Self.normed(seed, hasBias: true)
      let after = try Pipeline(parsing: pass).run(on: before)
      let (old, new) = (try Outcome(before, seed: seed), try Outcome(after, seed: seed))
      for (x, y) in zip(old.output, new.output) { #expect(abs(x - y) <= 1e-5 * max(1, abs(x))) }
    }
  }

  @Test func foldedNumbersAreRoundedOnce() throws {
    let before = try Self.normed(3, hasBias: true)
    let after = try Pipeline(parsing: "fold-batch-norm-into-weights,remove-dead").run(on: before)
    let numbers = before.weights.map { $0.data.floats.map(Double.init) }
    let (kernel, bias) = (numbers[0], numbers[1])
    let (gamma, beta, mean, variance) = (numbers[2], numbers[3], numbers[4], numbers[5])
    let factors = zip(gamma, variance).map { $0 / ($1 + 1e-5).squareRoot() }
    let folded = kernel.indices.map { Float(kernel[$0] * factors[$0 % factors.count]) }
    let shifts = factors.indices.map {
      Float(beta[$0] - mean[$0] * factors[$0] + bias[$0] * factors[$0])
    }
    #expect(after.weights.map(\.name) == ["conv.weight.folded", "conv.weight.folded.bias"])
    #expect(after.weights[0].data.floats.bits == folded.bits)
    #expect(after.weights[1].data.floats.bits == shifts.bits)
  }

  /// A convolution of random weights with a batch norm behind it.
  static func normed(_ seed: UInt64, hasBias: Bool) throws -> Module {
    var random = SeededRandom(seed)
    var builder = try ModuleBuilder(
      name: "normed", timeSteps: 1, input: ValueType(.real, [3, 4, 4], timed: false))
    func weight(_ name: String, _ shape: Shape, around center: Float = 0) -> Weight {
      Weight(name, shape, (0..<shape.count).map { _ in center + random.real() })
    }
    let kernel = try builder.add(weight("conv.weight", [3, 3, 3, 7]))
    let bias = hasBias ? try builder.add(weight("conv.bias", [7])) : nil
    let norm = [
      try builder.add(weight("bn.weight", [7], around: 1)),
      try builder.add(weight("bn.bias", [7])),
      try builder.add(weight("bn.running_mean", [7])),
      try builder.add(weight("bn.running_var", [7], around: 2)),
    ]
    let sum = try builder.conv2d(
      .input, kernel: kernel, bias: bias, padding: [1, 1], from: "conv")
    let output = try builder.batchNorm(sum, norm, from: "bn")
    return try builder.finish(output: output)
  }

  // MARK: - Refusals

  @Test func variancesThatAreNotPositiveAreRefused() throws {
    let module = try Module(
      parsing: """
        snnir 1
        module @"flat" {
          time_steps = 1
          weight @"v" : f32 [1] = [0.0]
          input %x : real [1]
          %y = batch_norm %x, @"v", @"v", @"v", @"v" {epsilon = 0.0} from "bn"
          output %y
        }
        """)
    let error = #expect(throws: Diagnostic.self) {
      try Pipeline(parsing: "fold-batch-norm").run(on: module)
    }
    #expect(error?.id == "batch_norm-c4")
  }
}

/// What a module computes of the random sample of a seed.
struct Outcome {
  /// The output.
  let output: [Float]
  /// The spikes of each layer of neurons.
  private(set) var spikes: [String: [Float]] = [:]

  /// Runs `module`.
  init(_ module: Module, seed: UInt64) throws {
    var random = SeededRandom(seed)
    let steps = module.input.isTimed ? module.timeSteps : 1
    var spikes: [String: [Float]] = [:]
    output = try Interpreter(module).run(
      Tensor(module.input.shape, steps: steps, random.sample(of: module)),
      observing: { spikes[$0.name] = $0.spikes.values }
    ).values
    self.spikes = spikes
  }
}
