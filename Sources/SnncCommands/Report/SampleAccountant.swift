import Accounts
import SpikeIR

/// Counts what samples cost as a `Runner` runs them.
///
///     var accountant = SampleAccountant(module)
///     let output = try runner.run(sample, index) { name, _, spikes in accountant.observe(name, spikes) }
///     accountant.finish(sample)
///     Console.out(accountant.account.summary(model))
struct SampleAccountant {
  private var accountant: Accountant
  private var spikes: [String: [UInt8]] = [:]

  /// Starts to count `module`.
  init(_ module: Module) {
    accountant = Accountant(module)
  }

  /// What was counted of the samples that are finished.
  var account: Account { accountant.account }

  /// Takes the spikes of one layer of the sample that runs.
  mutating func observe(_ name: String, _ spikes: Runner.Spikes) {
    self.spikes[name] = spikes.bytes
  }

  /// Counts the sample that has run, whose layers have all been observed.
  mutating func finish(_ sample: [Float]) {
    accountant.add(sample, spikes)
    spikes = [:]
  }
}
