import Accounts
import Diagnostics
import Reports
import SpikeIR

/// What the module computes by layer, and what that costs; beside it what the papers would count.
struct EnergySection {
  /// The module.
  let module: Module
  /// What it did.
  let account: Account
  /// What events cost.
  let model: EnergyModel
  /// What published rates come to on this module, where there are any.
  let replay: Replay?
  /// The layers that have bars of their own: those that the papers count.
  private let layers: [Account.Node]
  /// The names that several of these have.
  private let repeatedNames: Set<String>
  /// The unit of all energies of this section.
  private let unit: EnergyUnit

  /// Prepares a section.
  init(module: Module, account: Account, model: EnergyModel, replay: Replay?) {
    self.module = module
    self.account = account
    self.model = model
    self.replay = replay
    layers = account.nodes.filter { $0.dense > 0 }
    repeatedNames = Set(
      Dictionary(grouping: layers, by: \.name).filter { $0.value.count > 1 }.keys)
    unit = EnergyUnit(
      for: max(
        model.picojoules(account.total) / Double(max(account.samples, 1)),
        account.convention.picojoules))
  }

  /// How many letters of a layer's name stand beside its bars.
  private static let letters = 28

  /// The kinds of operations, each with its class in the style sheet and its words.
  private static let kinds: [(event: Event, name: String, words: String)] = [
    (.acSpike, "spike", "additions that a spike selects"),
    (.acInteger, "count", "products with integers, added"),
    (.addition, "real", "other additions"),
    (.mac, "mac", "multiplications of reals, added"),
  ]

  /// The section.
  var section: PageSection {
    PageSection("energy", "Operations and energy") {
      paragraph(
        "\(scope) What is counted happens: "
          + "a spike that is there, a weight that it meets, no padding. The papers count dense "
          + "operations times the rate at which inputs fire, in convolutions, linear layers and "
          + "attention. Energy is that of the model '\(escaped(model.name))'.")
      totals.element
      if let replay { paragraph(note(on: replay)) }
      Element("div", ["class": "figures"]) {
        figure("Operations", "by layer") {
          legend(
            Self.kinds.map { (.box("bar \($0.name)"), $0.words) }, "kinds of operations")
          operations.drawing.scrolling
        }
        figure("Energy", "by layer; bars from the top, numbers from the left") {
          legend(
            [
              (.box("bar own"), "counted"),
              (.box("bar paper"), "by the papers' convention, at these rates"),
            ] + (replay == nil ? [] : [(.box("bar published"), "the same, as published")]),
            "bars of energy")
          energy.drawing.scrolling
        }
      }
      folded("Operations and energy by layer, as a table") { table.element }
    }
  }

  // MARK: - Numbers of one sample

  /// What the numbers are of.
  private var scope: String {
    account.samples == 1
      ? "Of the one sample that was run."
      : "Of one sample, the mean of \(grouped(account.samples))."
  }

  private func mean(_ count: Int) -> Double { Double(count) / Double(max(account.samples, 1)) }

  private func mean(_ events: Events, _ event: Event) -> Double { mean(events[event]) }

  private func picojoules(_ events: Events) -> Double {
    model.picojoules(events) / Double(max(account.samples, 1))
  }

  /// A number of operations of one sample; a mean of several is not whole.
  private func text(_ operations: Double) -> String {
    fixedPoint(operations, digits: account.samples == 1 ? 0 : 1, grouping: true)
  }

  // MARK: - Tables

  private var columns: [DataTable.Column] {
    [
      .number("AC, spikes"), .number("AC, integers"), .number("additions"), .number("MAC"),
      .number("energy, \(unit.name)"),
    ]
  }

  private var totals: DataTable {
    let total = account.total
    let papers = account.convention
    return DataTable(
      caption: "operations and energy of one sample",
      columns: [.text("")] + columns,
      rows: [
        ["counted"] + Self.kinds.map { text(mean(total, $0.event)) }
          + [unit.number(picojoules(total))],
        row("by the papers' convention, at these rates", papers),
      ] + (replay.map { [row("by the papers' convention, as published", $0.counts)] } ?? []))
  }

  private func row(_ name: String, _ papers: Convention) -> [String] {
    [
      name, text(papers.acs), "", "", text(papers.macs),
      unit.number(papers.picojoules),
    ]
  }

