import Diagnostics
import Files
import Glibc

/// A file that appears whole or not at all.
///
/// It is written beside its destination, synced, and renamed onto it by `commit()`; without that,
/// nothing is left of it.
final class AtomicFile {
  private let path: String
  private let name: String
  private let temporary: String
  private var descriptor: Int32
  private var isCommitted = false

  /// Opens a file that will be `path`.
  ///
  /// - Parameters:
  ///   - name: what diagnostics call it, where that is not its path.
  ///   - isExecutable: whether it is a program.
  /// - Throws: `output-not-a-file` where something else than a file is there, or `cannot-create`
  ///   (exit status 73).
  init(
    _ path: String, called name: String? = nil, isExecutable: Bool = false
  ) throws(Diagnostic) {
    self.name = name ?? path
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw .notAFile(name ?? path)
    }
    self.path = path
    let temporary = "\(path).snnc-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    self.temporary = temporary
    descriptor = Temporaries.make(temporary) {
      // The user's mask takes from these what others may not.
      open(
        temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
        isExecutable ? 0o777 : 0o666)
    }
    guard descriptor >= 0 else { throw .cannotCreate(self.name, errno) }
  }

  /// Opens a file that will be `path`, and writes all of it.
  ///
  /// - Throws: what opening and writing throw.
  convenience init(_ path: String, holding bytes: [UInt8]) throws(Diagnostic) {
    try self.init(path)
    try write(bytes)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if !isCommitted { Temporaries.discard(temporary) }
  }

  /// Appends bytes.
  ///
  /// - Throws: `cannot-write` (exit status 74).
  func write(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(
        descriptor, rest.base.baseAddress.map { $0 + rest.startIndex }, rest.count)
      if count < 0 && errno == EINTR { continue }
      // The bytes may be those of a mapped file that has been cut short.
      if count < 0 && errno == EFAULT { throw OpenFiles.unreadable() }
      guard count > 0 else { throw .cannotWrite(name, errno) }
      rest = rest.dropFirst(count)
    }
  }

  /// Appends bytes.
  func write(_ bytes: [UInt8]) throws(Diagnostic) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(Diagnostic) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Puts the file in its place, as `commit()` does, unless another file is there: what no flag names
  /// replaces nothing.
  ///
  /// - Throws: `output-exists` (exit status 73), and what `commit()` throws.
  func commitAsNew() throws(Diagnostic) {
    guard access(path, F_OK) != 0 || Self.areSame(path, temporary) else { throw .exists(name) }
    try commit()
  }

  /// Whether two files have the same bytes.
  private static func areSame(_ first: String, _ second: String) -> Bool {
    guard let first = try? MappedFile(path: first), let second = try? MappedFile(path: second)
    else { return false }
    return first.withSpan { first in
      second.withSpan { second in
        first.count == second.count && first.indices.allSatisfy { first[$0] == second[$0] }
      }
    }
  }

  /// Puts the file in its place, if what it was made of is still what it was.
  ///
  /// - Throws: `input-changed` (exit status 66) or `cannot-write` (74); what was there before is then
  ///   still there.
  func commit() throws(Diagnostic) {
    try OpenFiles.checkUnchanged()
    guard fsync(descriptor) == 0 else { throw .cannotWrite(name, errno) }
    let file = descriptor
    descriptor = -1
    guard close(file) == 0, Temporaries.publish(temporary, { rename(temporary, path) }) == 0 else {
      throw .cannotWrite(name, errno)
    }
    isCommitted = true
    syncFolder(of: path)
  }
}

/// Makes a rename in the folder of `path` last; a system that cannot is left as it is.
func syncFolder(of path: String) {
  let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  fsync(descriptor)
  close(descriptor)
}

extension Diagnostic {
  fileprivate static func exists(_ path: String) -> Diagnostic {
    .error(
      "output-exists", "without -o no other file is replaced, and one is there",
      at: Location(file: path),
      notes: ["name another output with -o, or this one to replace it"], status: .cannotCreate)
  }

  fileprivate static func notAFile(_ path: String) -> Diagnostic {
    .error(
      "output-not-a-file", "an output must be a regular file or not exist, and this is neither",
      at: Location(file: path), notes: ["choose another name"], status: .cannotCreate)
  }

  /// The error of an output that cannot be opened.
  static func cannotCreate(_ path: String, _ code: Int32) -> Diagnostic {
    .error(
      "cannot-create", "the output cannot be created: \(systemMessage(code))",
      at: Location(file: path), status: .cannotCreate)
  }

  /// The error of an output that cannot be written to its end.
  static func cannotWrite(_ path: String, _ code: Int32) -> Diagnostic {
    .error(
      "cannot-write", "the output cannot be written: \(systemMessage(code))",
      at: Location(file: path), status: .ioError)
  }
}
