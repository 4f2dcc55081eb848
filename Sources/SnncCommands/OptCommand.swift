import Accounts
import ArgumentParser
import Diagnostics
import Passes
import SpikeIR
import SpikeIRProto

/// `snnc opt`: passes over a module.
struct OptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "opt",
    abstract: "Run passes over a module.",
    discussion: """
      The passes:

      \(Pass.all.map { "  \($0.name)\n      \($0.summary)" }.joined(separator: "\n"))

      Unless --passes said otherwise, snnc import has run
      \(Pipeline.standard.passes.map(\.name).joined(separator: ",")).

        snnc import best.pth --arch spikingformer --passes '' -o raw.snn
        snnc opt raw.snn --passes fold-batch-norm,hoist-static --print-after all
        snnc opt raw.snn --passes fold-batch-norm,remove-dead -o folded.snn
        snnc opt meta.snn --passes merge-conv-chains,remove-dead --input photos/ \\
          -o merged.snn
      """)

  @Argument(help: "The module.", completion: .file(extensions: ["snn"]))
  var model: String

  @Option(
    help: "The passes to run, by name, separated by commas.",
    completion: .list(Pass.all.map(\.name)))
  var passes: String

  @Option(help: ArgumentHelp("Print the module after a pass, or after all.", valueName: "pass"))
  var printAfter: String?

  @Option(
    help: ArgumentHelp(
      "With merge-conv-chains: samples on which to measure the rates that decide what it saves: "
        + "\(SampleInput.kinds).", valueName: "file"),
    completion: .file(extensions: SampleInput.endings))
  var input: String?

  @Option(name: .shortAndLong, help: "Where to write the result; it is printed without.")
  var output: String?

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      let pipeline = try Pipeline(parsing: passes)
      if let printAfter, printAfter != "all",
        !pipeline.passes.contains(where: { $0.name == printAfter })
      {
        throw .notInPipeline(printAfter)
      }
      try checkOutputs([output].compactMap { $0 }, inputs: [model] + [input].compactMap { $0 })
      let module = try ModelArgument.read(model)
      let costs = try mergeCosts(of: module, pipeline)
      let result = try pipeline.run(on: module) { name, module in
        if printAfter == name || printAfter == "all" {
          Console.out("// after \(name)")
          Console.out(module.text)
        }
      }
      if let output {
        try ModuleFile.write(result, atomicallyTo: output)
      } else if printAfter == nil {
        Console.out(result.text)
      }
      Console.out(costs?.lines ?? [])
    }
  }

  /// What merging costs and saves, where chains are merged and nothing else is printed.
  private func mergeCosts(
    of module: Module, _ pipeline: Pipeline
  ) throws(Diagnostic) -> MergeCosts? {
    let merges = pipeline.passes.contains { $0.name == Pass.mergeConvChains.name }
    guard let input else { return merges && output != nil ? MergeCosts(of: module) : nil }
    guard merges, output != nil else { throw .needsMerging() }
    let samples = try SampleInput.open(input, for: module)
    return MergeCosts(of: module, rates: try FiringRates(of: module, on: samples).rates)
  }
}

extension Diagnostic {
  fileprivate static func needsMerging() -> Diagnostic {
    .error(
      "needs-merging", "--input goes with --passes merge-conv-chains and an output",
      notes: ["for the table of what merging saves: --passes merge-conv-chains -o OUT"],
      status: .usage)
  }

  fileprivate static func notInPipeline(_ name: String) -> Diagnostic {
    .error(
      "not-in-pipeline", "--print-after takes a pass of --passes, or all, not '\(escaped(name))'",
      status: .usage)
  }
}
