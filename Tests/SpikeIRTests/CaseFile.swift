import Diagnostics
import Foundation
import SpikeIR
import Testing

/// A file of `Cases/`: modules in the text form, separated by lines `// -----`.
///
/// The expected diagnostic of a module stands on the offending line as `// error: <id>`. A weight
/// without numbers whose name is `w` and its extents, such as `@"w 3 3"`, is found and full of 1;
/// no other is.
struct CaseFile: CustomTestStringConvertible, Sendable {
  /// One module of the file.
  struct Section {
    let text: String
    /// The lines of the file before this section.
    let firstLine: Int
    /// The lines, counted in the file, that expect a diagnostic, with its id.
    let expected: [Expectation]
  }

  /// A diagnostic and the line where it stands.
  struct Expectation: Hashable, CustomStringConvertible {
    let line: Int
    let id: String
    var description: String { "\(line): \(id)" }
  }

  let url: URL

  /// The file's name without its extension.
  var name: String { url.deletingPathExtension().lastPathComponent }

  var testDescription: String { name }

  /// All files of `Cases/`, in order.
  static var all: [CaseFile] {
    get throws {
      let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")
      return try FileManager.default.contentsOfDirectory(
        at: folder, includingPropertiesForKeys: nil
      )
      .filter { $0.pathExtension == "snnir" }
      .sorted { $0.path < $1.path }
      .map { CaseFile(url: $0) }
    }
  }

  /// The modules of the file.
  var sections: [Section] {
    get throws {
      let lines = try String(contentsOf: url, encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: false)
      var first = 0
      return lines.split(separator: "// -----", omittingEmptySubsequences: false).map { part in
        defer { first += part.count + 1 }
        let expected = part.enumerated().compactMap { index, line in
          line.firstRange(of: "// error: ").map {
            Expectation(line: first + index + 1, id: String(line[$0.upperBound...]))
          }
        }
        return Section(
          text: part.joined(separator: "\n"), firstLine: first, expected: expected)
      }
    }
  }

  /// The weight that a name such as `w 3 3` describes.
  static func weight(_ name: String) -> Weight? {
    let words = name.split(separator: " ")
    guard words.first == "w" else { return nil }
    let shape = Shape(words.dropFirst().compactMap { Int($0) })
    return Weight(name, shape, [Float](repeating: 1, count: shape.count))
  }
}
