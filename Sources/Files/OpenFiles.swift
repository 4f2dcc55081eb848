public import Diagnostics
import Glibc
import Synchronization

/// The files that are mapped, and what they were when they were opened.
///
/// An output is made of files that are mapped while it is written, so this is asked before it comes
/// to its place: one place, and no reader can forget it.
public enum OpenFiles {
  /// A file as it was when it was opened.
  private struct Entry {
    let path: String
    let size: Int
    let modified: timespec
  }

  /// What is open, and the first file that was found changed as it was closed.
  private struct State {
    var entries: [Int32: Entry] = [:]
    var changed: String?
  }

  private static let state = Mutex(State())

  /// Checks that nobody has written to a file while it was mapped.
  ///
  /// - Throws: `input-changed` (exit status 66).
  public static func checkUnchanged() throws(Diagnostic) {
    if let path = changed() { throw .changed(path) }
  }

  /// The error of a file whose mapping could not be read.
  ///
  /// It may be called where SIGBUS is handled: the thread that reads a mapping holds none of the
  /// locks that are needed here.
  public static func unreadable() -> Diagnostic {
    changed().map(Diagnostic.changed) ?? .unreadable
  }

  /// The path of a file that has been written to.
  private static func changed() -> String? {
    state.withLock { state in
      state.changed ?? state.entries.filter { hasChanged($0, $1) }.map(\.value.path).min()
    }
  }

  /// Whether a file has another size or another time of modification than when it was opened.
  private static func hasChanged(_ descriptor: Int32, _ entry: Entry) -> Bool {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return true }
    return status.st_size != entry.size || status.st_mtim.tv_sec != entry.modified.tv_sec
      || status.st_mtim.tv_nsec != entry.modified.tv_nsec
  }

  /// Remembers a file that has been opened.
  static func add(_ descriptor: Int32, _ path: String, _ status: stat) {
    let entry = Entry(path: path, size: Int(status.st_size), modified: status.st_mtim)
    state.withLock { $0.entries[descriptor] = entry }
  }

  /// Forgets a file that is about to be closed.
  static func remove(_ descriptor: Int32) {
    state.withLock { state in
      guard let entry = state.entries.removeValue(forKey: descriptor) else { return }
      if state.changed == nil, hasChanged(descriptor, entry) { state.changed = entry.path }
    }
  }
}

extension Diagnostic {
  fileprivate static func changed(_ path: String) -> Diagnostic {
    .error(
      "input-changed", "the file was written to while it was being read",
      at: Location(file: path), notes: ["wait until it is whole, and start again"],
      status: .noInput)
  }

  fileprivate static let unreadable = Diagnostic.error(
    "input-lost", "an input could not be read to its end, though it was there at the beginning",
    notes: ["its disk or network may have failed"], status: .noInput)
}
