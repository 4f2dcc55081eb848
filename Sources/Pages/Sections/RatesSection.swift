import Accounts
import Diagnostics
import Reports
import SpikeIR

/// How often the neurons of each layer fire at each step.
struct RatesSection {
  /// What the module did.
  let account: Account

  /// How many letters of a layer's name stand beside its row.
  private static let letters = 32

  /// The section.
  var section: PageSection {
    let map = heatmap
    return PageSection("rates", "Firing rates") {
      paragraph(
        "The share of a layer's neurons that fire at a step, in percent, over "
          + "\(counted(account.samples, "sample")). The stronger a field, the larger its number: "
          + "the strongest is \(percent(map.largest)) %. All neurons together fire at "
          + "\(percent(account.firingRate)) %.")
      map.drawing.scrolling
    }
  }

  /// The rates by layer and step, with the mean of each layer.
  private var heatmap: Heatmap {
    var part = ""
    let rows = account.nodes.compactMap { node -> Heatmap.Row? in
      guard let rates = node.firingRates(samples: account.samples),
        let mean = node.firingRate(samples: account.samples)
      else { return nil }
      let prefix = NetworkPart.prefix(of: node.name)
      defer { part = prefix }
      return Heatmap.Row(
        label: shortened(escaped(node.name), to: Self.letters),
        beginsPart: !part.isEmpty && prefix != part, shares: rates + [mean])
    }
    let all = account.nodes.filter { $0.role == .neuron }
    let steps = (0..<account.timeSteps).map { step in
      let events = all.map { $0.steps[step] }.total
      return Double(events[.spikeOut]) / Double(max(events[.neuronUpdate], 1))
    }
    return Heatmap(
      title: "the share of neurons that fire, by layer and step",
      columns: (0..<account.timeSteps).map { "\($0)" } + ["mean"],
      axis: "time step; share that fires, %",
      rows: rows + [
        Heatmap.Row(label: "all neurons", beginsPart: true, shares: steps + [account.firingRate])
      ])
  }
}
