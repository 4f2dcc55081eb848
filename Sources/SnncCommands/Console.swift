import ArgumentParser
import Diagnostics
import Files
import Glibc
import Synchronization

/// What the user sees: results on standard output, messages on standard error.
enum Console {
  /// The error code of the first result that could not be written, or 0.
  private static let failure = Mutex<Int32>(0)

  /// Prints a line of a result.
  static func out(_ line: String = "") {
    let code = write(line + "\n", to: STDOUT_FILENO)
    failure.withLock { if $0 == 0 { $0 = code } }
  }

  /// Prints the lines of a result.
  static func out(_ lines: [String]) {
    for line in lines { out(line) }
  }

  /// Prints a line for the user's eyes alone.
  static func note(_ line: String) {
    endProgress()
    writeError(line + "\n")
  }

  /// Prints a diagnostic: `file: where: error: message [id]`, and its notes.
  static func report(_ diagnostic: Diagnostic) {
    endProgress()
    let place = diagnostic.location.description
    let (word, colour) = diagnostic.severity == .error ? ("error", "31") : ("warning", "35")
    let prefix = place.isEmpty ? "snnc: " : "\(place): "
    writeError(
      "\(prefix)\(styled(word + ":", colour)) \(printable(diagnostic.message)) [\(diagnostic.id)]\n"
    )
    for note in diagnostic.notes { writeError("  note: \(printable(note))\n") }
  }

  /// `text` as it is where it is printable ASCII: names in it have been escaped where they were put
  /// in, and their escapes are not escaped again.
  static func printable(_ text: String) -> String {
    text.utf8.allSatisfy { (0x20...0x7E).contains($0) } ? text : escaped(text)
  }

  /// Runs `body`; a diagnostic that it throws is printed and ends the command with its status.
  ///
  /// So does a result that could not be written. Where nobody reads on, as behind `| head`, the
  /// outputs are written all the same, and the end is the one that a shell expects.
  static func reporting(_ body: () throws(Diagnostic) -> Void) throws {
    // A write that fails says so by its error code, and must not end the command in the middle.
    for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    Temporaries.watchInputs()
    do throws(Diagnostic) {
      try body()
      try OpenFiles.checkUnchanged()
      let code = failure.withLock { $0 }
      if code == EPIPE { Temporaries.die(of: SIGPIPE) }
      guard code == 0 else { throw .cannotWrite("standard output", code) }
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
    isShowing.withLock { $0 = true }
    writeError("\r[\(bar)] \(done)/\(total) \(what)\u{1B}[K")
    if done == total { endProgress() }
  }

  /// Takes away what `progress` shows, if anything is there.
  static func endProgress() {
    let wasShowing = isShowing.withLock { isShowing in
      defer { isShowing = false }
      return isShowing
    }
    if wasShowing { writeError("\r\u{1B}[K") }
  }

  /// Whether the terminal's last line is one of `progress`.
  private static let isShowing = Mutex(false)

  /// `text` in bold colour on a terminal, and plain otherwise.
  private static func styled(_ text: String, _ colour: String) -> String {
    guard isInteractive, environment("NO_COLOR") == nil else { return text }
    return "\u{1B}[1;\(colour)m\(text)\u{1B}[0m"
  }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private static func writeError(_ text: String) {
    _ = write(text, to: STDERR_FILENO)
  }

  /// Writes all of `text`; returns the error code, or 0.
  private static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return errno }
      bytes = bytes.dropFirst(count)
    }
    return 0
  }
}
