import Accounts
import ArgumentParser
import Diagnostics
import Engine
import Families
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
      frames of events, or of one sample without B; or a picture, PNG or JPEG, or
      a folder of pictures. A picture is resized, cut and normalised as the
      model's authors do; the run says how, and where that is known from.

      Or it is a recording of an event camera, or a folder of them: AEDAT 3.1 as in
      DVS128 Gesture, AEDAT 2.0 as in CIFAR10-DVS, or .npz with the members t, x, y
      and p. Its events are counted into T frames of nearly equal numbers of events,
      as the authors' scripts do. A recording with a table of gestures has a sample
      for each.

      Without --logits, --spikes, --membranes, --labels, --profile and --account,
      the highest outputs of each sample are printed, with the names of their
      classes where they are known.

      The profile has a line for each kernel's call: the additions that it needs,
      the time that it took, the time that they need at the machine's peak, which
      is measured, and the ratio of both.

      The account says how often neurons fired, how many operations that took, and
      what energy; snnc report tells it by layer and step.

        snnc run model.snn --input images.npy
        snnc run model.snn --input cat.jpg
        snnc run model.snn --input photos/ --class-names classes.txt
        snnc run gestures.snn --input user01_fluorescent.aedat
        snnc run model.snn --input images.npy --labels labels.npy
        snnc run model.snn --input data.npz:input --logits logits.npy
        snnc run model.snn --input images.npy --spikes spikes.npz
        snnc run model.snn --input cat.jpg --membranes membranes.npz \\
          --layers block.0.attn.q_lif
        snnc run model.snn --input images.npy --threads 2 --profile
        snnc run gestures.snn --input user01_fluorescent.aedat --schedule step
        snnc run model.snn --input images.npy --account

      With --schedule step, one time step is computed after another, as the
      frames would come; the results are the same bits.
      """)

  @Argument(help: "The module.", completion: .file(extensions: ["snn"]))
  var model: String

  @Option(
    help: ArgumentHelp("The samples: \(SampleInput.kinds).", valueName: "file"),
    completion: .file(extensions: SampleInput.endings))
  var input: String

  @Flag(help: "Take the array for one sample; another axis in front is an error.")
  var oneSample = false

  @OptionGroup var options: RunOptions

  @Option(
    help: "The engine of compiled kernels, or the plain interpreter; both give the same bits.")
  var engine: EngineChoice = .native

  @Option(
    help: "With native: compute layer by layer (layer, the default), or frames as they come (step)."
  )
  var schedule: Schedule?

  @OptionGroup var profiling: ProfileOptions

  @Flag(help: "Print firing rates, operations and energy.")
  var account = false

  func validate() throws {
    guard engine == .native || !profiling.profile else {
      throw ValidationError("--profile measures kernels, which --engine interpreter does not call")
    }
    guard options.membranes == nil || !profiling.profile else {
      throw ValidationError("--profile measures kernels, which --membranes does not call")
    }
    guard options.labels == nil || !profiling.json else {
      throw ValidationError("--json prints the profile alone, so --labels does not go with it")
    }
    guard !account || !profiling.json else {
      throw ValidationError("--json prints the profile alone, so --account does not go with it")
    }
    guard account || options.energy.name == nil else {
      throw ValidationError("--energy-model goes with --account")
    }
    guard schedule == nil || engine == .native && options.membranes == nil else {
      throw ValidationError("--schedule goes with --engine native, and not with --membranes")
    }
  }

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      let energy = try options.energy.model()
      try checkOutputs(options.outputs, inputs: [model, input] + options.inputs)
      let module = try ModelArgument.read(model)
      let names = try options.naming.names(for: module)
      let samples = try SampleInput.open(
        input, gestures: options.gestures.eventLabels, isOneSample: oneSample, for: module)
      let labels = try options.labels(of: samples, for: module)
      let run = try sampleRun(module, samples)
      try run.run()
      try run.write()
      if options.labels == nil, options.outputs.isEmpty, !profiling.profile, !account {
        for (index, output) in run.outputs.enumerated() {
          Console.out("\(escaped(samples.name(of: index))): \(Ranking(of: output, names).text)")
        }
      }
      if let labels, !profiling.json { Console.out("\(labels.score(run.outputs))") }
      if let profile = run.profile { profiling.show(profile) }
      Console.out(run.account?.summary(energy) ?? [])
    }
  }

  /// The run that the options ask for.
  private func sampleRun(
    _ module: Module, _ samples: any SampleSource
  ) throws(Diagnostic) -> SampleRun {
    do throws(Diagnostic) {
      return try SampleRun(
        module, on: samples, options, engine: engine, schedule: schedule ?? .layer,
        counting: account, timing: profiling.repeatCount)
    } catch {
      throw error.inFile(model)
    }
  }
}
