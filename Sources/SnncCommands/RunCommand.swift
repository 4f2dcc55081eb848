import ArgumentParser
import Arrays
import Diagnostics
import Engine
import Families
import Interpreter
import Lowering
import SpikeIR

/// `snnc run`: a module on samples.
struct RunCommand: ParsableCommand {
  /// What runs the module.
  enum EngineChoice: String, ExpressibleByArgument, CaseIterable {
    case native, interpreter
  }

  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a module on samples.",
    discussion: """
      The input is an array of samples, [B, C, H, W], or [B, T, C, H, W] for
      frames of events; or a picture, PNG or JPEG, or a folder of pictures. A
      picture is resized, cut and normalised as the model's authors do; the run
      says how, and where that is known from.
      Without --logits, --spikes, --labels and --profile, the highest outputs of
      each sample are printed, with the names of their classes where they are
      known.

      The profile has a line for each kernel's call: the additions that it needs,
      the time that it took, the time that they need at the machine's peak, which
      is measured, and the ratio of both.

        snnc run model.snn --input images.npy
        snnc run model.snn --input cat.jpg
        snnc run model.snn --input photos/ --class-names classes.txt
        snnc run model.snn --input images.npy --labels labels.npy
        snnc run model.snn --input data.npz:input --logits logits.npy --spikes spikes.npz
        snnc run model.snn --input images.npy --threads 2 --profile
        snnc run model.snn --input events.npy --schedule step

      With --schedule step, one time step is computed after another, as the
      frames would come; the results are the same bits.
      """)

  @Argument(help: "The module.", completion: .file(extensions: ["snn"]))
  var model: String

  @Option(
    help: ArgumentHelp("The samples: \(SampleInput.kinds).", valueName: "file"),
    completion: .file(extensions: SampleInput.endings))
  var input: String

  @Option(
    help: ArgumentHelp(
      "The right answers, [B]; print how many outputs are highest there.",
      valueName: "file"),
    completion: .file(extensions: ["npy", "npz"]))
  var labels: String?

  @Option(help: ArgumentHelp("Write the outputs, float32 [B, classes].", valueName: "file.npy"))
  var logits: String?

  @Option(
    help: ArgumentHelp(
      "Write each neuron layer's spikes, bits of [T, B, ...] as spikes/PATH.",
      valueName: "file.npz"))
  var spikes: String?

  @Option(
    help: "The engine of compiled kernels, or the plain interpreter; both give the same bits.")
  var engine: EngineChoice = .native

  @Option(
    help: "With native: compute layer by layer (layer, the default), or frames as they come (step)."
  )
  var schedule: Schedule?

  @Option(help: "The number of threads; 0 for one a processor.")
  var threads: Int = 1

  @OptionGroup var naming: ClassNameOptions

  @OptionGroup var profiling: ProfileOptions

  func validate() throws {
    guard (0...1024).contains(threads) else {
      throw ValidationError("--threads takes 0 to 1024, not \(threads)")
    }
    guard engine == .native || !profiling.profile else {
      throw ValidationError("--profile measures kernels, which --engine interpreter does not call")
    }
    guard labels == nil || !profiling.json else {
      throw ValidationError("--json prints the profile alone, so --labels does not go with it")
    }
    guard schedule == nil || engine == .native else {
      throw ValidationError("--schedule goes with --engine native")
    }
  }

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      let outputs = [logits, spikes].compactMap { $0 }
      try checkOutputs(
        outputs, inputs: [model, input] + [labels, naming.classNames].compactMap { $0 })
      let module = try ModelArgument.read(model)
      guard spikes == nil || !module.neurons.isEmpty else { throw .noNeurons().inFile(model) }
      let names = try naming.names(for: module)
      let samples = try SampleInput.open(input, for: module)
      let labels = try labels.map { (path) throws(Diagnostic) in
        try Labels(path, samples: samples.count)
      }
      var runner = try Runner(
        module, engine, schedule: schedule ?? .layer, threads: threads,
        timing: profiling.repeatCount)
      var recorder = spikes.map { _ in SpikeRecorder(module, samples: samples.count) }
      var results: [[Float]] = []
      for index in 0..<samples.count {
        results.append(
          try runner.run(
            samples.sample(index), index, spikes == nil ? nil : { recorder?.add($0, $1, $2) }))
        Console.progress(index + 1, of: samples.count, "samples")
      }
      try write(results, recorder)
      if let labels {
        Console.out("\(labels.score(results))")
      } else if logits == nil, spikes == nil, !profiling.profile {
        show(results, of: samples, names)
      }
      if let profile = runner.profile { profiling.show(profile) }
    }
  }

  /// Writes what was asked for; nothing gets its name before all is written.
  private func write(_ results: [[Float]], _ recorder: SpikeRecorder?) throws(Diagnostic) {
    var files: [AtomicFile] = []
    if let logits {
      let array = NumPyArray(
        shape: [results.count, results[0].count], floats: results.flatMap { $0 })
      files.append(try AtomicFile(logits))
      try files[files.count - 1].write(try array.npy())
    }
    if let spikes, let recorder {
      let members = recorder.layers.map { layer in
        (
          name: "spikes/\(layer.key)",
          array: NumPyArray(shape: [layer.value.count], bytes: layer.value)
        )
      }
      files.append(try AtomicFile(spikes))
      try files[files.count - 1].write(try NPZArchive.bytes(of: members))
    }
    for file in files { try file.commit() }
  }

  /// Prints the highest outputs of each sample.
  private func show(
    _ outputs: [[Float]], of samples: any SampleSource, _ names: ClassNames?
  ) {
    for (index, output) in outputs.enumerated() {
      let best = output.indices.sorted { (output[$1], $0) < (output[$0], $1) }.prefix(5)
      let text = best.map { index in
        let name = names.map { " " + escaped($0[index]) } ?? ""
        return "\(index)\(name) (\(output[index]))"
      }.joined(separator: "  ")
      Console.out("\(escaped(samples.name(of: index))): \(text)")
    }
  }
}

extension Diagnostic {
  fileprivate static func noNeurons() -> Diagnostic {
    .error(
      "no-neurons", "the module has no layer of neurons, so there are no spikes to write",
      notes: ["leave out --spikes"])
  }
}
