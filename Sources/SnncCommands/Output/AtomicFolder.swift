import CLinux
import Diagnostics
import Glibc

/// A folder of files that appears whole or not at all.
///
/// It is filled beside its destination and renamed onto it by `commit()`. An earlier folder that
/// snnc wrote is exchanged in one step; any other one is refused.
final class AtomicFolder {
  private let path: String
  private let temporary: String
  private let marker: String
  private var isCommitted = false

  /// Opens a folder that will be `path`.
  ///
  /// - Parameter marker: the name of a file by which a folder of snnc's is known.
  /// - Throws: `output-folder-exists` or `cannot-create` (exit status 73).
  init(_ path: String, marker: String) throws(Diagnostic) {
    var trimmed = path
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    self.path = trimmed
    self.marker = marker
    temporary = "\(trimmed).snnc-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    var status = stat()
    if lstat(trimmed, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR, Self.isReplaceable(trimmed, marker) else {
        throw .folderExists(trimmed)
      }
    }
    guard mkdir(temporary, 0o777) == 0 else { throw .cannotCreate(trimmed, errno) }
  }

  deinit {
    if !isCommitted { Self.remove(temporary) }
  }

  /// Opens a file in the folder.
  func file(_ name: String) throws(Diagnostic) -> AtomicFile {
    try AtomicFile("\(temporary)/\(name)")
  }

  /// Puts the folder in its place.
  ///
  /// - Throws: `cannot-write` (exit status 74); what was there before is then still there.
  func commit() throws(Diagnostic) {
    if rename(temporary, path) != 0 {
      // Something is there: exchange the two in one step, then remove what was there.
      guard snnc_exchange(temporary, path) == 0 else {
        throw .cannotWrite(path, errno)
      }
      Self.remove(temporary)
    }
    isCommitted = true
    syncFolder(of: path)
  }

  /// Whether a folder is empty or was written by snnc.
  private static func isReplaceable(_ path: String, _ marker: String) -> Bool {
    access("\(path)/\(marker)", F_OK) == 0 || entries(of: path).isEmpty
  }

  /// The names in a folder.
  private static func entries(of path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Removes a folder of files; the folders that snnc writes hold no folders.
  private static func remove(_ path: String) {
    for name in entries(of: path) { unlink("\(path)/\(name)") }
    rmdir(path)
  }
}

extension Diagnostic {
  fileprivate static func folderExists(_ path: String) -> Diagnostic {
    .error(
      "output-folder-exists", "there is something else of that name, which snnc did not write",
      at: Location(file: path), notes: ["remove it, or choose another folder with -o"],
      status: .cannotCreate)
  }
}
