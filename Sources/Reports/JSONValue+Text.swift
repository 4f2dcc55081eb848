public import JSON

extension JSONValue {
  /// The text of this value: the members of an object a line each, and so the elements of an array
  /// of objects; what is within those stands on their line.
  public var text: String { text(depth: 0) }

  /// The text of this value on one line.
  public var line: String { text(depth: Self.brokenDepth) }

  /// How deep lines are broken.
  private static let brokenDepth = 2

  private func text(depth: Int) -> String {
    switch self {
    case .null: return "null"
    case .boolean(let value): return "\(value)"
    case .integer(let value): return "\(value)"
    case .real(let value): return "\(value)"
    case .string(let value): return Self.quoted(value)
    case .array(let values):
      let isBroken = depth < Self.brokenDepth && values.contains { $0.object != nil }
      return Self.enclosed("[", values.map { $0.text(depth: depth + 1) }, "]", isBroken, depth)
    case .object(let members):
      let texts = members.map { "\(Self.quoted($0.name)): \($0.value.text(depth: depth + 1))" }
      return Self.enclosed("{", texts, "}", depth == 0, depth)
    }
  }

  /// Items between brackets, a line each or all on one.
  private static func enclosed(
    _ open: String, _ items: [String], _ close: String, _ isBroken: Bool, _ depth: Int
  ) -> String {
    guard isBroken, !items.isEmpty else { return open + items.joined(separator: ", ") + close }
    let indent = String(repeating: "  ", count: depth)
    let lines = items.map { "\(indent)  \($0)" }.joined(separator: ",\n")
    return "\(open)\n\(lines)\n\(indent)\(close)"
  }

  /// A string, with everything but printable ASCII escaped.
  private static func quoted(_ text: String) -> String {
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
}

extension [JSONMember] {
  /// The members that every report in JSON begins with.
  ///
  /// - Parameters:
  ///   - format: what marks a text as such a report.
  ///   - version: the version of the format.
  ///   - tool: the version of the program that writes it.
  package static func head(_ format: String, version: Int = 1, tool: String) -> [JSONMember] {
    [
      JSONMember("format", .string(format)),
      JSONMember("version", .integer(version)),
      JSONMember(
        "tool",
        .object([JSONMember("name", .string("snnc")), JSONMember("version", .string(tool))])),
    ]
  }
}
