import Diagnostics

/// How much a JSON text would make of itself: found by its brackets and commas, before it is read.
///
/// A value is the whole, or the first within a bracket, or comes after a comma. So where a text is
/// JSON, these counts bound its values; where it is not, they do up to the first error, where the
/// reader stops.
struct JSONExtent {
  /// The bytes of the text up to the current one, for places.
  private var position = 0
  /// The line of the current byte, from 1.
  private var line = 1
  /// Where that line starts.
  private var lineStart = 0
  /// The arrays and objects that are open.
  private var depth = 0
  /// The values so far, at most.
  private var values = 1

  /// Checks that `text` stays within `limits`.
  ///
  /// - Throws: `json-limit`, at its place.
  static func check(_ text: Span<UInt8>, _ limits: JSONLimits) throws(Diagnostic) {
    guard text.count <= limits.bytes else { throw .limit(limits.bytes, "bytes") }
    var extent = JSONExtent()
    var isString = false
    while extent.position < text.count {
      let byte = text[extent.position]
      if isString {
        // What follows a backslash cannot end the string.
        if byte == UInt8(ascii: "\\") { extent.position += 1 }
        isString = byte != UInt8(ascii: "\"")
      } else {
        isString = byte == UInt8(ascii: "\"")
        try extent.count(byte, limits)
      }
      extent.position += 1
    }
  }

  /// Counts what a byte outside of a string begins or ends.
  private mutating func count(_ byte: UInt8, _ limits: JSONLimits) throws(Diagnostic) {
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      depth += 1
      values += 1
    case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
    case UInt8(ascii: ","): values += 1
    case UInt8(ascii: "\n"):
      line += 1
      lineStart = position + 1
    default: return
    }
    let place = Location.Place.text(line: line, column: position - lineStart + 1)
    guard depth <= limits.depth else {
      throw Diagnostic.limit(limits.depth, "arrays and objects within each other").at(place)
    }
    guard values <= limits.values else {
      throw Diagnostic.limit(limits.values, "values").at(place)
    }
  }
}

extension Diagnostic {
  fileprivate static func limit(_ limit: Int, _ things: String) -> Diagnostic {
    .error("json-limit", "a JSON text here has at most \(limit) \(things), and this one has more")
  }
}
