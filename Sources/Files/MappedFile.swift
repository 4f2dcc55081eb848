public import Diagnostics
import Glibc

/// A regular file mapped into memory, read-only.
///
/// The mapping lives as long as this object. The length is the file's at the time of opening. What
/// another process writes to the file afterwards is seen through the mapping, and where it cuts the
/// file short, reading raises SIGBUS; `OpenFiles` finds both.
@safe
public final class MappedFile: @unchecked Sendable {
  /// What diagnostics call the file: the path as the user gave it, or the name that stands for it.
  public let path: String

  /// The start of the mapping; `nil` for an empty file.
  private let base: UnsafeMutableRawPointer?

  /// The number of bytes that are mapped: all of the file, or those of the part.
  public let count: Int

  /// Open as long as the mapping, so that a change can be found.
  private let descriptor: Int32

  /// Maps the file at `path`, or a part of it.
  ///
  /// - Parameters:
  ///   - path: Where the file is.
  ///   - range: The part, within the file and from a multiple of the system's page size on.
  ///   - name: What diagnostics call it, where that is not its path.
  /// - Throws: `no-such-file`, `not-a-regular-file` or `cannot-read` (exit status 66).
  public init(
    path: String, range: Range<Int>? = nil, called name: String? = nil
  ) throws(Diagnostic) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotOpen(path, errno) }
    self.descriptor = descriptor
    var isWhole = false
    defer { if !isWhole { close(descriptor) } }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .cannotOpen(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(path) }
    self.path = name ?? path
    let range = range ?? 0..<Int(status.st_size)
    precondition(range.upperBound <= Int(status.st_size), "the part lies within the file")
    count = range.count
    if count == 0 {
      unsafe base = nil
    } else if let mapping = unsafe mmap(
      nil, count, PROT_READ, MAP_PRIVATE, descriptor, range.lowerBound),
      unsafe mapping != MAP_FAILED
    {
      unsafe base = mapping
    } else {
      throw .cannotOpen(path, errno)
    }
    isWhole = true
    OpenFiles.add(descriptor, self.path, status)
  }

  deinit {
    OpenFiles.remove(descriptor)
    close(descriptor)
    if let base = unsafe base { unsafe munmap(base, count) }
  }

  /// The file's bytes; valid while this object lives.
  @unsafe
  public var bytes: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: base, count: count)
  }

  /// Calls `body` with the file's bytes.
  public func withSpan<Result, E: Error>(
    _ body: (Span<UInt8>) throws(E) -> Result
  ) throws(E) -> Result {
    let buffer = unsafe bytes.bindMemory(to: UInt8.self)
    return try unsafe body(buffer.span)
  }
}

extension Diagnostic {
  fileprivate static func cannotOpen(_ path: String, _ code: Int32) -> Diagnostic {
    let location = Location(file: path)
    guard code != ENOENT else {
      return .error("no-such-file", "there is no such file", at: location, status: .noInput)
    }
    return .error(
      "cannot-read", "the file cannot be read: \(systemMessage(code))", at: location,
      status: .noInput)
  }

  fileprivate static func notRegular(_ path: String) -> Diagnostic {
    .error(
      "not-a-regular-file", "an input must be a regular file, and this is none",
      at: Location(file: path), status: .noInput)
  }
}

/// Returns the system's words for an `errno` code, in lower case.
package func systemMessage(_ code: Int32) -> String {
  guard let text = unsafe strerror(code) else { return "error \(code)" }
  return unsafe String(cString: text).lowercased()
}
