import CLinux
import Diagnostics
import Glibc

/// A folder of files that appears whole or not at all.
///
/// It is filled beside its destination and renamed onto it by `commit()`. An earlier folder of the
/// same files is exchanged in one step; any other one that is not empty is refused.
final class AtomicFolder {
  private let path: String
  private let temporary: String
  private var isCommitted = false

  /// Opens a folder that will be `path`.
  ///
  /// - Parameters:
  ///   - marker: the file that every earlier folder holds.
  ///   - isOurs: whether a file of that name may be replaced.
  /// - Throws: `output-folder-name` (exit status 64), `output-folder-exists` or `cannot-create`
  ///   (exit status 73).
  init(
    _ path: String, marker: String, isOurs: (String) -> Bool
  ) throws(Diagnostic) {
    var trimmed = path
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    // A working directory cannot be exchanged for another folder.
    guard let last = trimmed.split(separator: "/").last, last != ".", last != ".." else {
      throw .folderName(trimmed)
    }
    self.path = trimmed
    let temporary = "\(trimmed).snnc-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    self.temporary = temporary
    var status = stat()
    if lstat(trimmed, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw .folderExists(trimmed, nil) }
      guard let names = Folder.entries(of: trimmed) else { throw .cannotCreate(trimmed, errno) }
      guard names.isEmpty || names.contains(marker) else { throw .folderNotEmpty(trimmed) }
      if let other = names.first(where: { !isOurs($0) || !Self.isFile("\(trimmed)/\($0)") }) {
        throw .folderExists(trimmed, other)
      }
    }
    guard Temporaries.make(temporary, { mkdir(temporary, 0o777) }) == 0 else {
      throw .cannotCreate(trimmed, errno)
    }
  }

  deinit {
    if !isCommitted { Temporaries.discard(temporary) }
  }

  /// Whether there is a regular file of that name.
  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Opens a file in the folder.
  func file(_ name: String) throws(Diagnostic) -> AtomicFile {
    try AtomicFile("\(temporary)/\(name)", called: "\(path)/\(name)")
  }

  /// Puts the folder in its place.
  ///
  /// - Throws: `cannot-write` (exit status 74); what was there before is then still there.
  func commit() throws(Diagnostic) {
    if Temporaries.publish(temporary, { rename(temporary, path) }) != 0 {
      // Something is there: exchange the two in one step, then remove what was there.
      guard Temporaries.publish(temporary, keep: true, { snnc_exchange(temporary, path) }) == 0
      else { throw .cannotWrite(path, errno) }
      Temporaries.discard(temporary)
    }
    isCommitted = true
    syncFolder(of: path)
  }
}

extension Diagnostic {
  fileprivate static func folderName(_ path: String) -> Diagnostic {
    .error(
      "output-folder-name",
      "the folder to write must have a name of its own, and '\(escaped(path))' is none",
      notes: ["choose a name with -o"], status: .usage)
  }

  fileprivate static func folderNotEmpty(_ path: String) -> Diagnostic {
    .error(
      "output-folder-exists", "the folder is not empty, and holds no earlier program of this name",
      at: Location(file: path), notes: ["remove it, or choose another folder with -o"],
      status: .cannotCreate)
  }

  fileprivate static func folderExists(_ path: String, _ other: String?) -> Diagnostic {
    .error(
      "output-folder-exists",
      other.map { "the folder holds '\(escaped($0))', which is no file of this program" }
        ?? "there is something of that name that is no folder",
      at: Location(file: path), notes: ["remove it, or choose another folder with -o"],
      status: .cannotCreate)
  }
}
