import Dispatch
import Glibc
import Synchronization

/// The temporary files and folders that are being written, so that an interruption removes them.
enum Temporaries {
  private static let paths = Mutex<Set<String>>([])

  /// Turns SIGINT and SIGTERM into an orderly end.
  ///
  /// A queue of its own handles them, and not a signal handler, in which little is allowed.
  nonisolated(unsafe) private static let watch: [any DispatchSourceSignal] = [SIGINT, SIGTERM].map {
    number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
      // The lock is never given back, so that nothing is made while things are removed.
      paths.withLock {
        for path in $0 { removeTree(path) }
        _exit(128 + number)
      }
    }
    source.resume()
    return source
  }

  /// Remembers a file or folder and makes it; returns what `make` returns.
  static func make(_ path: String, _ make: () -> Int32) -> Int32 {
    _ = watch
    return paths.withLock {
      $0.insert(path)
      return make()
    }
  }

  /// Forgets a file or folder that is in its place, and removes it where it is not.
  static func end(_ path: String, remove: Bool) {
    if remove { removeTree(path) }
    paths.withLock { _ = $0.remove(path) }
  }

  /// Removes a file, or a folder of files; the folders that snnc writes hold no folders.
  static func removeTree(_ path: String) {
    guard unlink(path) != 0 else { return }
    for name in entries(of: path) { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  /// The names in a folder; none where it cannot be read.
  static func entries(of path: String) -> [String] {
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
}
