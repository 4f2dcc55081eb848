import Accounts
import Diagnostics
import SpikeIR

extension Account {
  /// A line for each node that computes, and one for all.
  ///
  /// The rate of a layer of neurons is that at which it fires; of any other op the share of its
  /// operands' elements that are not zero.
  func layerTable(_ model: EnergyModel) -> [String] {
    var table = Table(numbersFrom: 3)
    table.add(
      "op", "operands", "from", "rate, %", "spikes added, M", "integers, M", "other adds, M",
      "MACs, M", "neurons, M", "energy, uJ", "share, %", "papers, uJ")
    let all = model.picojoules(total)
    for node in nodes where isTold(node, model) {
      table.add(
        [
          node.mnemonic, node.operands.map(\.domain.description).joined(separator: " x "),
          escaped(node.name), rates(of: node),
        ] + cells(node.total, model, of: all, convention(of: node)))
    }
    table.add(["all", "", "", ""] + cells(total, model, of: all, convention))
    return table.lines
  }

  /// A line for each layer of neurons: how often it fired, over all steps and at each.
  var rateTable: [String] {
    var table = Table(numbersFrom: 1)
    table.add(["neurons", "count", "rate, %"] + (0..<timeSteps).map { "step \($0)" })
    for node in nodes {
      guard let rates = node.firingRates(samples: samples) else { continue }
      table.add(
        [escaped(node.name), grouped(node.result.shape.count)]
          + [percent(node.firingRate(samples: samples))] + rates.map(percent))
    }
    return table.lines
  }

  /// A line for each time step.
  func stepTable(_ model: EnergyModel) -> [String] {
    var table = Table(numbersFrom: 0)
    table.add(
      "step", "spikes, M", "spikes added, M", "integers, M", "other adds, M", "MACs, M",
      "neurons, M", "energy, uJ", "share, %")
    let (steps, all) = (steps, model.picojoules(total))
    for (step, events) in steps.enumerated() {
      let fired = nodes.lazy.filter { $0.role == .neuron }.map { $0.steps[step][.spikeOut] }
      table.add(
        ["\(step)", millions(perSample(fired.reduce(0, +)))]
          + cells(events, model, of: all, nil).dropLast())
    }
    return table.lines
  }

  private func isTold(_ node: Node, _ model: EnergyModel) -> Bool {
    let total = node.total
    return total.operations + total[.neuronUpdate] > 0 || node.dense > 0
      || model.picojoules(total) > 0
  }

  private func rates(of node: Node) -> String {
    if node.role == .neuron { return percent(node.firingRate(samples: samples)) }
    return node.operands.map { $0.domain == .real ? "-" : percent($0.rate(samples: samples)) }
      .joined(separator: " x ")
  }

  /// The numbers of one sample, on average.
  private func cells(
    _ events: Events, _ model: EnergyModel, of all: Double, _ convention: Convention?
  ) -> [String] {
    let counted: [Event] = [.acSpike, .acInteger, .addition, .mac, .neuronUpdate]
    let energy = model.picojoules(events)
    let papers = convention.map { $0.picojoules } ?? 0
    return counted.map { millions(perSample(events[$0])) } + [
      energy == 0 ? "-" : decimals(1e3 * millijoules(events, model)),
      energy == 0 ? "-" : percent(energy / all),
      papers == 0 ? "-" : decimals(1e-6 * papers),
    ]
  }
}
