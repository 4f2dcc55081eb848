import Diagnostics
import Reports
import SpikeIR

extension EmitCommand {
  /// Writes a module as a program that runs it, and prints what was written.
  func emitSimulator(_ module: Module, from path: String) throws(Diagnostic) {
    let name = output ?? "\(Self.baseName(of: path))-sim"
    try checkOutputs([name], inputs: [path, Simulator.program])
    // A simulator prints what a run costs.
    do throws(Diagnostic) {
      try SampleAccountant.check(module)
    } catch {
      throw error.inFile(path)
    }
    let size = try Simulator.write(module, to: name)
    var table = Table()
    table.add("simulator", escaped(name))
    table.add(
      "size", "\(grouped(size.all)) bytes, \(grouped(size.program)) of them the program")
    table.add("needs", "the shared libraries \(Simulator.libraries().joined(separator: ", "))")
    Console.out(table.lines)
    Console.out()
    Console.out(
      "run it with: \(shellWord(name.contains("/") ? escaped(name) : "./\(escaped(name))")) INPUT")
  }
}
