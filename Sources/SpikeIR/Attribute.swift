public import Diagnostics

/// The value of an op's attribute.
public enum AttributeValue: Hashable, Sendable {
  /// An integer.
  case integer(Int)
  /// A list of integers.
  case integers([Int])
  /// A binary64 number.
  case real(Double)
  /// True or false.
  case boolean(Bool)

  /// The kinds of attribute values.
  public enum Kind: String, Sendable {
    case integer, integers, real, boolean
  }

  /// The kind of this value.
  public var kind: Kind {
    switch self {
    case .integer: .integer
    case .integers: .integers
    case .real: .real
    case .boolean: .boolean
    }
  }
}

extension AttributeValue: CustomStringConvertible {
  /// The text form; a real is the shortest decimal that reads back as the same binary64 number.
  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .integers(let values): "\(values)"
    case .real(let value): "\(value)"
    case .boolean(let value): "\(value)"
    }
  }
}

/// An op's attribute: a name and a value.
public struct Attribute: Hashable, Sendable {
  /// The name, as in the text form.
  public let name: String
  /// The value.
  public let value: AttributeValue

  /// Creates an attribute.
  public init(_ name: String, _ value: AttributeValue) {
    self.name = name
    self.value = value
  }
}

/// The attributes of a node as a reader found them, before an op has taken them.
///
/// `init(_:for:)` checks them against the op's definition, so what an op asks for is there.
public struct AttributeList: Sendable {
  private let values: [String: AttributeValue]

  /// Checks `attributes` against `definition`: each known, of the right kind, and given once.
  ///
  /// - Throws: `unknown-attribute`, `attribute-kind`, `duplicate-attribute`, `missing-attribute`.
  public init(_ attributes: [Attribute], for definition: OpDefinition) throws(Diagnostic) {
    var values: [String: AttributeValue] = [:]
    for attribute in attributes {
      guard let expected = definition.attributes.first(where: { $0.name == attribute.name }) else {
        throw .unknownAttribute(attribute.name, definition)
      }
      guard attribute.value.kind == expected.kind else {
        throw .attributeKind(attribute, expected.kind)
      }
      guard values.updateValue(attribute.value, forKey: attribute.name) == nil else {
        throw .duplicateAttribute(attribute.name)
      }
    }
    for expected in definition.attributes where values[expected.name] == nil {
      guard let value = expected.default else {
        throw .missingAttribute(expected.name, definition)
      }
      values[expected.name] = value
    }
    self.values = values
  }

  /// The integer of the attribute `name`.
  public func integer(_ name: String) -> Int {
    guard case .integer(let value) = values[name] else { preconditionFailure("\(name)") }
    return value
  }

  /// The integers of the attribute `name`.
  public func integers(_ name: String) -> [Int] {
    guard case .integers(let list) = values[name] else { preconditionFailure("\(name)") }
    return list
  }

  /// The real of the attribute `name`.
  public func real(_ name: String) -> Double {
    guard case .real(let value) = values[name] else { preconditionFailure("\(name)") }
    return value
  }

  /// The boolean of the attribute `name`.
  public func boolean(_ name: String) -> Bool {
    guard case .boolean(let value) = values[name] else { preconditionFailure("\(name)") }
    return value
  }
}

extension Diagnostic {
  fileprivate static func unknownAttribute(_ name: String, _ op: OpDefinition) -> Diagnostic {
    let known = op.attributes.map(\.name).joined(separator: ", ")
    return .error(
      "unknown-attribute", "'\(op.mnemonic)' has no attribute '\(escaped(name))'",
      notes: [known.isEmpty ? "it has none" : "it has: \(known)"])
  }

  fileprivate static func attributeKind(
    _ attribute: Attribute, _ kind: AttributeValue.Kind
  ) -> Diagnostic {
    .error(
      "attribute-kind",
      "the attribute '\(attribute.name)' takes \(kind.rawValue), and \(attribute.value) is "
        + attribute.value.kind.rawValue)
  }

  fileprivate static func duplicateAttribute(_ name: String) -> Diagnostic {
    .error("duplicate-attribute", "the attribute '\(name)' is given twice")
  }

  fileprivate static func missingAttribute(_ name: String, _ op: OpDefinition) -> Diagnostic {
    .error("missing-attribute", "'\(op.mnemonic)' needs the attribute '\(name)'")
  }
}
