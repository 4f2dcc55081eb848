import Foundation
package import SpikeIR

/// A file of `SpikeIRTests/Cases/`: modules in the text form, separated by lines `// -----`.
///
/// The expected diagnostic of a module stands on the offending line as `// error: <id>`. A weight
/// without numbers whose name is `w` and its extents, such as `@"w 3 3"`, is found and full of 1;
/// no other is.
package struct CaseFile: CustomStringConvertible, Sendable {
  /// One module of the file.
  package struct Section {
    /// The text.
    package let text: String
    /// The lines of the file before this section.
    package let firstLine: Int
    /// The lines, counted in the file, that expect a diagnostic, with its id.
    package let expected: [Expectation]
  }

  /// A diagnostic and the line where it stands.
  package struct Expectation: Hashable, CustomStringConvertible {
    /// The line, from 1.
    package let line: Int
    /// The diagnostic's id.
    package let id: String

    /// Creates an expectation.
    package init(line: Int, id: String) {
      self.line = line
      self.id = id
    }

    /// The line and the id.
    package var description: String { "\(line): \(id)" }
  }

  /// The file.
  private let url: URL

  /// The file's name without its extension.
  package var name: String { url.deletingPathExtension().lastPathComponent }

  /// The name, for the reports of tests.
  package var description: String { name }

  /// All files of `Cases/`, in order.
  package static var all: [CaseFile] {
    get throws {
      let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      let folder = tests.appending(path: "SpikeIRTests/Cases")
      return try FileManager.default.contentsOfDirectory(
        at: folder, includingPropertiesForKeys: nil
      )
      .filter { $0.pathExtension == "snnir" }
      .sorted { $0.path < $1.path }
      .map { CaseFile(url: $0) }
    }
  }

  /// The modules of the file.
  package var sections: [Section] {
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
  package static func weight(_ name: String, _: Shape) -> Weight? {
    let words = name.split(separator: " ")
    guard words.first == "w" else { return nil }
    let shape = Shape(words.dropFirst().compactMap { Int($0) })
    return Weight(name, shape, [Float](repeating: 1, count: shape.count))
  }
}
