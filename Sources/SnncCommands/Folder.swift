import Diagnostics
import Files
import Glibc

/// What is in folders.
enum Folder {
  /// Whether there is a folder at `path`.
  static func exists(at path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// What the paths of the files in the folder at `path` begin with.
  static func base(_ path: String) -> String { path.hasSuffix("/") ? path : path + "/" }

  /// The names in the folder at `path` but for hidden ones, in the order of their bytes.
  ///
  /// - Throws: `cannot-read-folder` (exit status 66).
  static func names(in path: String) throws(Diagnostic) -> [String] {
    guard access(path, R_OK | X_OK) == 0, let entries = entries(of: path) else {
      throw .cannotList(errno).inFile(path)
    }
    return entries.filter { !$0.hasPrefix(".") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// All names in the folder at `path`, in any order; `nil` where it cannot be read, and then `errno`
  /// says why.
  static func entries(of path: String) -> [String]? {
    guard let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
      errno = 0
    }
    return errno == 0 ? names : nil
  }
}

extension Diagnostic {
  fileprivate static func cannotList(_ code: Int32) -> Diagnostic {
    .error(
      "cannot-read-folder", "the folder cannot be read: \(systemMessage(code))", status: .noInput)
  }
}
