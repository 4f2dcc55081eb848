import Diagnostics
import Files
import JSON

/// Files that hold a JSON text.
enum JSONFile {
  /// Reads the JSON of the file at `path`.
  ///
  /// - Throws: what is wrong with the file or its text, at its line and column.
  static func read(_ path: String) throws(Diagnostic) -> JSONValue {
    let limits = JSONLimits.standard
    do throws(Diagnostic) {
      let file = try MappedFile(path: path)
      // One byte more than may be shows that there are too many.
      let bytes = file.withSpan { $0.bytes(in: 0..<min($0.count, limits.bytes + 1)) } ?? []
      return try JSONValue(parsing: bytes.span, limits: limits)
    } catch {
      throw error.inFile(path)
    }
  }
}
