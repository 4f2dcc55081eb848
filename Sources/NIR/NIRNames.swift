import Diagnostics

/// Gives every node of a graph a name of its own that a link of an HDF5 file can have.
struct NIRNames {
  /// The names that are taken.
  private var taken: Set<String> = []

  /// Returns `text` in printable ASCII without slashes, with a number behind it where that name is
  /// taken.
  mutating func unique(_ text: String) -> String {
    var plain = escaped(text.isEmpty || text == "." ? "node" : text)
    plain = String(plain.map { $0 == "/" ? "_" : $0 }.prefix(200))
    var name = plain
    var number = 0
    while !taken.insert(name).inserted {
      number += 1
      name = "\(plain)_\(number)"
    }
    return name
  }
}
