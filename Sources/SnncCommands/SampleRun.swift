import Accounts
import Arrays
import Diagnostics
import Engine
import Lowering
import SpikeIR

/// A module on samples: its outputs, what was counted, and the traces that were asked for.
final class SampleRun {
  /// The output for each sample.
  private(set) var outputs: [[Float]] = []

  private let module: Module
  private let samples: any SampleSource
  private let options: RunOptions
  private var runner: Runner
  private var spikes: SpikeRecorder?
  private var membranes: MembraneRecorder?
  private var accountant: SampleAccountant?

  /// What was measured; `nil` where nothing was to be.
  var profile: Profile? { runner.profile }

  /// What was counted; `nil` where nothing was to be.
  var account: Account? { accountant?.account }

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - counting: whether spikes, operations and energy are counted.
  ///   - repeats: how often the engine times each sample; `nil` where it does not.
  /// - Throws: `no-neurons`, `no-such-layer`, `spikes-limit`, `membrane-limit` or `account-limit`, or
  ///   what keeps the module from being run.
  init(
    _ module: Module, on samples: any SampleSource, _ options: RunOptions,
    engine: RunCommand.EngineChoice = .native, schedule: Schedule = .layer, counting: Bool,
    timing repeats: Int? = nil
  ) throws(Diagnostic) {
    guard options.spikes == nil && options.membranes == nil || !module.neurons.isEmpty else {
      throw .noNeurons
    }
    self.module = module
    self.samples = samples
    self.options = options
    if options.spikes != nil { spikes = try SpikeRecorder(module, samples: samples.count) }
    if options.membranes != nil {
      membranes = try MembraneRecorder(module, layers: options.layerNames, samples: samples.count)
    }
    accountant = counting ? try SampleAccountant(module) : nil
    runner = try Runner(
      module, membranes == nil ? engine : .interpreter, schedule: schedule,
      threads: options.threads, timing: repeats)
  }

  /// Runs every sample.
  func run() throws(Diagnostic) {
    let isObserved = spikes != nil || membranes != nil || accountant != nil
    for index in 0..<samples.count {
      let sample = try samples.sample(index)
      let output = try runner.run(sample, index, isObserved ? { self.observe($0, $1, $2) } : nil)
      guard output.allSatisfy(\.isFinite) else { throw .outputsNotFinite(samples.name(of: index)) }
      outputs.append(output)
      accountant?.finish(sample)
      Console.progress(index + 1, of: samples.count, "samples")
    }
  }

  /// Takes what one layer did.
  private func observe(_ name: String, _ sample: Int, _ layer: Runner.Spikes) {
    spikes?.add(name, sample, layer)
    accountant?.observe(name, layer)
    if case .floats(_, let membrane) = layer { membranes?.add(name, sample: sample, membrane) }
  }

  /// Writes what was asked for; nothing gets its name before all is written.
  func write() throws(Diagnostic) {
    var files: [AtomicFile] = []
    if let logits = options.logits {
      let extents = (samples.haveAxis ? [outputs.count] : []) + module.extents(of: module.output)
      let array = NumPyArray(shape: extents, floats: outputs.flatMap { $0 })
      files.append(try AtomicFile(logits, holding: array.npy()))
    }
    if let path = options.spikes, let spikes {
      files.append(try AtomicFile(path, holding: NPZArchive.bytes(of: spikes.members)))
    }
    if let path = options.membranes, let membranes {
      files.append(try AtomicFile(path, holding: NPZArchive.bytes(of: membranes.members)))
    }
    for file in files { try file.commit() }
  }
}

extension Diagnostic {
  fileprivate static var noNeurons: Diagnostic {
    .error(
      "no-neurons", "the module has no layer of neurons, so there are no spikes to write",
      notes: ["leave out --spikes and --membranes"])
  }
}
