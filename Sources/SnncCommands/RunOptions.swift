import Accounts
import ArgumentParser
import Diagnostics
import Families
import SpikeIR

/// What `snnc run` and simulators both are told: what to write, and how to run.
struct RunOptions: ParsableArguments {
  @OptionGroup var gestures: EventLabelOptions

  @Option(
    help: ArgumentHelp(
      "The right answers, [B]; print how many outputs are highest there.",
      valueName: "file"),
    completion: .file(extensions: ["npy", "npz"]))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "Write the outputs, float32 [B, classes]; [B, T, ...] where they are timed.",
      valueName: "file.npy"))
  var logits: String?

  @Option(
    help: ArgumentHelp(
      "Write each neuron layer's spikes, bits of [T, B, ...] as spikes/PATH.",
      valueName: "file.npz"))
  var spikes: String?

  @Option(
    help: ArgumentHelp(
      "Write neuron layers' membranes before their resets, float32 [T, B, ...] as membranes/PATH; "
        + "the interpreter computes them, which takes longer.",
      valueName: "file.npz"))
  var membranes: String?

  @Option(
    help: ArgumentHelp(
      "With --membranes: the layers, by name, separated by commas; without it all.",
      valueName: "names"))
  var layers: String?

  @Option(help: "The number of threads; 0 for one a processor.")
  var threads: Int = 1

  @OptionGroup var naming: ClassNameOptions

  @OptionGroup var energy: EnergyOptions

  func validate() throws {
    try Processors.validate(threads)
    guard layers == nil || membranes != nil else {
      throw ValidationError("--layers goes with --membranes")
    }
  }

  /// The files that are written.
  var outputs: [String] { [logits, spikes, membranes].compactMap { $0 } }

  /// The files that are read, beside the samples.
  var inputs: [String] {
    [gestures.eventLabels, labels, naming.classNames, energy.name].compactMap { $0 }
  }

  /// The names of the layers whose membranes are written; none stands for all.
  var layerNames: [String] {
    layers?.split(separator: ",").map(String.init) ?? []
  }

  /// The right answers: those of `--labels`, or those that the samples' files say.
  ///
  /// - Throws: what is wrong with a file; `labels-shape` or `label-range`.
  func labels(of samples: any SampleSource, for module: Module) throws(Diagnostic) -> Labels? {
    let outputs = module.type(of: module.output).shape.count
    if let labels { return try Labels(labels, samples: samples.count, outputs: outputs) }
    guard let labels = samples.labels else { return nil }
    return try Labels(labels, outputs: outputs)
  }
}
