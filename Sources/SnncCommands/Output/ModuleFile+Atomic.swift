import Diagnostics
import SpikeIR
import SpikeIRProto

extension ModuleFile {
  /// Writes a module to a file that appears whole or not at all.
  ///
  /// - Parameter isNew: whether no other file may be there.
  static func write(
    _ module: Module, atomicallyTo path: String, isNew: Bool = false
  ) throws(Diagnostic) {
    let file = try AtomicFile(path)
    try write(module) { (bytes) throws(Diagnostic) in try file.write(bytes) }
    if isNew { try file.commitAsNew() } else { try file.commit() }
  }
}
