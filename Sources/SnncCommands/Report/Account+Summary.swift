import Accounts
import Diagnostics
import SpikeIR

extension Account {
  /// A number of events of one sample, on average.
  func perSample(_ count: Int) -> Double { samples == 0 ? 0 : Double(count) / Double(samples) }

  /// The energy of events of one sample, on average, in mJ.
  func millijoules(_ events: Events, _ model: EnergyModel) -> Double {
    samples == 0 ? 0 : 1e-9 * model.picojoules(events) / Double(samples)
  }

  /// What one sample costs on average: firing rates, operations and energy.
  func summary(_ model: EnergyModel) -> [String] {
    let (total, convention) = (total, convention)
    let mean = { (event: Event) in self.millions(of: event, in: total) }
    var table = Table()
    let count = samples == 1 ? "1 sample" : "\(grouped(samples)) samples, the mean of one"
    table.add("samples", "\(count), \(timeSteps) time \(timeSteps == 1 ? "step" : "steps")")
    table.add(
      "spikes",
      "\(neuronSpikes) M of \(mean(.neuronUpdate)) M neuron updates, firing rate "
        + "\(percent(firingRate)) %")
    table.add("additions", "\(mean(.acSpike)) M of spikes, \(mean(.addition)) M of other numbers")
    table.add("products", "\(mean(.acInteger)) M of integers, \(mean(.mac)) M of reals (MACs)")
    table.add(
      "energy", "\(significant(millijoules(total, model))) mJ by \(escaped(model.name))")
    table.add(
      "papers' count",
      "\(significant(1e-9 * convention.picojoules)) mJ, rate x dense operations: "
        + "\(decimals(1e-6 * convention.acs)) M ACs, \(decimals(1e-6 * convention.macs)) M MACs")
    return table.lines
  }

  /// The spikes of neurons of one sample, in millions.
  private var neuronSpikes: String {
    decimals(1e-6 * perSample(nodes.filter { $0.role == .neuron }.map(\.total).total[.spikeOut]))
  }

  private func millions(of event: Event, in events: Events) -> String {
    decimals(1e-6 * perSample(events[event]))
  }
}
