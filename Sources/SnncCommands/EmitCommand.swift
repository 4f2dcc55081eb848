import ArgumentParser
import CEmitter
import Diagnostics
import Engine
import Lowering
import Reports
import SpikeIR

/// `snnc emit`: a module as a program's source, as a program, or as a model or graph for others.
struct EmitCommand: ParsableCommand {
  /// What is emitted.
  enum Target: String, ExpressibleByArgument, CaseIterable {
    case c, sim, onnx, nir
  }

  static let configuration = CommandConfiguration(
    commandName: "emit",
    abstract: "Write a module as a C program, a simulator, an ONNX model or a NIR graph.",
    discussion: """
      For c, the folder holds a library in C99 that allocates nothing, its
      kernels, the weights, a main.c that reads and writes NumPy files, a
      Makefile and a README.

        snnc emit spikingformer-8-768.snn --target c
        make -C spikingformer-8-768-c
        ./spikingformer-8-768-c/spikingformer_8_768 images.npy logits.npy

      With --schedule step, the library computes one time step after another, so
      that frames are given to NAME_step as they come; the membranes are kept
      between them. Its results are the same bits. --plan lists what lies in the
      arena.

        snnc emit gestures.snn --target c --schedule step
        snnc emit gestures.snn --target c --schedule step --plan

      For sim, the file is a program that needs no compiler and no other file: this
      one, with the module inside. It takes pictures, arrays or recordings of event
      cameras, and says classes, firing rates, operations and energy.

        snnc emit spikingformer-8-768.snn --target sim -o simulator
        ./simulator cat.jpg
        ./simulator --help

      For onnx, the file holds ONNX's plain operators, unrolled over the time
      steps, so that another engine can check snnc: 'input' is one sample,
      [C, H, W] or [T, C, H, W], and 'output' its result. Other engines add in
      an order of their own, so their numbers are close and not the same bits,
      and a membrane that comes to lie on the other side of its threshold is
      another spike.

        snnc emit spikingformer-8-768.snn --target onnx
        snnc emit spikingformer-8-768.snn --target onnx --with-spikes -o spikes.onnx

      For nir, the file is a graph of the Neuromorphic Intermediate Representation,
      which other frameworks and chips read. It has less than a module, so what is
      lost is listed; what it cannot carry, such as attention, is an error.

        snnc emit sew-resnet18.snn --target nir
        snnc emit sew-resnet18.snn --target nir --fires at --dt 0.001 -o at.nir
      """)

  @OptionGroup var model: ModelArgument

  @Option(help: "What to write: c, sim, onnx or nir.")
  var target: Target

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The folder or file; without it NAME-c, NAME-sim, NAME.onnx or NAME.nir after the module.",
      valueName: "folder or file"))
  var output: String?

  @Option(
    help: "With c: compute layer by layer (layer, the default), or frames as they come (step).")
  var schedule: Schedule?

  @Flag(help: "With c: list what lies in the arena, where and how long.")
  var plan = false

  @Flag(help: "With onnx: give each neuron layer's spikes too, [T, ...] as spikes/PATH.")
  var withSpikes = false

  @OptionGroup var nir: NIRStepOptions

  func validate() throws {
    guard !withSpikes || target == .onnx else {
      throw ValidationError("--with-spikes goes with --target onnx")
    }
    guard schedule == nil || target == .c else {
      throw ValidationError("--schedule goes with --target c")
    }
    guard !plan || target == .c else {
      throw ValidationError("--plan goes with --target c")
    }
    guard nir.flags.isEmpty || target == .nir else {
      throw ValidationError("\(nir.flags.joined(separator: ", ")) goes with --target nir")
    }
  }

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      let (module, path) = try model.read()
      do throws(Diagnostic) {
        switch target {
        case .c: try emitC(module, from: path)
        case .sim: try emitSimulator(module, from: path)
        case .onnx: try emitONNX(module, from: path)
        case .nir: try emitNIR(module, from: path)
        }
      } catch {
        throw error.inFile(path)
      }
    }
  }

  /// Writes a module as a C program, and prints what was written.
  private func emitC(_ module: Module, from path: String) throws(Diagnostic) {
    let program = CProgram(try Lowering.lower(module, schedule: schedule ?? .layer))
    let folder = output ?? "\(Self.baseName(of: path))-c"
    if let output { try checkOutputs([output], inputs: []) }
    try write(program, to: folder)
    summarize(program, folder)
    if plan { list(program.plan) }
  }

  /// What an output is called after the module's file, whose own name the user has seen; the name
  /// within the module may be anything.
  static func baseName(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let endings = [".snn", TextFile.ending]
    guard let ending = endings.first(where: { name.hasSuffix($0) && name != $0 }) else {
      return name
    }
    return String(name.dropLast(ending.count))
  }

  /// Writes all files of a program to a folder that appears whole or not at all.
  private func write(_ program: CProgram, to path: String) throws(Diagnostic) {
    // What an earlier emission wrote, and what its Makefile made of it.
    let files = program.files
    let objects = files.map(\.name).filter { $0.hasSuffix(".c") }.map { "\($0.dropLast(2)).o" }
    let names = Set(
      files.map(\.name) + objects + [program.weightsName, program.identifier])
    let folder = try AtomicFolder(path, marker: program.weightsName) { names.contains($0) }
    for file in files {
      let output = try folder.file(file.name)
      try output.write(Array(file.text.utf8))
      try output.commit()
    }
    let weights = try folder.file(program.weightsName)
    try program.writeWeights { (bytes) throws(Diagnostic) in try weights.write(bytes) }
    try weights.commit()
    try folder.commit()
  }

  /// Prints what was written and what it needs.
  private func summarize(_ program: CProgram, _ folder: String) {
    var table = Table()
    table.add("program", "\(program.identifier) in \(escaped(folder))")
    table.add("weights", "\(grouped(program.weightsByteCount)) bytes, \(program.weightsName)")
    add(arenaOf: program.plan, to: &table)
    table.add("scratch", "\(grouped(Plan.scratchByteCount)) bytes for each thread")
    table.add(
      "calls",
      "\(program.plan.steps.count) kernel calls, \(program.plan.neurons.count) layers of neurons")
    Console.out(table.lines)
    Console.out()
    Console.out("build it with: make -C \(shellWord(escaped(folder)))")
  }
}
