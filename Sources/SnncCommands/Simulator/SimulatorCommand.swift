import Accounts
import ArgumentParser
import Diagnostics
import Evaluation
import Families
import Glibc
import JSON
import Reports
import SpikeIR

/// What a simulator does: the module that it carries, on samples.
///
/// It is `snnc run` with an account, of one module.
struct SimulatorCommand: ParsableCommand {
  /// The command, with the name that this program was given.
  static var configuration: CommandConfiguration {
    let name = Simulator.name
    return CommandConfiguration(
      commandName: name,
      abstract: "Simulate the spiking neural network that this program carries.",
      discussion: """
        For each sample, the highest outputs are printed, with the names of their
        classes where they are known; then how often neurons fired, how many
        operations that took, and what energy, for one sample on average.

        The samples are pictures, PNG or JPEG; recordings of an event camera, AEDAT
        or .npz with the members t, x, y and p; arrays of NumPy, [B, C, H, W], or
        [B, T, C, H, W] for frames; or folders of pictures or recordings.

          ./\(name) cat.jpg dog.png
          ./\(name) user01_fluorescent.aedat
          ./\(name) images.npy --labels labels.npy --threads 0
          ./\(name) cat.jpg --json
          ./\(name) cat.jpg --spikes spikes.npz --membranes membranes.npz

        snnc emit --target sim made this program. It needs no other file, and its
        results are the same bits as those of snnc run.
        """,
      version: SnncCommand.version)
  }

  @Argument(
    help: ArgumentHelp("The samples: \(SampleInput.kinds).", valueName: "input"),
    completion: .file(extensions: SampleInput.endings))
  var inputs: [String]

  @OptionGroup var options: RunOptions

  @Flag(help: "Print everything as JSON.")
  var json = false

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      try refuseCommands()
      let energy = try options.energy.model()
      try checkOutputs(options.outputs, inputs: inputs + options.inputs + [Simulator.program])
      let module = try Simulator.module()
      let names = try options.naming.names(for: module)
      let samples = try samples(for: module)
      let labels = try options.labels(of: samples, for: module)
      let run = try SampleRun(module, on: samples, options, counting: true)
      try run.run()
      try run.write()
      guard let account = run.account else { return }
      let results = run.outputs.enumerated().map { index, output in
        (name: samples.name(of: index), ranking: Ranking(of: output, names))
      }
      if json {
        Console.out(
          Self.json(module, results, labels?.score(run.outputs).count, account, energy).text)
        return
      }
      for result in results { Console.out("\(escaped(result.name)): \(result.ranking.text)") }
      if let labels { Console.out("\(labels.score(run.outputs))") }
      for lines in [account.rateTable, account.summary(energy)] {
        Console.out()
        Console.out(lines)
      }
    }
  }

  /// The samples of all inputs, in their order.
  private func samples(for module: Module) throws(Diagnostic) -> any SampleSource {
    guard inputs.count == 1 || options.gestures.eventLabels == nil else {
      throw .eventLabels(inputs.count)
    }
    var sources: [any SampleSource] = []
    for input in inputs {
      sources.append(
        try SampleInput.open(input, gestures: options.gestures.eventLabels, for: module))
    }
    return JoinedSamples(sources)
  }

  /// Refuses what only `snnc` does, unless there is a file of that name.
  private func refuseCommands() throws(Diagnostic) {
    let commands = SnncCommand.configuration.subcommands.compactMap {
      $0.configuration.commandName
    }
    guard let first = inputs.first, commands.contains(first), access(first, F_OK) != 0 else {
      return
    }
    throw .command(first)
  }

  /// Everything, for other tools.
  private static func json(
    _ module: Module, _ results: [(name: String, ranking: Ranking)], _ right: Int?,
    _ account: Account, _ energy: EnergyModel
  ) -> JSONValue {
    .object(
      .head("snnc-simulation", tool: SnncCommand.version) + [
        JSONMember("module", .string(module.name)),
        JSONMember(
          "results",
          .array(
            results.map { result in
              .object([
                JSONMember("sample", .string(result.name)),
                JSONMember("highest", result.ranking.json),
              ])
            })),
        JSONMember("right", right.map(JSONValue.integer) ?? .null),
      ] + account.members(energy))
  }
}

extension Diagnostic {
  fileprivate static func command(_ name: String) -> Diagnostic {
    .error(
      "simulator-command",
      "a simulator runs the module that it carries and nothing else, and '\(escaped(name))' is a "
        + "command of snnc",
      notes: ["name samples, or see: ./\(escaped(Simulator.name)) --help"], status: .usage)
  }
}
