import ArgumentParser
import Checkpoint
import Diagnostics
import Families
import Files
import NIR
import OrderedCollections
import Passes
import Reports
import SpikeIR
import SpikeIRProto

/// `snnc import`: a checkpoint or a NIR graph becomes a module.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Read a PyTorch checkpoint or a NIR graph and write it as a module.",
    discussion: """
      Nothing in the checkpoint is executed. What the tensors cannot say (heads,
      time steps, tau, image size) comes from flags, else from the checkpoint's
      args, else from a preset or the authors' code; the summary says which.

        snnc import spikingformer-8-768.pth
        snnc import best.pth --arch spikingformer --heads 8 --time-steps 4
        snnc import best.pth --arch spikingformer -o model.snn

      snnc families lists what can be imported, and snnc inspect FILE what is in a
      checkpoint.

      A model of your own is described by a module in the text form, whose weights
      without numbers are the checkpoint's tensors of the same names:

        snnc import mine.pth --arch mine.snnir

      A graph of the Neuromorphic Intermediate Representation does not say for how
      many steps it runs, and may leave more open; the summary says what was decided
      and what is lost:

        snnc import lif.nir --time-steps 16
        snnc import lif.nir --time-steps 16 --fires at --reset zero -o at.snn
      """)

  @Argument(
    help: "The checkpoint, a .pth, .pt, .pth.tar or .safetensors file; or a .nir file.",
    completion: .file(extensions: ["pth", "pt", "tar", "safetensors", "nir", "h5"]))
  var checkpoint: String

  @Option(name: .shortAndLong, help: "The module to write; NAME.snn of NAME.pth without it.")
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The family: \(familyNames); or the text of your own architecture, a .snnir file.",
      valueName: "name"))
  var arch: String?

  @Option(
    help: ArgumentHelp(
      "The variant, where the tensors fit several, such as imagenet or dvs128-gesture.",
      valueName: "name"))
  var variant: String?

  @Option(
    help: ArgumentHelp("A published size; snnc families lists them.", valueName: "name"),
    completion: .list(Families.all.flatMap(\.presets).map(\.name)))
  var preset: String?

  @Option(help: ArgumentHelp("The number of attention heads.", valueName: "n"))
  var heads: Int?

  @Option(help: ArgumentHelp("The number of time steps, T.", valueName: "n"))
  var timeSteps: Int?

  @Option(help: ArgumentHelp("The height and width of the input.", valueName: "n"))
  var imageSize: Int?

  @Option(help: ArgumentHelp("The neurons' time constant, in steps.", valueName: "x"))
  var tau: Double?

  @Option(help: ArgumentHelp("What attention's sums are multiplied by.", valueName: "x"))
  var attentionScale: Double?

  @Option(
    help: ArgumentHelp(
      "How shortcuts of a sew-resnet join spikes: ADD, AND or IAND.", valueName: "function"))
  var connect: String?

  @Option(
    help: ArgumentHelp(
      "The stages of a spike-driven-transformer's tokenizer that pool, such as 1111.",
      valueName: "bits"))
  var poolingStat: String?

  @Option(
    help: ArgumentHelp(
      "The passes to run, by name, separated by commas.", valueName: "names"))
  var passes: String = Pipeline.standard.passes.map(\.name).joined(separator: ",")

  @OptionGroup var nir: NIRImportOptions

  private static let familyNames = Families.all.map(\.name).joined(separator: ", ")

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      let pipeline = try Pipeline(parsing: passes)
      let path = output ?? "\(baseName).snn"
      let options = options
      try options.checkArchitecture()
      try checkOutputs([path], inputs: [checkpoint] + [options.architectureFile].compactMap { $0 })
      do throws(Diagnostic) {
        let file = try MappedFile(path: checkpoint)
        if file.withSpan({ NIRImport.isHDF5($0) }) {
          try importNIR(file, pipeline, to: path)
        } else {
          guard !checkpoint.hasSuffix(".nir") else { throw .notHDF5() }
          try checkNoNIRFlags()
          try importCheckpoint(options, pipeline, to: path)
        }
      } catch {
        throw error.inFile(self.checkpoint)
      }
    }
  }

  /// Imports a checkpoint, and prints what was recognised, decided, used and left.
  private func importCheckpoint(
    _ options: ModelImport.Options, _ pipeline: Pipeline, to path: String
  ) throws(Diagnostic) {
    let checkpoint = try Checkpoint(path: checkpoint)
    for warning in checkpoint.warnings { Console.report(warning.inFile(self.checkpoint)) }
    let result = try Imported(checkpoint, named: baseName, options)
    for warning in result.warnings { Console.report(warning.inFile(self.checkpoint)) }
    let module = try pipeline.run(on: result.module)
    try ModuleFile.write(module, atomicallyTo: path)
    summarize(checkpoint, result, module, path)
  }

  /// The checkpoint's file name without its folder and its endings.
  var baseName: String {
    var name = checkpoint.split(separator: "/").last.map(String.init) ?? checkpoint
    for ending in [".safetensors", ".tar", ".pth", ".pt", ".nir", ".hdf5", ".h5"]
    where name.hasSuffix(ending) && name.count > ending.count {
      name.removeLast(ending.count)
    }
    return name
  }

  private var options: ModelImport.Options {
    var flags: [Settings.Key: Hint] = [:]
    flags[.heads] = heads.map(Hint.integer)
    flags[.timeSteps] = timeSteps.map(Hint.integer)
    flags[.imageSize] = imageSize.map(Hint.integer)
    flags[.tau] = tau.map(Hint.real)
    flags[.attentionScale] = attentionScale.map(Hint.real)
    flags[.connect] = connect.map(Hint.text)
    flags[.pooling] = poolingStat.map(Hint.text)
    return ModelImport.Options(family: arch, variant: variant, preset: preset, flags: flags)
  }

  /// Prints what was recognised, decided, used and left.
  private func summarize(
    _ checkpoint: Checkpoint, _ result: Imported, _ module: Module, _ path: String
  ) {
    var table = Table()
    table.add("checkpoint", "\(checkpoint.format); \(checkpoint.container)")
    for note in checkpoint.notes { table.add("", note) }
    for row in result.rows { table.add(row) }
    table.add(
      "parameters",
      "\(grouped(result.used.parameters)) used of "
        + "\(grouped(result.used.parameters + result.unused.parameters)) in the checkpoint")
    table.add(
      "tensors", "\(result.used.tensors) used, \(result.unused.tensors) not used by the network")
    for line in unusedSummary(result.unusedNames) { table.add("", line) }
    table.add(moduleRow(module, path))
    Console.out(table.lines)
  }

  /// The summary's row of the module that was written.
  func moduleRow(_ module: Module, _ path: String) -> [String] {
    [
      "module",
      "\(escaped(path)): input \(module.input), \(module.nodes.count) ops, T = \(module.timeSteps)",
    ]
  }

  /// The unused tensors' names, those that differ only in numbers together.
  private func unusedSummary(_ names: [String]) -> [String] {
    var counts: OrderedDictionary<String, Int> = [:]
    for name in names {
      let pattern =
        name.hasSuffix(".num_batches_tracked")
        ? "*.num_batches_tracked"
        : name.split(separator: ".", omittingEmptySubsequences: false)
          .map { $0.allSatisfy(\.isNumber) ? "N" : String($0) }.joined(separator: ".")
      counts[pattern, default: 0] += 1
    }
    return counts.map { "unused: \(escaped($0.key))\($0.value > 1 ? " x \($0.value)" : "")" }
  }
}
