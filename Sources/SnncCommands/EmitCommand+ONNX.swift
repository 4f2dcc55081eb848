import Diagnostics
import ONNX
import Reports
import SpikeIR

extension EmitCommand {
  /// Writes a module as an ONNX model, and prints what was written.
  func emitONNX(_ module: Module, from path: String) throws(Diagnostic) {
    let name = output ?? "\(Self.baseName(of: path)).onnx"
    try checkOutputs([name], inputs: [path])
    let model = try ONNXModel(module, withSpikes: withSpikes)
    let bytes = try model.bytes(producer: SnncCommand.version)
    try AtomicFile(name, holding: bytes).commit()
    var table = Table()
    table.add("model", escaped(name))
    table.add("size", "\(grouped(bytes.count)) bytes")
    table.add("operators", "\(grouped(model.nodeCount)), over \(module.timeSteps) time steps")
    Console.out(table.lines)
  }
}
