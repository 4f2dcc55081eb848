public import ArgumentParser
import Diagnostics
import Files
public import NIR
import Passes
import Reports
import SpikeIR
import SpikeIRProto

extension NIRFiring: ExpressibleByArgument {}
extension NIRImport.Reset: ExpressibleByArgument {}
extension NIRImport.Input: ExpressibleByArgument {}
extension NIRImport.Readout: ExpressibleByArgument {}

/// How NIR's equations and a module's steps are taken for one another, in either direction.
struct NIRStepOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "With NIR: the length of a time step; 0.0001 s without it.", valueName: "seconds"))
  var dt: Double?

  @Option(
    help: ArgumentHelp(
      "With NIR: the other program's neurons fire above their threshold, as NIR has it, or at it.",
      valueName: "above or at"))
  var fires: NIRFiring?

  /// The flags that are given.
  var flags: [String] { (dt == nil ? [] : ["--dt"]) + (fires == nil ? [] : ["--fires"]) }

  /// The length of a step that is given.
  func step() throws(Diagnostic) -> NIRTimeStep? {
    guard let dt else { return nil }
    return try NIRTimeStep(dt)
  }
}

/// What a NIR file leaves open.
struct NIRImportOptions: ParsableArguments {
  @OptionGroup var steps: NIRStepOptions

  @Option(
    help: ArgumentHelp(
      "With NIR: the reset of neurons whose file has no v_reset; zero is the one that can be read.",
      valueName: "reset"))
  var reset: NIRImport.Reset?

  @Option(
    help: ArgumentHelp(
      "With NIR: what the input is, timed-real (the default), timed-spike, real or spike.",
      valueName: "type"))
  var inputType: NIRImport.Input?

  @Option(
    help: ArgumentHelp(
      "With NIR: give the output of each step (steps, the default) or their mean.",
      valueName: "readout"))
  var readout: NIRImport.Readout?

  /// The flags that are given.
  var flags: [String] {
    steps.flags + (reset == nil ? [] : ["--reset"]) + (inputType == nil ? [] : ["--input-type"])
      + (readout == nil ? [] : ["--readout"])
  }

  /// The options of an import for `timeSteps` steps.
  func options(timeSteps: Int?) throws(Diagnostic) -> NIRImport.Options {
    var options = NIRImport.Options()
    options.timeSteps = timeSteps
    options.step = try steps.step()
    options.firing = steps.fires
    options.reset = reset
    options.input = inputType
    options.readout = readout
    return options
  }
}

extension ImportCommand {
  /// Imports a NIR file, and prints what was decided and lost.
  func importNIR(_ file: MappedFile, _ pipeline: Pipeline, to path: String) throws(Diagnostic) {
    let flags = checkpointFlags
    guard flags.isEmpty else { throw .flags(flags, "a checkpoint", "a NIR file") }
    let options = try nir.options(timeSteps: timeSteps)
    let name = baseName
    let result = try file.withSpan { (bytes) throws(Diagnostic) in
      try NIRImport(bytes, named: name, options)
    }
    let module = try pipeline.run(on: result.module)
    // A graph may have been emitted from the module of this name.
    try ModuleFile.write(module, atomicallyTo: path, isNew: output == nil)
    var table = Table()
    table.add("graph", "NIR \(escaped(result.version)), \(result.nodeCount) nodes")
    for decision in result.decisions {
      table.add(decision.name, "\(decision.value)  (\(decision.source))")
    }
    for loss in result.losses { table.add("lost", loss) }
    table.add(moduleRow(module, path))
    Console.out(table.lines)
  }

  /// Checks that no flag settles what only a NIR file leaves open.
  ///
  /// - Throws: `import-flags` (exit status 64).
  func checkNoNIRFlags() throws(Diagnostic) {
    guard nir.flags.isEmpty else { throw .flags(nir.flags, "a NIR file", "a checkpoint") }
  }

  /// The flags that settle what only a checkpoint leaves open.
  private var checkpointFlags: [String] {
    var given: [String] = []
    if arch != nil { given.append("--arch") }
    if variant != nil { given.append("--variant") }
    if preset != nil { given.append("--preset") }
    if heads != nil { given.append("--heads") }
    if imageSize != nil { given.append("--image-size") }
    if tau != nil { given.append("--tau") }
    if attentionScale != nil { given.append("--attention-scale") }
    if connect != nil { given.append("--connect") }
    if poolingStat != nil { given.append("--pooling-stat") }
    return given
  }
}

extension Diagnostic {
  /// The error of a file that only its name makes a NIR graph.
  static func notHDF5() -> Diagnostic {
    .error(
      "nir-file", "a NIR graph is an HDF5 file, and this is none",
      notes: ["write it again, for example with nir.write in Python"])
  }

  fileprivate static func flags(
    _ flags: [String], _ expected: String, _ found: String
  ) -> Diagnostic {
    let list = flags.joined(separator: ", ")
    return .error(
      "import-flags",
      "\(list) \(flags.count == 1 ? "settles" : "settle") what \(expected) leaves open, and this is \(found)",
      notes: ["leave out \(list)"], status: .usage)
  }
}
