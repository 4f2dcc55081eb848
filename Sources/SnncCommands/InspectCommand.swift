import ArgumentParser
import Checkpoint
import Diagnostics
import Files
import Reports
import SpikeIR
import SpikeIRProto

/// `snnc inspect`: what is in a file.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what is in a checkpoint or a module.",
    discussion: """
      Of a checkpoint, its format, its args and every tensor; of a module, its
      types, its settings and how many ops of which kind it has. Nothing is
      imported and nothing is executed.

        snnc inspect best.pth
        snnc inspect model.snn
        snnc inspect best.pth --safetensors best.safetensors

      The last one writes the checkpoint's tensors, bit for bit, in a form that
      has no place for code.
      """)

  @Argument(help: "A checkpoint or a module.", completion: .file())
  var file: String

  @Option(
    help: ArgumentHelp("Write a checkpoint's tensors as they are.", valueName: "file.safetensors"),
    completion: .file(extensions: ["safetensors"]))
  var safetensors: String?

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      try checkOutputs([safetensors].compactMap { $0 }, inputs: [file])
      let mapped = try MappedFile(path: file)
      if ModuleFile.isModel(mapped) || TextFile.isModule(mapped) {
        guard safetensors == nil else { throw .noTensors().inFile(file) }
        show(try ModelArgument.read(file, checkingWeights: false))
      } else {
        do throws(Diagnostic) {
          let checkpoint = try Checkpoint(path: file)
          if let safetensors { try checkpoint.stateDict.writeSafetensors(to: safetensors) }
          show(checkpoint)
        } catch {
          throw error.inFile(file)
        }
      }
    }
  }

  /// Prints a checkpoint's container, metadata and tensors.
  private func show(_ checkpoint: Checkpoint) {
    for warning in checkpoint.warnings { Console.report(warning.inFile(file)) }
    var table = Table()
    table.add("format", checkpoint.format)
    table.add("container", checkpoint.container)
    for note in checkpoint.notes { table.add("", note) }
    for entry in checkpoint.metadata {
      table.add(escaped(entry.name), escaped(entry.value.description))
    }
    for (name, value) in checkpoint.hints.sorted(by: { $0.key < $1.key }) {
      table.add("\(checkpoint.hintsName).\(escaped(name))", escaped(value.description))
    }
    Console.out(table.lines)
    Console.out()
    var tensors = Table()
    for tensor in checkpoint.stateDict.tensors {
      tensors.add(tensor.name.description, tensor.elementType.rawValue, "\(tensor.shape)")
    }
    Console.out(tensors.lines)
    let total = checkpoint.stateDict.tensors.reduce(0) { $0 + $1.count }
    Console.out()
    Console.out("\(checkpoint.stateDict.tensors.count) tensors, \(grouped(total)) numbers")
  }

  /// Prints a module's types, metadata and size.
  private func show(_ module: Module) {
    var table = Table()
    table.add("module", escaped(module.name))
    table.add("time steps", "\(module.timeSteps)")
    table.add("input", "\(module.input)")
    table.add("output", "\(module.type(of: module.output))")
    for (key, value) in module.metadata { table.add(escaped(key), escaped(value)) }
    var counts: [String: Int] = [:]
    for node in module.nodes { counts[node.op.definition.mnemonic, default: 0] += 1 }
    for (mnemonic, count) in counts.sorted(by: { $0.key < $1.key }) {
      table.add(mnemonic, "\(count)")
    }
    let numbers = module.weights.reduce(0) { $0 + $1.shape.count }
    table.add("weights", "\(module.weights.count), \(grouped(numbers)) numbers")
    Console.out(table.lines)
  }
}

extension Diagnostic {
  fileprivate static func noTensors() -> Diagnostic {
    .error(
      "checkpoint-needed", "--safetensors writes a checkpoint's tensors, and this is a module",
      notes: ["give the checkpoint that the module was made of"], status: .usage)
  }
}
