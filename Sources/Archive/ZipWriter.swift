import Clibzip
public import Diagnostics
import Glibc

/// Writes zip archives, the same bytes for the same members at any time and place.
public enum ZipWriter {
  /// Returns an archive of `members`, in their order.
  ///
  /// - Throws: `zip-entry-name` where a name is not safe, or `zip-write` (exit status 70).
  public static func bytes(
    of members: [(name: String, bytes: [UInt8])], method: ZipArchive.Method = .stored
  ) throws(Diagnostic) -> [UInt8] {
    var error = unsafe zip_error_t()
    unsafe zip_error_init(&error)
    defer { unsafe zip_error_fini(&error) }
    guard let output = unsafe zip_source_buffer_create(nil, 0, 0, &error) else {
      throw unsafe .cannotWrite(message(of: &error))
    }
    defer { unsafe zip_source_free(output) }
    // The archive gives its hold of the output back when it closes; ours stays.
    unsafe zip_source_keep(output)
    guard let archive = unsafe zip_open_from_source(output, ZIP_CREATE | ZIP_TRUNCATE, &error)
    else {
      unsafe zip_source_free(output)
      throw unsafe .cannotWrite(message(of: &error))
    }
    do throws(Diagnostic) {
      for member in members {
        try EntryName.check(Array(member.name.utf8), limits: .standard)
        try unsafe add(member.name, member.bytes, to: archive, method)
      }
      guard unsafe zip_close(archive) == 0 else {
        throw unsafe .cannotWrite(message(of: zip_get_error(archive)))
      }
    } catch {
      unsafe zip_discard(archive)
      throw error
    }
    return try unsafe contents(of: output)
  }

  /// 1 January 1980, the first day of zip's calendar.
  private static let date: zip_uint16_t = 1 << 5 | 1

  /// Adds a member, whose bytes are copied, to `archive`.
  private static func add(
    _ name: String, _ bytes: [UInt8], to archive: OpaquePointer, _ method: ZipArchive.Method
  ) throws(Diagnostic) {
    // libzip reads the sources when the archive closes, and frees this copy after it.
    let copy = unsafe malloc(max(bytes.count, 1))
    guard let copy = unsafe copy else { throw .cannotWrite("out of memory") }
    unsafe bytes.withUnsafeBytes { source in
      guard let base = source.baseAddress else { return }
      unsafe copy.copyMemory(from: base, byteCount: source.count)
    }
    guard let source = unsafe zip_source_buffer(archive, copy, zip_uint64_t(bytes.count), 1) else {
      unsafe free(copy)
      throw unsafe .cannotWrite(message(of: zip_get_error(archive)))
    }
    let index = unsafe zip_file_add(archive, name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
    guard index >= 0 else {
      unsafe zip_source_free(source)
      throw unsafe .cannotWrite(message(of: zip_get_error(archive)))
    }
    let position = zip_uint64_t(index)
    guard unsafe zip_set_file_compression(archive, position, zip_int32_t(method.rawValue), 9) == 0,
      unsafe zip_file_set_dostime(archive, position, 0, date, 0) == 0
    else { throw unsafe .cannotWrite(message(of: zip_get_error(archive))) }
  }

  /// Returns the bytes that `output` received.
  private static func contents(of output: OpaquePointer) throws(Diagnostic) -> [UInt8] {
    var status = unsafe zip_stat_t()
    guard unsafe zip_source_stat(output, &status) == 0, unsafe zip_source_open(output) == 0 else {
      throw unsafe .cannotWrite(message(of: zip_source_error(output)))
    }
    defer { unsafe zip_source_close(output) }
    let count = unsafe Int(status.size)
    var read: zip_int64_t = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      read = unsafe zip_source_read(output, buffer.baseAddress, zip_uint64_t(count))
      initialized = max(0, Int(read))
    }
    guard bytes.count == count else {
      throw unsafe .cannotWrite(message(of: zip_source_error(output)))
    }
    return bytes
  }
}

extension Diagnostic {
  fileprivate static func cannotWrite(_ text: String) -> Diagnostic {
    .error("zip-write", "the archive cannot be written: \(text)", status: .internalError)
  }
}
