import Glibc

/// A file in memory, since what is fuzzed maps files.
enum MemoryFile {
  /// The one file, which each input replaces.
  private static let descriptor: Int32 = {
    let name = "/dev/shm/snnc-fuzz-\(getpid())"
    let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    unlink(name)
    return descriptor
  }()

  /// Writes `bytes` and returns the file's path.
  static func path(of bytes: [UInt8]) -> String {
    guard descriptor >= 0, ftruncate(descriptor, 0) == 0 else { fatalError("no file in memory") }
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress.map { $0 + offset }, $0.count - offset, off_t(offset))
      }
      guard count > 0 else { fatalError("the file in memory cannot be written") }
      offset += count
    }
    return "/proc/self/fd/\(descriptor)"
  }
}
