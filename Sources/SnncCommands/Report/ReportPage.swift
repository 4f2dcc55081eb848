import Accounts
import Diagnostics
import Lowering
import Pages
import SpikeIR
import Verification

/// The page of `snnc report --html`: collects what it shows while samples run, and writes it.
final class ReportPage {
  private let path: String
  private let module: Module
  private var sample: SpikeSample

  /// Prepares a page of `module` that will be `path`.
  ///
  /// - Throws: `page-limit`.
  init(_ path: String, of module: Module) throws(Diagnostic) {
    try PageLimits.check(module)
    self.path = path
    self.module = module
    sample = SpikeSample(timeSteps: module.timeSteps)
  }

  /// Takes the spikes of one layer on the sample number `index`; the page shows those of the first.
  func observe(_ name: String, _ index: Int, _ spikes: Runner.Spikes) {
    guard index == 0 else { return }
    sample.add(name, spikes.bytes)
  }

  /// Writes the page to a file that has yet to come to its place.
  ///
  /// - Throws: `cannot-create` or `cannot-write`.
  func file(
    _ account: Account, _ model: EnergyModel, _ replay: Replay?
  ) throws(Diagnostic) -> AtomicFile {
    let page = Page(
      verdict: module.verify(.spikeDriven), plan: try Lowering.lower(module), account: account,
      model: model, replay: replay, sample: sample,
      provenance: Provenance(
        version: SnncCommand.version,
        command: Array(CommandLine.arguments.dropFirst())))
    return try AtomicFile(path, holding: page.html)
  }
}
