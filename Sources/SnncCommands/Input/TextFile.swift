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
    let file = try MappedFile(path: path)
    let bytes = file.withSpan { $0.bytes(in: 0..<min($0.count, TextLimits.bytes + 1)) } ?? []
    guard let text = validText(bytes) else { throw .notText.inFile(path) }
    return text
  }
}

extension Diagnostic {
  fileprivate static var notText: Diagnostic {
    .error("bad-text", "the text form of a module is UTF-8, and this file is not")
  }
}
