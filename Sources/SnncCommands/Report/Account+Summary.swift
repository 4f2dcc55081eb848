import Accounts
import Diagnostics
import Reports
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
    let unit = countUnit
    let mean = { (event: Event) in unit.text(perSample(total[event])) }
    var table = Table()
    let count = samples == 1 ? "1 sample" : "\(grouped(samples)) samples, the mean of one"
    table.add("samples", "\(count), \(counted(timeSteps, "time step"))")
    table.add(
      "spikes",
      "\(unit.text(perSample(neuronSpikes))) of \(mean(.neuronUpdate)) neuron updates, "
        + "firing rate \(percent(firingRate)) %")
    table.add("additions", "\(mean(.acSpike)) of spikes, \(mean(.addition)) of other numbers")
    table.add("products", "\(mean(.acInteger)) of integers, \(mean(.mac)) of reals (MACs)")
    table.add(
      "energy", "\(significant(millijoules(total, model))) mJ by \(escaped(model.name))")
    if let parts = parts(model) { table.add("", parts) }
    table.add(
      "papers' count",
      "\(significant(1e-9 * convention.picojoules)) mJ by rate x dense operations: "
        + "\(unit.text(convention.acs)) ACs, \(unit.text(convention.macs)) MACs")
    return table.lines
  }

  /// What the energy is made of, where a model prices more than arithmetic, which other tables show.
  private func parts(_ model: EnergyModel) -> String? {
    let beyond: [EnergyModel.Cost] = [
      .neuronUpdate, .spikeRouted, .weightReadSRAM, .weightReadDRAM,
    ]
    guard beyond.contains(where: { model[$0] > 0 }) else { return nil }
    let names: [(EnergyModel.Cost, String)] = [
      (.acSpike, "spikes added"), (.acInteger, "integers"), (.addition, "other additions"),
      (.mac, "MACs"), (.neuronUpdate, "neurons"), (.spikeRouted, "spikes routed"),
      (.weightReadSRAM, "weights read"), (.weightReadDRAM, "weights loaded"),
    ]
    let parts = names.map { cost, name in
      "\(name) \(significant(1e-9 * model[cost] * perSample(total[cost.event]), digits: 3))"
    }
    return "of it, in mJ: " + parts.joined(separator: ", ")
  }

  /// The unit of tables of operations.
  var countUnit: Scale.Unit { Scale.counts.unit(for: perSample(total.operations)) }
}
