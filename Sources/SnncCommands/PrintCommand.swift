import ArgumentParser
import Diagnostics
import SpikeIR

/// `snnc print`: a module as text.
struct PrintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "print",
    abstract: "Print a module in the text form.",
    discussion: """
      Weights are named and not shown, but for small ones. ir-spec/text.md
      describes the form.

        snnc print spikingformer-8-768.snn | less
      """)

  @OptionGroup var model: ModelArgument

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      Console.out(try model.read(checkingWeights: false).module.text)
    }
  }
}
