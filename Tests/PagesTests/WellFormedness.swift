/// Reads a page as strictly as XML is read: every tag is closed where it has to be, in order, every
/// attribute has a value in quotes, and no bare `<`, `>` or `&` stands in a text.
struct WellFormedness {
  /// Elements of HTML that have no end tag.
  static let void: Set<String> = ["meta", "col", "br"]

  /// The texts between tags, the style sheet's aside, with their entities resolved.
  private(set) var texts: [String] = []
  /// The names of the elements, in order of their start tags.
  private(set) var elements: [String] = []
  /// The attributes of all elements.
  private(set) var attributes: [(element: String, name: String, value: String)] = []
  /// What is wrong, none if nothing.
  private(set) var errors: [String] = []

  /// Reads a page.
  init(_ page: String) {
    var rest = Substring(page)
    if rest.hasPrefix("<!DOCTYPE html>") { rest = rest.dropFirst("<!DOCTYPE html>".count) }
    var open: [String] = []
    while !rest.isEmpty {
      if open.last == "style" {
        let end = rest.firstRange(of: "</style>")?.lowerBound ?? rest.endIndex
        if rest[..<end].contains("<") { errors.append("a tag in the style sheet") }
        rest = rest[end...]
      } else if rest.first != "<" {
        let end = rest.firstIndex(of: "<") ?? rest.endIndex
        note(text: rest[..<end])
        rest = rest[end...]
        continue
      }
      guard let end = rest.firstIndex(of: ">") else {
        errors.append("a tag without an end")
        break
      }
      let tag = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        let name = String(tag.dropFirst())
        if open.popLast() != name { errors.append("</\(name)> closes another element") }
      } else if let name = start(tag) {
        if !tag.hasSuffix("/"), !Self.void.contains(name) { open.append(name) }
      }
    }
    if !open.isEmpty { errors.append("not closed: \(open)") }
  }

  /// Reads a start tag; returns its name.
  private mutating func start(_ tag: Substring) -> String? {
    guard
      let match = tag.wholeMatch(of: #/([a-z][a-z0-9]*)((?: [A-Za-z][A-Za-z0-9-]*="[^"<>]*")*)\/?/#)
    else {
      errors.append("no start tag: <\(tag)>")
      return nil
    }
    let name = String(match.1)
    elements.append(name)
    var names: Set<String> = []
    for attribute in match.2.matches(of: #/ ([A-Za-z][A-Za-z0-9-]*)="([^"]*)"/#) {
      if !names.insert(String(attribute.1)).inserted { errors.append("\(attribute.1) comes twice") }
      attributes.append((name, String(attribute.1), resolved(attribute.2)))
    }
    return name
  }

  private mutating func note(text: Substring) {
    if text.contains(">") { errors.append("a bare > in \(text)") }
    texts.append(resolved(text))
  }

  /// A text with its entities resolved.
  private mutating func resolved(_ text: Substring) -> String {
    let entities = ["&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'", "&amp;": "&"]
    let known = text.replacing(#/&(?:lt|gt|quot|#39|amp);/#, with: "")
    if known.contains("&") { errors.append("a bare & in \(text)") }
    return String(text.replacing(#/&(?:lt|gt|quot|#39|amp);/#) { entities[String($0.0)] ?? "" })
  }
}
