import Diagnostics
import JSON

extension NamedHint {
  /// Returns the metadata of a safetensors file, whose values are texts, as plain values.
  ///
  /// As among the arguments of a pickle, names beyond printable ASCII and long texts are left out:
  /// hints help, and nothing depends on them.
  static func list(
    _ metadata: JSONValue?, limits: Limits
  ) throws(Diagnostic) -> [NamedHint] {
    guard let metadata else { return [] }
    guard let members = metadata.object else { throw .notAnObject(metadata) }
    var hints: [NamedHint] = []
    for member in members {
      guard let text = member.value.string else { throw .notText(member) }
      guard isName(member.name.utf8, limits: limits), text.utf8.count <= limits.nameBytes,
        hints.count < limits.hints
      else { continue }
      hints.append(NamedHint(name: member.name, value: Hint(text, limits: limits)))
    }
    return hints
  }
}

extension Hint {
  /// The value that `text` spells as JSON does: a number, a truth value or a list of numbers, such
  /// as `[224, 224]`; the text itself otherwise.
  init(_ text: String, limits: Limits) {
    let jsonLimits = JSONLimits(
      bytes: limits.nameBytes, depth: 1, values: limits.hintElements + 1)
    // Not being JSON is no error here: most texts are none.
    let value = try? JSONValue(parsing: Array(text.utf8).span, limits: jsonLimits)
    self = value.flatMap(Hint.init(plain:)) ?? .text(text)
  }

  /// A number, a truth value, or a list of numbers.
  private init?(plain value: JSONValue) {
    switch value {
    case .integer(let value): self = .integer(value)
    case .real(let value): self = .real(value)
    case .boolean(let value): self = .boolean(value)
    case .array(let values):
      let numbers = values.compactMap { value in
        value.integer.map(Hint.integer) ?? value.real.map(Hint.real)
      }
      guard numbers.count == values.count else { return nil }
      self = .list(numbers)
    case .null, .string, .object: return nil
    }
  }
}

extension Diagnostic {
  fileprivate static func notAnObject(_ metadata: JSONValue) -> Diagnostic {
    .error(
      "safetensors-metadata", "'__metadata__' must map names to texts, and is \(metadata.kind)")
  }

  fileprivate static func notText(_ member: JSONMember) -> Diagnostic {
    .error(
      "safetensors-metadata",
      "'__metadata__' must map names to texts, and '\(escaped(member.name))' to \(member.value.kind)"
    )
  }
}
