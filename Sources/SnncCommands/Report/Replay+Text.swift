import Accounts
import Diagnostics
import JSON
import Reports
import SpikeIR

extension Replay {
  /// The energy by the published rates, and what it rests on.
  var lines: [String] {
    var table = Table(numbersFrom: 1)
    table.add(
      "layer of the log", "rate, %",
      "dense, \(unit.name)", "ACs, \(unit.name)", "MACs, \(unit.name)",
      "energy, \(energyUnit.name)")
    for layer in layers {
      add(escaped(layer.name), layer.rate, layer.dense, layer.counts, to: &table)
    }
    for (block, acs) in attention.enumerated() {
      add("attention of block \(block)", nil, nil, Convention(acs: acs), to: &table)
    }
    add("all", nil, nil, counts, to: &table)
    return table.lines + [""] + notes
  }

  private func add(
    _ name: String, _ rate: Double?, _ dense: Double?, _ counts: Convention, to table: inout Table
  ) {
    table.add(
      name, percent(rate), unit.cell(dense ?? 0), unit.cell(counts.acs), unit.cell(counts.macs),
      energyUnit.cell(counts.picojoules))
  }

  private var unit: Scale.Unit { Scale.counts.unit(for: counts.acs + counts.macs) }

  private var energyUnit: Scale.Unit { Scale.energies.unit(for: counts.picojoules) }

  private var notes: [String] {
    var lines = [
      "\(significant(1e-9 * counts.picojoules)) mJ by the rates of \(escaped(rates.model)), "
        + "by the papers' convention"
    ]
    if let published = rates.millijoules { lines[0] += "; published: \(significant(published)) mJ" }
    if moduleHeads != rates.attention.heads {
      lines.append(
        "attention is counted with the \(rates.attention.heads) heads of the log, though the module "
          + "has \(moduleHeads); counts of a run take the module's")
    }
    return lines
  }

  /// The same numbers.
  var json: JSONValue {
    .object([
      JSONMember("model", .string(rates.model)),
      JSONMember("published", rates.millijoules.map(JSONValue.real) ?? .null),
      JSONMember("convention", counts.json),
      JSONMember("heads", .integer(rates.attention.heads)),
      JSONMember("moduleHeads", .integer(moduleHeads)),
      JSONMember("attention", .array(attention.map(JSONValue.real))),
      JSONMember("layers", .array(layers.map(json))),
    ])
  }

  private func json(_ layer: Layer) -> JSONValue {
    .object([
      JSONMember("layer", .string(layer.name)),
      JSONMember("value", .string(layer.value.description)),
      JSONMember("rate", .real(layer.rate)),
      JSONMember("dense", .real(layer.dense)),
      JSONMember("convention", layer.counts.json),
    ])
  }
}
