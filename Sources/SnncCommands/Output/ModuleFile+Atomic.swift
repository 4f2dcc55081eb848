import Diagnostics
import SpikeIR
import SpikeIRProto

extension ModuleFile {
  /// Writes a module to a file that appears whole or not at all.
  static func write(_ module: Module, atomicallyTo path: String) throws(Diagnostic) {
    let file = try AtomicFile(path)
    try write(module) { (bytes) throws(Diagnostic) in try file.write(bytes) }
    try file.commit()
  }
}
