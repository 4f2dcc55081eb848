import Accounts
import Reports

extension MergeCosts {
  /// The table of `snnc opt --passes merge-conv-chains`.
  var lines: [String] {
    guard !rows.isEmpty else {
      return ["no convolutions stand behind one another: nothing to merge"]
    }
    var table = Table()
    table.add(
      "merged", "kernel", "parameters", "rate", "energy a step, nJ", "pays below a rate of")
    for row in rows {
      table.add(
        row.name, "\(row.kernel[0]) x \(row.kernel[1])",
        "\(grouped(row.parameters.chain)) -> \(grouped(row.parameters.merged))",
        row.rate.map(decimals) ?? "-",
        row.energies.map { "\(nanojoules($0.chain)) -> \(nanojoules($0.merged))" } ?? "-",
        row.payingRate.map { $0 < 1 ? decimals($0) : "always" } ?? "never")
    }
    let energies = rows.compactMap(\.energies)
    table.add(
      "all", "",
      "\(grouped(rows.reduce(0) { $0 + $1.parameters.chain })) -> "
        + grouped(rows.reduce(0) { $0 + $1.parameters.merged }),
      "",
      energies.count == rows.count
        ? "\(nanojoules(energies.reduce(0) { $0 + $1.chain })) -> "
          + nanojoules(energies.reduce(0) { $0 + $1.merged })
        : "-",
      "")
    return table.lines
  }

  private func nanojoules(_ picojoules: Double) -> String { decimals(picojoules / 1000) }
}
