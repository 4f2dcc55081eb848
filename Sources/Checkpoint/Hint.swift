import Diagnostics

/// A plain value of a checkpoint, such as an argument of the training script.
public enum Hint: Hashable, Sendable {
  case integer(Int)
  case real(Double)
  case text(String)
  case boolean(Bool)
  case list([Hint])
  case none
}

extension Hint: CustomStringConvertible {
  /// The value as Python writes it, in printable ASCII.
  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .text(let text): "'\(escaped(text))'"
    case .boolean(let value): value ? "True" : "False"
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    case .none: "None"
    }
  }
}

extension Hint: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral
{
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .real(value) }
  public init(stringLiteral value: String) { self = .text(value) }
}

/// A name and a plain value.
public struct NamedHint: Hashable, Sendable {
  /// The name, printable ASCII.
  public let name: String
  /// The value.
  public let value: Hint

  /// Returns whether `bytes` are short enough for a name, and printable ASCII.
  static func isName(_ bytes: some Collection<UInt8>, limits: Limits) -> Bool {
    bytes.count <= limits.nameBytes && bytes.allSatisfy { (0x20...0x7E).contains($0) }
  }
}

extension ObjectGraph {
  /// Returns the plain values among the items of a dictionary or the attributes of a namespace.
  ///
  /// What is no plain value is left out, and so are names beyond printable ASCII: hints help, and
  /// nothing depends on them. Where a name comes twice, the last value counts, as in Python.
  func hints(of id: ID, limits: Limits) -> [NamedHint] {
    var source = id
    if case .record(let record) = self[id], symbol(record.callee) == .namespace {
      source = record.state
    }
    guard let items = items(of: source) else { return [] }
    var values: [String: Hint] = [:]
    var names: [String] = []
    for index in stride(from: 0, to: min(items.count, 2 * limits.tensors), by: 2) {
      guard names.count < limits.hints else { break }
      guard let bytes = text(items[index]), NamedHint.isName(bytes, limits: limits),
        let value = hint(items[index + 1], limits: limits)
      else { continue }
      let name = String(decoding: bytes, as: UTF8.self)
      if values.updateValue(value, forKey: name) == nil { names.append(name) }
    }
    return names.compactMap { name in values[name].map { NamedHint(name: name, value: $0) } }
  }

  /// Returns the plain value that an object is: a scalar, or a short list of scalars.
  private func hint(_ id: ID, limits: Limits) -> Hint? {
    guard let elements = elements(of: id) else { return scalar(id, limits: limits) }
    guard elements.count <= limits.hintElements else { return nil }
    let scalars = elements.compactMap { scalar($0, limits: limits) }
    return scalars.count == elements.count ? .list(scalars) : nil
  }

  /// Returns the scalar that an object is.
  private func scalar(_ id: ID, limits: Limits) -> Hint? {
    switch self[id] {
    case .none: return Hint.none
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(value)
    case .real(let value): return .real(value)
    case .text(let bytes):
      guard bytes.count <= limits.nameBytes else { return nil }
      return validText(bytes).map(Hint.text)
    default: return nil
    }
  }
}
