import Diagnostics
import Files
import Glibc
import NIR
import SpikeIRProto

/// Outputs that no flag names, of commands whose output is the other's input: `snnc emit a.snn --target
/// nir` writes `a.nir`, and `snnc import a.nir` writes `a.snn`.
///
/// Each replaces what it wrote itself, so that it can be run again, and nothing else: what is there may
/// be what the input was made of.
enum DefaultOutput {
  /// Checks that a module at `path`, if there is one, was imported from a NIR file.
  ///
  /// - Throws: `output-exists` (exit status 73).
  static func checkImport(to path: String) throws(Diagnostic) {
    guard exists(path) else { return }
    // What cannot be read is not ours, either.
    guard let file = try? ModuleFile(path: path), NIRImport.isSource(of: file.module) else {
      throw .exists(path, "is not a module from a NIR file")
    }
  }

  /// Checks that a NIR file at `path`, if there is one, was written by snnc.
  ///
  /// - Throws: `output-exists` (exit status 73).
  static func checkGraph(at path: String) throws(Diagnostic) {
    guard exists(path) else { return }
    guard let file = try? MappedFile(path: path), file.withSpan({ NIRExport.isOwn($0) }) else {
      throw .exists(path, "is not a graph that snnc wrote")
    }
  }

  private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}

extension Diagnostic {
  fileprivate static func exists(_ path: String, _ found: String) -> Diagnostic {
    .error(
      "output-exists",
      "without -o no other work is replaced, and what is there \(found)",
      at: Location(file: path),
      notes: ["name another output with -o, or this one to replace it"], status: .cannotCreate)
  }
}
