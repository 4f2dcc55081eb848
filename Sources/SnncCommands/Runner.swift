import Diagnostics
import Engine
import Interpreter
import Lowering
import SpikeIR

/// Runs samples of a module on the engine or the interpreter.
struct Runner {
  /// Receives a layer's name, the sample's number and the spikes `[T][shape]`.
  typealias Observer = (String, Int, Spikes) -> Void

  /// A layer's spikes, as the engine or the interpreter gives them, which has membranes, too.
  enum Spikes {
    case bytes([UInt8])
    case floats([Float], membranes: [Float])

    /// A byte, 0 or 1, for each element.
    var bytes: [UInt8] {
      switch self {
      case .bytes(let bytes): bytes
      case .floats(let floats, _): floats.map { $0 == 0 ? 0 : 1 }
      }
    }
  }

  private let module: Module
  private let engine: Engine?
  private var profiler: Profiler?

  /// Prepares a run; 0 threads stand for one a processor.
  ///
  /// - Parameter repeats: how often the engine times each sample; `nil` where it does not.
  init(
    _ module: Module, _ choice: RunCommand.EngineChoice, schedule: Schedule, threads: Int,
    timing repeats: Int?
  ) throws(Diagnostic) {
    self.module = module
    guard choice == .native else {
      engine = nil
      return
    }
    let engine = try Engine(
      Lowering.lower(module, schedule: schedule), threads: Processors.threads(threads))
    self.engine = engine
    profiler = repeats.map { Profiler(engine, repeats: $0) }
  }

  /// What was measured; `nil` where nothing was to be.
  var profile: Profile? { profiler?.profile }

  /// Computes the output of one sample.
  mutating func run(
    _ sample: [Float], _ index: Int, _ observe: Observer?
  ) throws(Diagnostic) -> [Float] {
    if let engine {
      let observing = observe.map { observe in
        { (layer: Plan.NeuronLayer, spikes: [UInt8]) in
          observe(layer.name, index, .bytes(spikes))
        }
      }
      return profiler?.run(sample, observing: observing)
        ?? engine.run(sample, observing: observing)
    }
    let steps = module.input.isTimed ? module.timeSteps : 1
    let input = Tensor(module.input.shape, steps: steps, sample)
    let output = try Interpreter(module).run(
      input,
      observing: {
        observe?($0.name, index, .floats($0.spikes.values, membranes: $0.membrane.values))
      })
    return output.values
  }
}

extension SpikeRecorder {
  /// Records a layer's spikes of one sample.
  mutating func add(_ name: String, _ sample: Int, _ spikes: Runner.Spikes) {
    switch spikes {
    case .bytes(let bytes): add(name, sample: sample, bytes) { $0 != 0 }
    case .floats(let floats, _): add(name, sample: sample, floats) { $0 != 0 }
    }
  }
}
