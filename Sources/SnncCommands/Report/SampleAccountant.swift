import Accounts
import Diagnostics
import SpikeIR

/// Counts what samples cost as a `Runner` runs them.
///
///     var accountant = try SampleAccountant(module)
///     let output = try runner.run(sample, index) { name, _, spikes in accountant.observe(name, spikes) }
///     accountant.finish(sample)
///     Console.out(accountant.account.summary(model))
struct SampleAccountant {
  private var accountant: Accountant
  private var spikes: [String: [UInt8]] = [:]

  /// The most nodes, each counted at every time step; published models have a few thousand.
  private static let maximumCount = 1 << 20

  /// Starts to count `module`.
  ///
  /// - Throws: `account-limit`.
  init(_ module: Module) throws(Diagnostic) {
    try Self.check(module)
    accountant = Accountant(module)
  }

  /// Checks that `module` can be counted.
  ///
  /// - Throws: `account-limit`.
  static func check(_ module: Module) throws(Diagnostic) {
    let count = module.nodes.count * module.timeSteps
    guard count <= maximumCount else { throw .accountLimit(count, maximumCount) }
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

extension Diagnostic {
  fileprivate static func accountLimit(_ count: Int, _ limit: Int) -> Diagnostic {
    .error(
      "account-limit",
      "an account has at most \(limit) rows, one for each op and time step, and this one \(count)",
      notes: ["fewer time steps make it smaller"])
  }
}
