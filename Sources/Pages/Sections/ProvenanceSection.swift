import Diagnostics
import Reports
import SpikeIR

/// What was measured, and with what: enough to make the page again.
struct ProvenanceSection {
  /// The module.
  let module: Module
  /// What the module does not say.
  let provenance: Provenance
  /// The number of samples.
  let samples: Int

  /// The section.
  var section: PageSection {
    PageSection("provenance", "Provenance") {
      paragraph(
        "The same module, samples and options give this page again, byte by byte.")
      Element("dl", ["class": "provenance"]) {
        for (name, value) in entries {
          Element("div") {
            Element("dt") { name }
            Element("dd") { value }
          }
        }
      }
    }
  }

  private var entries: [(String, String)] {
    [
      ("module", escaped(module.name)),
      ("module hash (\(Module.hashAlgorithm))", module.hash),
      ("ops, weights", "\(grouped(module.nodes.count)), \(grouped(module.weights.count))"),
      ("input", "\(module.input)"),
    ] + module.metadata.map { (escaped($0.key), escaped($0.value)) } + [
      ("samples", grouped(samples)),
      ("command", provenance.line),
      ("program", "snnc \(provenance.version)"),
    ]
  }
}
