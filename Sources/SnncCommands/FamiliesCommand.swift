import ArgumentParser
import Diagnostics
import Families
import Passes
import Reports
import SpikeIR

/// `snnc families`: what can be imported.
struct FamiliesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "families",
    abstract: "List the families that can be imported, their variants and published sizes.",
    discussion: """
      A family is known by the names and shapes of a checkpoint's tensors; what
      these cannot say comes from a preset (a published size), from the
      checkpoint's args or from flags of snnc import.

        snnc families
        snnc families spikingformer
        snnc families --parameters
      """)

  @Argument(help: "The family; all without it.", completion: .list(Families.all.map(\.name)))
  var family: String?

  @Flag(help: "Count the parameters of each published size, and say how many were published.")
  var parameters = false

  /// What stands for the merged form of a model: as few weights as it can have.
  private static let merged =
    "merge-heads,merge-conv-chains,fold-batch-norm-into-weights,remove-dead"

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      let families = Families.all.filter { family == nil || $0.name == family }
      guard !families.isEmpty else { throw .unknownFamily(family ?? "") }
      for (index, family) in families.enumerated() {
        if index > 0 { Console.out() }
        try list(family)
      }
    }
  }

  /// Prints a family and its published sizes.
  private func list(_ family: any Family) throws(Diagnostic) {
    Console.out("\(family.name): \(family.summary)")
    Console.out("  variants: \(family.datasets.map(\.rawValue).joined(separator: ", "))")
    Console.out("  not in a checkpoint: \(family.needs)")
    var table = Table()
    var head = ["  preset", "variant", "heads", "T", "size"]
    if parameters { head += ["parameters", "published"] }
    table.add(head)
    for preset in family.presets {
      var row = [
        "  \(preset.name)", preset.dataset.rawValue, preset.heads.map(String.init) ?? "-",
        "\(preset.timeSteps)", "\(preset.imageSize)",
      ]
      if parameters { row += try counts(family, preset) }
      table.add(row)
    }
    Console.out(table.lines)
  }

  /// The number of parameters, the published one, and that of the merged form if there is one.
  private func counts(_ family: any Family, _ preset: Preset) throws(Diagnostic) -> [String] {
    let (tensors, module) = try family.outline(of: preset)
    let published = preset.parameters.map { "\($0) M" } ?? "-"
    var cells = [grouped(ModelImport.count(tensors).parameters), published]
    if !module.convChains.isEmpty {
      let merged = try Pipeline(parsing: Self.merged).run(on: module)
      let count = merged.weights.reduce(0) { $0 + $1.shape.count }
      cells.append("\(grouped(count)) merged")
    }
    return cells
  }
}
