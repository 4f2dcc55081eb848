import ArgumentParser
import Diagnostics
import Glibc

/// What the user sees: results on standard output, messages on standard error.
enum Console {
  /// Prints a line of a result.
  static func out(_ line: String = "") {
    print(line)
  }

  /// Prints a line for the user's eyes alone.
  static func note(_ line: String) {
    writeError(line + "\n")
  }

  /// Prints a diagnostic: `file: where: error: message [id]`, and its notes.
  static func report(_ diagnostic: Diagnostic) {
    let place = diagnostic.location.description
    let (word, colour) = diagnostic.severity == .error ? ("error", "31") : ("warning", "35")
    let prefix = place.isEmpty ? "snnc: " : "\(place): "
    writeError(
      "\(prefix)\(styled(word + ":", colour)) \(escaped(diagnostic.message)) [\(diagnostic.id)]\n")
    for note in diagnostic.notes { writeError("  note: \(escaped(note))\n") }
  }

  /// Runs `body`; a diagnostic that it throws is printed and ends the command with its status.
  static func reporting(_ body: () throws(Diagnostic) -> Void) throws {
    do {
      try body()
    } catch {
      report(error)
      throw ExitCode(error.status.rawValue)
    }
  }

  /// Whether standard error is a terminal that a person looks at.
  static var isInteractive: Bool {
    isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"
  }

  /// Shows how far a long work has come, on a terminal only.
  static func progress(_ done: Int, of total: Int, _ what: String) {
    guard isInteractive, total > 1 else { return }
    let width = 30
    let filled = done * width / total
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    writeError("\r[\(bar)] \(done)/\(total) \(what)\(done == total ? "\r\u{1B}[K" : "")")
  }

  /// `text` in bold colour on a terminal, and plain otherwise.
  private static func styled(_ text: String, _ colour: String) -> String {
    guard isInteractive, environment("NO_COLOR") == nil else { return text }
    return "\u{1B}[1;\(colour)m\(text)\u{1B}[0m"
  }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private static func writeError(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
