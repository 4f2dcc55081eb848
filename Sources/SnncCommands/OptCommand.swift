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

      `import` has run \(Pipeline.standard.passes.map(\.name).joined(separator: ",")) unless told
      otherwise with --passes.

        snnc import best.pth --passes '' -o raw.snn
        snnc opt raw.snn --passes fold-batch-norm,hoist-static --print-after all
      """)

  @Argument(help: "The module.", completion: .file(extensions: ["snn"]))
  var model: String

  @Option(help: "The passes to run, by name, separated by commas.")
  var passes: String

  @Option(help: ArgumentHelp("Print the module after a pass, or after all.", valueName: "pass"))
  var printAfter: String?

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
      try checkOutputs([output].compactMap { $0 }, inputs: [model])
      let module = try ModelArgument.read(model)
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
    }
  }
}

extension Diagnostic {
  fileprivate static func notInPipeline(_ name: String) -> Diagnostic {
    .error(
      "not-in-pipeline", "--print-after takes a pass of --passes, or all, not '\(name)'",
      status: .usage)
  }
}
