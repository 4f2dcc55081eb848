public import ArgumentParser

/// The `snnc` command.
public struct SnncCommand: ParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "snnc",
    abstract: "Compiles spiking neural networks from PyTorch checkpoints to plain C.",
    discussion: """
      A checkpoint becomes a module (MODEL.snn), a typed program that everything
      else reads:

        snnc import spikingformer-8-768.pth   # nothing in the file is executed
        snnc verify --spike-driven            # do only spikes multiply?
        snnc emit --target c                  # C99, the same bits everywhere

      snnc help COMMAND has examples. A message ends in its id in brackets, which
      snnc explain ID explains.

      Exit status: 0 done, 1 the check says no, 64 wrong usage, 65 bad data,
      66 no such input, 70 a bug in snnc, 73 or 74 an output failed,
      130 interrupted.
      """,
    version: version,
    subcommands: [
      ImportCommand.self, FamiliesCommand.self, InspectCommand.self, PrintCommand.self,
      OptCommand.self, VerifyCommand.self, CheckCertificateCommand.self, EmitCommand.self,
      RunCommand.self, ReportCommand.self, EvalCommand.self, MergeResultsCommand.self,
      CompareCommand.self, ExplainCommand.self,
    ])

  /// The version of the program, which reports and emitted files name.
  static let version = "0.1.0"

  /// Creates the command.
  public init() {}
}
