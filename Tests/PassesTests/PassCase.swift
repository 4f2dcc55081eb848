import Foundation
import IRTestSupport
import SpikeIR

/// A case of `Cases/<pass>.snnir`: a module, and what the pass of that name makes of it.
///
/// Cases are separated by lines `// -----`, and the two modules of a case by a line `// -->`.
struct PassCase: CustomStringConvertible, Sendable {
  /// The pass's name.
  let pass: String
  /// The text before the pass.
  let before: String
  /// The text after it, as it is printed.
  let after: String

  /// The first line, which says what the case shows.
  var description: String {
    "\(pass): \(before.split(separator: "\n").first ?? "")"
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Cases")

  /// All cases, in order.
  static var all: [PassCase] {
    get throws {
      try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .filter { $0.pathExtension == "snnir" }
        .sorted { $0.path < $1.path }
        .flatMap(cases)
    }
  }

  private static func cases(of file: URL) throws -> [PassCase] {
    let pass = file.deletingPathExtension().lastPathComponent
    return try String(contentsOf: file, encoding: .utf8).split(separator: "// -----\n").map {
      let parts = $0.split(separator: "// -->\n")
      return PassCase(
        pass: pass, before: String(parts[0]), after: parts.count > 1 ? String(parts[1]) : "")
    }
  }

  /// The module before the pass.
  func module() throws -> Module { try Module(parsing: before, weights: CaseFile.weight) }
}
