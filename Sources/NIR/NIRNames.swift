import Diagnostics

/// Gives every node of a graph a name of its own that a link of an HDF5 file can have.
struct NIRNames {
  /// How often each name was asked for.
  private var counts: [String: Int] = [:]

  /// Returns `text` in printable ASCII without slashes, with a number behind it where that name is
  /// taken.
  mutating func unique(_ text: String) -> String {
    var plain = escaped(text.isEmpty || text == "." ? "node" : text)
    plain = String(plain.map { $0 == "/" ? "_" : $0 }.prefix(200))
    var name = plain
    // A name with a number can be one that somebody else had.
    while counts[name] != nil {
      counts[plain, default: 0] += 1
      name = "\(plain)_\(counts[plain, default: 0])"
    }
    counts[name] = 0
    return name
  }
}
