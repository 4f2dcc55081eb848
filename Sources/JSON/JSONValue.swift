/// A value of a JSON text.
public enum JSONValue: Equatable, Sendable {
  case null
  case boolean(Bool)
  /// A number without a fraction and an exponent, of 64 bits.
  case integer(Int)
  /// A number with a fraction or an exponent, the nearest of binary64 and finite.
  case real(Double)
  case string(String)
  case array([JSONValue])
  /// The members in the order of the text; no two have one name.
  case object([JSONMember])
}

/// A member of a JSON object.
public struct JSONMember: Equatable, Sendable {
  /// The name; compare it by its bytes, since Swift compares texts by what they look like.
  public let name: String

  /// The value.
  public let value: JSONValue

  /// Creates a member.
  public init(_ name: String, _ value: JSONValue) {
    self.name = name
    self.value = value
  }
}

extension JSONValue {
  /// The integer that this is; `nil` where it is none.
  public var integer: Int? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  /// The number with a fraction or an exponent that this is; `nil` where it is none.
  public var real: Double? {
    guard case .real(let value) = self else { return nil }
    return value
  }

  /// The string that this is; `nil` where it is none.
  public var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  /// The elements of the array that this is; `nil` where it is none.
  public var array: [JSONValue]? {
    guard case .array(let values) = self else { return nil }
    return values
  }

  /// The members of the object that this is; `nil` where it is none.
  public var object: [JSONMember]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// The value of the member `name`; `nil` where there is none, or this is no object.
  public subscript(name: String) -> JSONValue? {
    object?.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// What this is, for messages, such as `an array`.
  public var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "a truth value"
    case .integer: "an integer"
    case .real: "a number with a fraction or an exponent"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
