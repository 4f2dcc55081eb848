import ArgumentParser
import Diagnostics
import NIR
import Reports
import SpikeIR

extension EmitCommand {
  /// Writes a module as a NIR graph, and prints what was written and what is lost.
  func emitNIR(_ module: Module, from path: String) throws(Diagnostic) {
    let name = output ?? "\(Self.baseName(of: path)).nir"
    try checkOutputs([name], inputs: [path])
    let step = try nir.step() ?? .standard
    let graph = try NIRExport(
      module, producer: SnncCommand.version, step: step, firing: nir.fires ?? .above)
    let bytes = try graph.bytes()
    let file = try AtomicFile(name, holding: bytes)
    // The module may have been imported from the graph of this name.
    if output == nil { try file.commitAsNew() } else { try file.commit() }
    var table = Table()
    table.add("graph", escaped(name))
    table.add("size", "\(grouped(bytes.count)) bytes")
    table.add("nodes", "\(grouped(graph.nodeCount)), \(grouped(graph.edgeCount)) edges")
    table.add("step", "\(step.seconds) s")
    for loss in graph.losses { table.add("lost", loss) }
    Console.out(table.lines)
  }
}
