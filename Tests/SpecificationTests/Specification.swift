import Foundation
import Testing

/// The pages of `ir-spec/`, and the files of the project that they speak of.
enum Specification {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The text of a file below the root of the project.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The text of a page.
  static func page(_ name: String) throws -> String { try text("ir-spec/\(name)") }

  /// The files below a folder of the project whose names end so, in the order of their paths.
  static func files(_ folder: String, _ suffix: String) throws -> [(path: String, text: String)] {
    try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
      .filter { $0.hasSuffix(suffix) }
      .sorted()
      .map { ("\(folder)/\($0)", try text("\(folder)/\($0)")) }
  }

  /// Whether there is a file or a folder at a path below the root.
  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  /// Expects a page to be what is made of the definitions.
  ///
  /// `SNNC_BLESS=1` writes it anew and fails the run, so that a reader looks at the change.
  static func expect(_ name: String, toBe generated: String) throws {
    let stated = exists("ir-spec/\(name)") ? try page(name) : ""
    guard stated != generated else { return }
    guard ProcessInfo.processInfo.environment["SNNC_BLESS"] == nil else {
      // At once, since other tests read the page at the same time.
      try Data(generated.utf8)
        .write(to: root.appending(path: "ir-spec/\(name)"), options: .atomic)
      Issue.record("ir-spec/\(name) was written anew")
      return
    }
    let lines = zip(stated.split(separator: "\n"), generated.split(separator: "\n"))
    let difference = lines.first { $0 != $1 }.map { "'\($0)' is to be '\($1)'" }
    Issue.record(
      "ir-spec/\(name) is not what the definitions give; run: make pages\n\(difference ?? "")")
  }
}
