import Diagnostics
import Files
import SpikeIR

/// Files in the text form of modules.
enum TextFile {
  /// The ending of their names.
  static let ending = ".snnir"

  /// Returns the text of the file at `path`, or of as much of it as shows that it is too large.
  ///
  /// - Throws: what is wrong with the file, or `bad-text`.
  static func read(_ path: String) throws(Diagnostic) -> String {
    guard let text = try text(path) else { throw .notText.inFile(path) }
    return text
  }

  /// Returns the text of the file at `path`, as above; `nil` where it is not UTF-8.
  static func text(_ path: String) throws(Diagnostic) -> String? {
    let file = try MappedFile(path: path)
    return validText(
      file.withSpan { $0.bytes(in: 0..<min($0.count, TextLimits.bytes + 1)) } ?? [])
  }
}

extension Diagnostic {
  fileprivate static var notText: Diagnostic {
    .error("bad-text", "the text form of a module is UTF-8, and this file is not")
  }
}
