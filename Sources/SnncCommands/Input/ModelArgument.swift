import ArgumentParser
import Diagnostics
import Files
import SpikeIR
import SpikeIRProto

/// The MODEL argument of commands that may find their model themselves.
struct ModelArgument: ParsableArguments {
  @Argument(
    help:
      "A module, MODEL.snn or in the text form. Without it, the only .snn of the working directory.",
    completion: .file(extensions: ["snn"]))
  var model: String?

  /// Reads the module that is given, or the only one of the working directory.
  ///
  /// - Throws: `no-module` or `several-modules` (exit status 66).
  func read(checkingWeights: Bool = true) throws(Diagnostic) -> (module: Module, path: String) {
    if let model { return (try Self.read(model, checkingWeights: checkingWeights), model) }
    let found = try Folder.names(in: ".").filter { $0.hasSuffix(".snn") }
    guard let path = found.first else { throw .noModule() }
    guard found.count == 1 else { throw .severalModules(found) }
    Console.note("using \(escaped(path))")
    return (try Self.read(path, checkingWeights: checkingWeights), path)
  }

  /// Reads a module from a file in either form, and checks its weights against their checksums: needless
  /// only where nothing is computed with them.
  static func read(
    _ path: String, checkingWeights: Bool = true
  ) throws(Diagnostic) -> Module {
    do throws(Diagnostic) {
      let mapped = try MappedFile(path: path)
      guard !TextFile.isModule(mapped), !TextFile.isText(mapped) else {
        return try TextFile.module(in: mapped)
      }
      let file = try ModuleFile(mapping: mapped)
      if checkingWeights { try file.verifyWeights() }
      return file.module
    } catch {
      throw error.inFile(path)
    }
  }
}

extension Diagnostic {
  fileprivate static func noModule() -> Diagnostic {
    .error(
      "no-module", "there is no .snn in the working directory",
      notes: ["name one, or make one with: snnc import CHECKPOINT"], status: .noInput)
  }

  fileprivate static func severalModules(_ names: [String]) -> Diagnostic {
    .error(
      "several-modules", "there are \(names.count) modules in the working directory, so name one",
      notes: names.prefix(10).map { escaped($0) }, status: .noInput)
  }
}