  /// Whose rates are replayed, and what to know of them.
  private func note(on replay: Replay) -> String {
    let (rates, energy) = (replay.rates, fixedPoint(replay.counts.picojoules / 1e9, digits: 4))
    let published = rates.millijoules.map { " (published: \(fixedPoint($0, digits: 4)) mJ)" } ?? ""
    let heads = rates.attention.heads
    let differs = heads == replay.moduleHeads ? "" : ", though the module has \(replay.moduleHeads)"
    return
      "The published rates are those of '\(escaped(rates.model))': \(energy) mJ\(published) on "
      + "this module's shapes. Their attention is computed with \(heads) heads\(differs), both of "
      + "its products as one."
  }

  /// What the published rates come to for each node that the log has; attention at its last product.
  private var published: [ValueID: Convention] {
    guard let replay else { return [:] }
    let attentions = module.definitions.filter { _, node in
      isProduct(node) && node.operands.contains { isProduct(module.definition(of: $0)) }
    }.map(\.value)
    return Dictionary(
      replay.layers.map { ($0.value, $0.counts) }
        + zip(attentions, replay.attention.map { Convention(acs: $0) }),
      uniquingKeysWith: { first, _ in first })
  }

  /// Whether a node is a product of matrices.
  private func isProduct(_ node: Node?) -> Bool {
    if case .matmul = node?.op { true } else { false }
  }

  private var table: DataTable {
    let (total, published) = (account.total, published)
    return DataTable(
      caption: "operations and energy of one sample, by layer",
      columns: [.text("layer"), .text("op")] + columns
        + [.number("papers' AC"), .number("papers' MAC"), .number("papers' energy, \(unit.name)")]
        + (replay == nil ? [] : [.number("published energy, \(unit.name)")]),
      rows: counting.map { node in
        let papers = account.convention(of: node)
        return [escaped(node.name), node.mnemonic]
          + Self.kinds.map { text(mean(node.total, $0.event)) }
          + [unit.number(picojoules(node.total))]
          + (node.dense > 0
            ? [
              text(papers.acs), text(papers.macs),
              unit.number(papers.picojoules),
            ] : ["", "", ""])
          + (replay == nil
            ? [] : [published[node.value].map { unit.number($0.picojoules) } ?? ""])
      },
      total: ["all", ""] + Self.kinds.map { text(mean(total, $0.event)) }
        + [unit.number(picojoules(total))]
        + [
          text(account.convention.acs), text(account.convention.macs),
          unit.number(account.convention.picojoules),
        ] + (replay.map { [unit.number($0.counts.picojoules)] } ?? []))
  }

  // MARK: - Charts

  /// The nodes that compute something that is priced or counted as an operation.
  private var counting: [Account.Node] {
    account.nodes.filter {
      $0.total.operations > 0 || $0.dense > 0 || model.picojoules($0.total) > 0
    }
  }

  /// The events of all other nodes.
  private var others: Events { account.nodes.filter { $0.dense == 0 }.map(\.total).total }

  private var operations: BarChart {
    func row(_ label: String, _ events: Events) -> BarChart.Row {
      BarChart.Row(
        label: label,
        bars: [BarChart.Bar(segments: Self.kinds.map { ($0.name, mean(events, $0.event)) })],
        numbers: [magnitude(mean(events.operations))])
    }
    return BarChart(
      title: "operations of one sample, by layer and kind", axis: "operations a sample",
      rows: layers.map { row(label(of: $0), $0.total) } + [row("all other ops", others)])
  }

  private var energy: BarChart {
    let published = published
    func row(_ label: String, _ events: Events, _ node: Account.Node?) -> BarChart.Row {
      let own = picojoules(events)
      var bars = [BarChart.Bar(segments: [("own", own)])]
      if let node {
        let papers = account.convention(of: node).picojoules
        bars.append(BarChart.Bar(segments: [("paper", papers)]))
        if let published = published[node.value] {
          bars.append(BarChart.Bar(segments: [("published", published.picojoules)]))
        }
      }
      return BarChart.Row(label: label, bars: bars, numbers: bars.map { unit.number($0.length) })
    }
    return BarChart(
      title: "energy of one sample, by layer, counted and by the papers' convention",
      axis: "energy a sample, \(unit.name)",
      rows: layers.map { row(label(of: $0), $0.total, $0) }
        + [row("all other ops", others, nil)])
  }

  /// A layer's name, with its value where others have the same.
  private func label(of node: Account.Node) -> String {
    let suffix = repeatedNames.contains(node.name) ? " \(node.value)" : ""
    return shortened(escaped(node.name), to: Self.letters - suffix.count) + suffix
  }
}
