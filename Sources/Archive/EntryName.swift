import Diagnostics

/// The rule for entries' names: relative, without tricks, and printable once escaped.
enum EntryName {
  /// Checks that `name` is safe: UTF-8, relative, and free of `..`, backslashes and controls.
  ///
  /// Nothing is ever written under such a name; but one that other tools would resolve to another
  /// place or read as another name marks a file that was made to deceive one of them.
  static func check(_ name: [UInt8], limits: ArchiveLimits) throws(Diagnostic) {
    guard !name.isEmpty else { throw .unsafeName(name, "a name must not be empty") }
    guard name.count <= limits.nameBytes else {
      throw .unsafeName(
        Array(name.prefix(64)),
        "a name has at most \(limits.nameBytes) bytes, and this one has \(name.count)")
    }
    guard validText(name) != nil else { throw .unsafeName(name, "a name must be UTF-8") }
    guard !name.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) else {
      throw .unsafeName(name, "a name must not hold control characters or backslashes")
    }
    // A directory's name ends in a slash, so the last component may be empty.
    var components = name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    if components.count > 1, components.last?.isEmpty == true { components.removeLast() }
    for component in components {
      guard !component.isEmpty, Array(component) != Array(".".utf8),
        Array(component) != Array("..".utf8)
      else {
        throw .unsafeName(name, "a name must be a relative path without '.' and '..'")
      }
    }
  }
}

extension Location {
  /// The entry whose name is `name`, as far as that is UTF-8.
  init(entry name: [UInt8]) {
    self.init(place: .entry(String(decoding: name, as: UTF8.self)))
  }
}

extension Diagnostic {
  fileprivate static func unsafeName(_ name: [UInt8], _ rule: String) -> Diagnostic {
    .error("zip-entry-name", "\(rule): '\(escaped(utf8: name))'")
  }
}
