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
    text(of: try MappedFile(path: path))
  }

  /// Reads the module in `file`, whose weights all have their numbers.
  ///
  /// - Throws: what is wrong with the text, or `bad-text`.
  static func module(in file: MappedFile) throws(Diagnostic) -> Module {
    guard let text = text(of: file) else { throw .notText.inFile(file.path) }
    return try Module(parsing: text, file: file.path)
  }

  /// Whether a file starts as a module in the text form does, or with a comment.
  static func isModule(_ file: MappedFile) -> Bool {
    file.withSpan { span in
      let blanks = Set(" \t\r\n".utf8)
      let start = (0..<span.count).first { !blanks.contains(span[$0]) } ?? span.count
      return ["snnir", "//"].contains {
        span.bytes(in: start..<start + $0.utf8.count) == Array($0.utf8)
      }
    }
  }

  /// Whether a file can be nothing but a text where a module must stand: it is UTF-8, and does not
  /// begin as a `MODEL.snn`, whole or with the first byte that a transfer damaged.
  static func isText(_ file: MappedFile) -> Bool {
    let isBinary = file.withSpan { $0.bytes(in: 1..<4) == Array("SNN".utf8) }
    // Looked at ahead of the text, which would be copied from the weights.
    return !isBinary && text(of: file) != nil
  }

  /// The text of a file, as above.
  private static func text(of file: MappedFile) -> String? {
    validText(file.withSpan { $0.bytes(in: 0..<min($0.count, TextLimits.bytes + 1)) } ?? [])
  }
}

extension Diagnostic {
  fileprivate static var notText: Diagnostic {
    .error("bad-text", "the text form of a module is UTF-8, and this file is not")
  }
}
