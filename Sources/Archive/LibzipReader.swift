import Clibzip
import Diagnostics

/// An archive opened by libzip, which inflates what our audit let pass.
///
/// Not for use from several threads at once.
@safe
final class LibzipReader {
  /// The archive's handle.
  private let handle: OpaquePointer

  /// Opens the archive in `bytes`, which must outlive this value.
  init(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
    var error = unsafe zip_error_t()
    unsafe zip_error_init(&error)
    defer { unsafe zip_error_fini(&error) }
    let count = zip_uint64_t(bytes.count)
    guard let source = unsafe zip_source_buffer_create(bytes.baseAddress, count, 0, &error) else {
      throw unsafe .libzip(message(of: &error))
    }
    let flags = ZIP_RDONLY | ZIP_CHECKCONS
    guard let handle = unsafe zip_open_from_source(source, flags, &error) else {
      unsafe zip_source_free(source)
      throw unsafe .libzip(message(of: &error))
    }
    unsafe self.handle = handle
  }

  deinit {
    unsafe zip_discard(handle)
  }

  /// Returns the contents of `entry`, which must be exactly as many bytes as it declares.
  ///
  /// The checksum is the caller's to compare: libzip's own verdict comes with the end of the
  /// data, and it counts a checksum of zero as wrong where PyTorch means "not computed".
  func inflate(_ entry: ZipArchive.Entry) throws(Diagnostic) -> [UInt8] {
    guard let file = unsafe zip_fopen_index(handle, zip_uint64_t(entry.index), 0) else {
      throw unsafe .libzip(message(of: zip_get_error(handle)), entry)
    }
    defer { unsafe zip_fclose(file) }
    var filled = 0
    let contents = unsafe [UInt8](unsafeUninitializedCapacity: entry.size) { buffer, initialized in
      while filled < entry.size {
        let rest = zip_uint64_t(entry.size - filled)
        let read = unsafe zip_fread(file, buffer.baseAddress.map { unsafe $0 + filled }, rest)
        guard read > 0 else { break }
        filled += Int(read)
      }
      initialized = filled
    }
    guard filled == entry.size else { throw .inflatesTo(filled, entry) }
    var surplus: UInt8 = 0
    guard unsafe zip_fread(file, &surplus, 1) <= 0 else { throw .inflatesTo(filled + 1, entry) }
    return contents
  }
}

/// Returns libzip's words for `error`.
@unsafe
func message(of error: UnsafeMutablePointer<zip_error_t>?) -> String {
  guard let error = unsafe error, let text = unsafe zip_error_strerror(error) else {
    return "unknown error"
  }
  return unsafe escaped(String(cString: text))
}

extension Diagnostic {
  fileprivate static func libzip(_ text: String) -> Diagnostic {
    .error("zip-inconsistent", "the archive is not consistent: \(text)")
  }

  fileprivate static func libzip(_ text: String, _ entry: ZipArchive.Entry) -> Diagnostic {
    .error("zip-inflate", "the entry cannot be inflated: \(text)", at: entry.location)
  }

  fileprivate static func inflatesTo(_ count: Int, _ entry: ZipArchive.Entry) -> Diagnostic {
    let relation = count > entry.size ? "more" : "only \(count)"
    return .error(
      "zip-inflate", "the entry declares \(entry.size) bytes and holds \(relation)",
      at: entry.location)
  }
}
