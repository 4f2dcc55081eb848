import Diagnostics
import Engine
import Glibc
import Interpreter
import Lowering
import SpikeIR

/// Runs samples of a module on the engine or the interpreter.
struct Runner {
  /// Receives a layer's name, the sample's number and the spikes `[T][shape]`.
  typealias Observer = (String, Int, Spikes) -> Void

  /// A layer's spikes, as the engine or the interpreter gives them.
  enum Spikes {
    case bytes([UInt8])
    case floats([Float])
  }

  private let module: Module
  private let engine: Engine?

  /// Prepares a run; 0 threads stand for one a processor.
  init(
    _ module: Module, _ choice: RunCommand.EngineChoice, threads: Int
  ) throws(Diagnostic) {
    self.module = module
    guard choice == .native else {
      engine = nil
      return
    }
    let processors = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    engine = try Engine(
      Lowering.lower(module), threads: threads == 0 ? max(processors, 1) : threads)
  }

  /// Computes the output of one sample.
  func run(_ sample: [Float], _ index: Int, _ observe: Observer?) throws(Diagnostic) -> [Float] {
    if let engine {
      guard let observe else { return engine.run(sample) }
      return engine.run(sample) { layer, spikes in observe(layer.name, index, .bytes(spikes)) }
    }
    let steps = module.input.isTimed ? module.timeSteps : 1
    let input = Tensor(module.input.shape, steps: steps, sample)
    let output = try Interpreter(module).run(
      input, observing: { observe?($0.name, index, .floats($0.spikes.values)) })
    return output.values
  }
}

extension SpikeRecorder {
  /// Records a layer's spikes of one sample.
  mutating func add(_ name: String, _ sample: Int, _ spikes: Runner.Spikes) {
    switch spikes {
    case .bytes(let bytes): add(name, sample: sample, bytes) { $0 != 0 }
    case .floats(let floats): add(name, sample: sample, floats) { $0 != 0 }
    }
  }
}
