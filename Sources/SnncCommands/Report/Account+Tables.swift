import Accounts
import Diagnostics
import Reports
import SpikeIR

extension Account {
  /// A line for each node that computes, and one for all.
  ///
  /// The rate of a layer of neurons is that at which it fires; of any other op the share of its
  /// operands' elements that are not zero.
  func layerTable(_ model: EnergyModel) -> [String] {
    let columns = AccountColumns(self, model)
    var table = Table(numbersFrom: 3)
    table.add(
      ["op", "operands", "from", "rate, %"] + columns.heads + ["papers, \(columns.energy.name)"])
    for node in nodes where columns.shows(node) {
      table.add(
        [
          node.mnemonic, node.operands.map(\.domain.description).joined(separator: " x "),
          escaped(node.name), rates(of: node),
        ] + columns.cells(node.total) + [columns.cell(convention(of: node))])
    }
    table.add(["all", "", "", ""] + columns.cells(total) + [columns.cell(convention)])
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
    let columns = AccountColumns(self, model)
    var table = Table(numbersFrom: 0)
    table.add(["step", "spikes, \(columns.count.name)"] + columns.heads)
    for (step, (events, fired)) in zip(steps, neuronSpikesOfSteps).enumerated() {
      table.add(["\(step)", columns.count.cell(perSample(fired))] + columns.cells(events))
    }
    return table.lines
  }

  private func rates(of node: Node) -> String {
    if node.role == .neuron { return percent(node.firingRate(samples: samples)) }
    return node.operands.map { $0.domain == .real ? "-" : percent($0.rate(samples: samples)) }
      .joined(separator: " x ")
  }
}

/// The columns of numbers that the tables of an account have in common: events of one sample on
/// average, their energy and its share.
private struct AccountColumns {
  /// The unit of events.
  let count: Scale.Unit
  /// The unit of energies.
  let energy: Scale.Unit

  private let account: Account
  private let model: EnergyModel
  private let all: Double

  /// The events that have a column.
  private static let events: [(event: Event, head: String)] = [
    (.acSpike, "spikes added"), (.acInteger, "integers"), (.addition, "other adds"), (.mac, "MACs"),
    (.neuronUpdate, "neurons"),
  ]

  init(_ account: Account, _ model: EnergyModel) {
    self.account = account
    self.model = model
    let total = account.total
    all = model.picojoules(total)
    count = account.countUnit
    energy = Scale.energies.unit(for: 1e9 * account.millijoules(total, model))
  }

  var heads: [String] {
    Self.events.map { "\($0.head), \(count.name)" } + ["energy, \(energy.name)", "share, %"]
  }

  /// Whether a node has anything to show.
  func shows(_ node: Account.Node) -> Bool {
    let total = node.total
    return total.operations + total[.neuronUpdate] > 0 || node.dense > 0
      || model.picojoules(total) > 0
  }

  func cells(_ events: Events) -> [String] {
    let picojoules = model.picojoules(events)
    return Self.events.map { count.cell(account.perSample(events[$0.event])) } + [
      energy.cell(1e9 * account.millijoules(events, model)),
      picojoules == 0 ? "-" : percent(picojoules / all),
    ]
  }

  func cell(_ convention: Convention) -> String { energy.cell(convention.picojoules) }
}
