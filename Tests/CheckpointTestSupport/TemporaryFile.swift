import Glibc

/// A file with given contents, removed when this object goes.
public final class TemporaryFile {
  /// Where the file is.
  public let path: String

  /// Creates a file that holds `bytes`; an empty path says that it could not be made.
  public init(_ bytes: [UInt8], suffix: String = "") {
    let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(directory)/snnc-test-XXXXXX\(suffix)".utf8CString)
    let descriptor = mkstemps(&template, Int32(suffix.utf8.count))
    guard descriptor >= 0 else {
      path = ""
      return
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard written > 0 else { break }
      rest = rest.dropFirst(written)
    }
    close(descriptor)
  }

  deinit {
    unlink(path)
  }
}
