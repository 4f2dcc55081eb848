import Foundation
import JSON

/// A JSON Schema, as far as that of certificates uses it: every other keyword is refused.
struct Schema {
  private let root: JSONValue

  /// Reads `ir-spec/certificate.schema.json`.
  static func certificate() throws -> Schema {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "ir-spec/certificate.schema.json")
    let bytes = [UInt8](try Data(contentsOf: file))
    return Schema(root: try JSONValue(parsing: bytes.span))
  }

  /// What is wrong with `value`, each with its place; empty where nothing is.
  func errors(in value: JSONValue) -> [String] { errors(value, root, "$") }

  private func errors(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
    var found: [String] = []
    for member in schema.object ?? [] {
      switch (member.name, member.value) {
      case ("$schema", _), ("title", _), ("description", _), ("$defs", _), ("required", _),
        ("additionalProperties", _):
        continue
      case ("$ref", .string(let path)):
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        found += errors(value, root["$defs"]?[name] ?? .null, place)
      case ("type", .string(let type)):
        if !value.isOf(type) { found.append("\(place) is no \(type)") }
      case ("const", let expected):
        if value != expected { found.append("\(place) is another constant") }
      case ("enum", .array(let values)):
        if !values.contains(value) { found.append("\(place) is none of those") }
      case ("anyOf", .array(let schemas)):
        if schemas.allSatisfy({ !errors(value, $0, place).isEmpty }) {
          found.append("\(place) fits none")
        }
      case ("pattern", .string(let pattern)):
        let text = value.string ?? ""
        if text.range(of: pattern, options: .regularExpression) == nil {
          found.append("\(place) has another form")
        }
      case ("minimum", .integer(let least)):
        if (value.integer ?? least) < least { found.append("\(place) is too small") }
      case ("maximum", .integer(let most)):
        if (value.integer ?? most) > most { found.append("\(place) is too large") }
      case ("items", let items):
        for (index, element) in (value.array ?? []).enumerated() {
          found += errors(element, items, "\(place)[\(index)]")
        }
      case ("properties", let properties): found += members(value, schema, properties, place)
      default: found.append("the schema has '\(member.name)', which the test does not know")
      }
    }
    return found
  }

  /// What is wrong with the members of an object.
  private func members(
    _ value: JSONValue, _ schema: JSONValue, _ properties: JSONValue, _ place: String
  ) -> [String] {
    var found: [String] = []
    for name in (schema["required"]?.array ?? []).compactMap(\.string) where value[name] == nil {
      found.append("\(place).\(name) is missing")
    }
    for member in value.object ?? [] {
      if let property = properties[member.name] {
        found += errors(member.value, property, "\(place).\(member.name)")
      } else if schema["additionalProperties"] == .boolean(false) {
        found.append("\(place).\(member.name) is unknown")
      }
    }
    return found
  }
}

extension JSONValue {
  /// Whether this is of a type of JSON Schema.
  fileprivate func isOf(_ type: String) -> Bool {
    switch type {
    case "object": object != nil
    case "array": array != nil
    case "string": string != nil
    case "boolean": self == .boolean(true) || self == .boolean(false)
    case "integer": integer != nil
    case "number": integer != nil || real != nil
    default: self == .null
    }
  }
}
