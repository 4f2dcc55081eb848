import Diagnostics

/// Gives every value of a graph, and every node, a name of its own in printable ASCII.
struct Names {
  /// How often each name was asked for.
  private var counts: [String: Int] = [:]

  /// Returns `text`, escaped, or with a number behind it where that name is taken.
  mutating func unique(_ text: String) -> String {
    let plain = text.isEmpty ? "unnamed" : escaped(text)
    var name = plain
    // A name with a number can be one that somebody else had.
    while counts[name] != nil {
      counts[plain, default: 0] += 1
      name = "\(plain)~\(counts[plain, default: 0])"
    }
    counts[name] = 1
    return name
  }
}
