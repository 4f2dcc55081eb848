import ArgumentParser
import Diagnostics
import Engine
import Evaluation
import Lowering
import Reports
import SpikeIR

/// `snnc eval`: how many samples a module gets right.
struct EvalCommand: ParsableCommand {
  /// What a sample that cannot be read does to the evaluation.
  enum OnError: String, ExpressibleByArgument, CaseIterable {
    case skip, stop
  }

  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Evaluate a module on samples with labels.",
    discussion: """
      The data are \(EvaluationData.kinds)

      A file of results gets a line for each sample as it is done. What
      interrupts the evaluation (Ctrl-C, a kill) loses no line: --resume goes on
      where the file ends. Ctrl-C prints what is known so far; a second one ends
      the command at once.

      With --shard I/N, the I-th of N equal parts is evaluated, on another machine
      perhaps; snnc merge-results puts the parts together.

        snnc eval model.snn --data test.npz
        snnc eval model.snn --data images.npy --labels labels.npy
        snnc eval model.snn --data imagenet/val --results all.jsonl --resume
        snnc eval model.snn --data imagenet/val --samples 1000
        snnc eval model.snn --data imagenet/val --shard 2/4 --results 2.jsonl
        snnc merge-results 1.jsonl 2.jsonl 3.jsonl 4.jsonl

      Exit status: 0 done, 65 done but for samples that could not be read, or
      stopped at one, 130 interrupted.
      """)

  @Argument(help: "The module.", completion: .file(extensions: ["snn"]))
  var model: String

  @Option(
    help: ArgumentHelp("The samples: \(EvaluationData.forms).", valueName: "data"),
    completion: .file())
  var data: String

  @Option(
    help: ArgumentHelp(
      "The right answers, [B]; without it the data's own labels.", valueName: "file"),
    completion: .file(extensions: ["npy", "npz"]))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "Evaluate n samples alone, spread evenly over the data.", valueName: "n"))
  var samples: Int?

  @Option(help: "The number of samples that are computed at once; 0 for one a processor.")
  var threads: Int = 0

  @Option(
    name: .customLong("on-error"),
    help: "At a sample that cannot be read: go on without it (skip), or stop.")
  var onError: OnError = .skip

  @Option(
    help: ArgumentHelp("Write what became of each sample, a line of JSON each.", valueName: "file"),
    completion: .file(extensions: ["jsonl"]))
  var results: String?

  @Flag(help: "Go on where the results' file ends; start it if it is not there.")
  var resume = false

  @Option(
    help: ArgumentHelp("Evaluate the I-th of N parts, from 1: I/N.", valueName: "i/n"))
  var shard: String = "1/1"

  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    try Processors.validate(threads)
    guard samples.map({ $0 > 0 }) ?? true else {
      throw ValidationError("--samples takes 1 and more, not \(samples ?? 0)")
    }
    guard results != nil || !resume else {
      throw ValidationError("--resume goes on with a file of --results, so it needs one")
    }
  }

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      let shard = try Shard(parsing: shard)
      try checkOutputs(
        [results].compactMap { $0 }, inputs: [model, data] + [labels].compactMap { $0 })
      let module = try ModelArgument.read(model)
      let data = try EvaluationData.open(self.data, labels: labels, for: module)
      let chosen = data.spread(samples)
      // Ahead of the header, whose counts a module that is too large would let overflow.
      let plan = try plan(of: module)
      let header = header(of: module, data, chosen.count, shard)
      let (file, known) =
        try results.map { (path) throws(Diagnostic) in
          try ResultsFile.open(path, for: header, isResuming: resume)
        }.map { ($0.file, $0.results) } ?? (nil, Results(of: header))
      let evaluator = Evaluator(goingOnWith: known, file: file, stopsAtBroken: onError == .stop)
      Temporaries.onInterruption { evaluator.interrupt() }
      let found = evaluator.run(threads: Processors.threads(threads)) { () throws(Diagnostic) in
        let counter = SpikeCounter(try Engine(plan))
        return { data.evaluate(chosen[$0], as: $0, with: counter) }
      }
      try EvaluationReport(found.results, json: json).show(endedBy: found.failure)
    }
  }

  private func plan(of module: Module) throws(Diagnostic) -> Plan {
    do throws(Diagnostic) {
      return try Lowering.lower(module)
    } catch {
      throw error.inFile(model)
    }
  }

  /// What the results are of.
  private func header(
    of module: Module, _ data: EvaluationData, _ samples: Int, _ shard: Shard
  ) -> ResultsHeader {
    ResultsHeader(
      module: "\(Module.hashAlgorithm):\(module.hash)", outputs: data.outputs,
      neurons: module.neurons.reduce(0) { $0 + $1.node.type.count(steps: module.timeSteps) },
      data: data.hash, samples: samples, classes: data.classes, input: data.input, shard: shard)
  }
}
