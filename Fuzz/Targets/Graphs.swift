import Diagnostics
import IRTestSupport
import NIR
import SpikeIR

extension FuzzTarget {
  /// NIR graphs, as records of the process in which libhdf5 reads a file: a module of one holds, and
  /// where it can be written as a graph again, that is read.
  static let nir = FuzzTarget(
    name: "nir",
    run: { bytes in
      var limits = NIRLimits()
      limits.inflated = 1 << 22
      var options = NIRImport.Options()
      options.timeSteps = 2
      options.reset = .zero
      guard let tree = try? HDF5Tree(records: bytes.span),
        let graph = try? NIRImport(tree, of: bytes.count, named: "graph", options, limits: limits)
      else { return }
      do throws(Diagnostic) {
        try graph.module.verifyStructure()
      } catch {
        finding("a module that does not hold: \(error.message)")
      }
      guard let written = try? NIRExport(graph.module, producer: "fuzz") else { return }
      do throws(Diagnostic) {
        let again = try NIRImport(written.tree, of: 1 << 24, named: "graph", options)
        if again.module.input.shape != graph.module.input.shape { finding("another input") }
      } catch {
        finding("a graph that is not read again: \(error.message)")
      }
    },
    seeds: {
      // Those that NIR carries. libhdf5's process does not start beside AddressSanitizer's memory, so
      // that stored files give no records.
      (1...400 as ClosedRange<UInt64>).compactMap { seed in
        guard let module = try? ModuleGenerator.module(seed: seed),
          let graph = try? NIRExport(module, producer: "seed")
        else { return nil }
        let records = graph.tree.records
        return records.count < 1 << 15 ? ("\(seed)", records) : nil
      }
    })
}
