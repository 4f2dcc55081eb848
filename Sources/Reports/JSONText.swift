/// The few forms of JSON that reports are written in.
enum JSONText {
  /// A string, with everything but printable ASCII escaped.
  static func string(_ text: String) -> String {
    var result = "\""
    for unit in text.utf16 {
      switch unit {
      case 0x22: result += "\\\""
      case 0x5C: result += "\\\\"
      case 0x20...0x7E: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      default:
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result + "\""
  }

  /// A list of values that are JSON already.
  static func list(_ values: [String]) -> String {
    "[" + values.joined(separator: ", ") + "]"
  }
}
