import ArgumentParser
import Diagnostics
import SpikeIR

/// `snnc print`: a module as text.
struct PrintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "print",
    abstract: "Print a module in the text form.",
    discussion: """
      The text has a line for each op, with the type of its result behind it.
      Weights are named and not shown, but for small ones. ir-spec/text.md
      describes the form.

        snnc print model.snn
        snnc print model.snn | grep lif
      """)

  @OptionGroup var model: ModelArgument

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      Console.out(try model.read(checkingWeights: false).module.text)
    }
  }
}
