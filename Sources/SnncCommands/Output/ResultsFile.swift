import Diagnostics
import Evaluation
import Files
import Glibc

/// A results' file, to which an evaluation appends a line for each sample.
///
/// It is no `AtomicFile`, on purpose: what was computed in hours must outlive a program that is
/// killed. Each line is written whole, by one call that no interruption comes between, and synced
/// about once a second and in the end. So what a kill can leave is a last line without its end,
/// which a reader recognises, and the sample is computed again.
///
/// The file is locked while it is open: of two programs that were told to write one file, as where
/// a cluster takes a slow machine for a dead one, the second is refused.
final class ResultsFile {
  private let path: String
  private let descriptor: Int32
  private let clock = ContinuousClock()
  private var lastSync: ContinuousClock.Instant

  /// Opens the file at `path` for the results of `header`.
  ///
  /// - Parameter isResuming: whether it may be there, and is then gone on with.
  /// - Returns: the file, and what it holds.
  /// - Throws: `results-exist`, `results-in-use` or `cannot-create` (exit status 73), `cannot-write`
  ///   (74), or what is wrong with the results that are there.
  static func open(
    _ path: String, for header: ResultsHeader, isResuming: Bool
  ) throws(Diagnostic) -> (file: ResultsFile, results: Results) {
    let file = try ResultsFile(path, isResuming: isResuming)
    let found = try file.read(header)
    // Cuts off a line that was being written.
    guard ftruncate(file.descriptor, off_t(found?.byteCount ?? 0)) == 0 else {
      throw .cannotWrite(path, errno)
    }
    if found == nil {
      try file.append(header.line)
      syncFolder(of: path)
    }
    return (file, found?.results ?? Results(of: header))
  }

  /// Opens and locks the file.
  private init(_ path: String, isResuming: Bool) throws(Diagnostic) {
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK
    descriptor = Glibc.open(path, isResuming ? flags : flags | O_EXCL, 0o666)
    self.path = path
    lastSync = clock.now
    guard descriptor >= 0 else { throw errno == EEXIST ? .exist(path) : .cannotCreate(path, errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw errno == EWOULDBLOCK ? .inUse(path) : .cannotCreate(path, errno)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Reads what is there; `nil` where not even the header is whole.
  private func read(
    _ header: ResultsHeader
  ) throws(Diagnostic) -> (results: Results, byteCount: Int)? {
    do throws(Diagnostic) {
      let file = try MappedFile(path: path)
      guard let found = try file.withSpan({ (text) throws(Diagnostic) in try Results.parse(text) })
      else {
        // What is no beginning of this file's header is somebody's file.
        let longest = header.line.utf8.count + 1
        let bytes = file.withSpan { $0.bytes(in: 0..<min($0.count, longest)) } ?? []
        guard header.line.utf8.starts(with: bytes) else { throw .foreign }
        return nil
      }
      try found.results.header.require(header, of: "and this evaluation's")
      return found
    } catch {
      throw error.inFile(path)
    }
  }

  /// Appends a line.
  ///
  /// - Throws: `cannot-write` (exit status 74).
  func append(_ line: String) throws(Diagnostic) {
    var rest = Array(line.utf8)[...]
    let code: Int32 = Temporaries.uninterrupted {
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return errno }
        rest = rest.dropFirst(count)
      }
      return 0
    }
    guard code == 0 else { throw .cannotWrite(path, code) }
    if clock.now - lastSync > .seconds(1) { try sync() }
  }

  /// Makes all that was appended last.
  ///
  /// - Throws: `cannot-write` (exit status 74).
  func sync() throws(Diagnostic) {
    guard fsync(descriptor) == 0 else { throw .cannotWrite(path, errno) }
    lastSync = clock.now
  }
}

extension Diagnostic {
  fileprivate static func exist(_ path: String) -> Diagnostic {
    .error(
      "results-exist", "results that are there are not replaced", at: Location(file: path),
      notes: ["go on with them with --resume, or choose another name"], status: .cannotCreate)
  }

  fileprivate static func inUse(_ path: String) -> Diagnostic {
    .error(
      "results-in-use", "only one program at a time may write results, and another one does",
      at: Location(file: path), notes: ["wait for it, or end it"], status: .cannotCreate)
  }

  fileprivate static var foreign: Diagnostic {
    .error(
      "bad-results", "what --resume goes on with must be results, and this file is none",
      notes: ["choose another name with --results"])
  }
}
