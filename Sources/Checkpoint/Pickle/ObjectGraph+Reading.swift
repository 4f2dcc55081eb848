import Diagnostics

/// Views of single objects, for those who look for something in a graph.
extension ObjectGraph {
  /// Returns the elements of a tuple or a list.
  func elements(of id: ID) -> [ID]? {
    switch self[id] {
    case .tuple(let elements), .list(let elements): elements
    default: nil
    }
  }

  /// Returns the keys and values of a dictionary, in turn.
  func items(of id: ID) -> [ID]? {
    guard case .dictionary(let items) = self[id] else { return nil }
    return items
  }

  /// Checks that no text is a key twice of the dictionary `id`, if it is one.
  ///
  /// Python takes the last value, and keeps the first's place.
  ///
  /// - Throws: `duplicate-key`.
  func checkKeys(of id: ID) throws(Diagnostic) {
    let items = items(of: id) ?? []
    var keys: Set<[UInt8]> = []
    for index in stride(from: 0, to: items.count, by: 2) {
      guard let key = text(items[index]) else { continue }
      guard keys.insert(key).inserted else { throw .duplicateKey(key) }
    }
  }

  /// Returns the integer that an object is.
  func integer(_ id: ID) -> Int? {
    guard case .integer(let value) = self[id] else { return nil }
    return value
  }

  /// Returns the integers that the elements of a tuple or a list are.
  func integers(_ id: ID) -> [Int]? {
    guard let elements = elements(of: id) else { return nil }
    var integers: [Int] = []
    for element in elements {
      guard let integer = integer(element) else { return nil }
      integers.append(integer)
    }
    return integers
  }

  /// Returns the bytes of a text or of raw bytes.
  func text(_ id: ID) -> [UInt8]? {
    switch self[id] {
    case .text(let text), .bytes(let text): text
    default: nil
    }
  }

  /// Returns the symbol that an object is.
  func symbol(_ id: ID) -> Symbol? {
    guard case .symbol(let symbol) = self[id] else { return nil }
    return symbol
  }

  /// Returns the last value that a dictionary holds for the key `name`.
  func value(of name: String, in id: ID) -> ID? {
    guard let items = items(of: id) else { return nil }
    for key in stride(from: items.count - 2, through: 0, by: -2)
    where text(items[key])?.elementsEqual(name.utf8) == true {
      return items[key + 1]
    }
    return nil
  }

  /// Returns what an object is, in a word or two for a message.
  func kind(of id: ID) -> String {
    switch self[id] {
    case .none: "None"
    case .boolean: "a truth value"
    case .integer, .longInteger: "an integer"
    case .real: "a float"
    case .text: "a text"
    case .bytes: "raw bytes"
    case .symbol(let symbol): "the class \(symbol.dotted)"
    case .tuple: "a tuple"
    case .list: "a list"
    case .set: "a set"
    case .dictionary: "a dictionary"
    case .persistent: "a storage"
    case .record(let record): "an object of \(symbol(record.callee)?.dotted ?? "a computed class")"
    }
  }
}

extension Diagnostic {
  fileprivate static func duplicateKey(_ key: [UInt8]) -> Diagnostic {
    .error(
      "duplicate-key",
      "a dictionary must not hold a key twice, and this one holds '\(escaped(utf8: key.prefix(64)))'"
    )
  }
}
