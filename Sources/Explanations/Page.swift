/// A page of the specification.
struct Page {
  /// A part of a page under a heading.
  struct Section {
    /// The heading.
    let title: String
    /// What stands under it, to the next heading of its level or of a higher one.
    let text: String
  }

  private let lines: [Substring]

  /// Takes the bytes of an embedded page.
  ///
  /// Links become their words, since the pages that they lead to are not there.
  init(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    self.init(text: text.replacing(#/\[([^\[\]]+)\]\([^()\s]+\)/#) { $0.output.1 })
  }

  /// Takes a page, or a part of one.
  init(text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The parts whose headings have `level` number signs.
  func sections(atLevel level: Int) -> [Section] {
    var sections: [Section] = []
    var current: (title: String, lines: [Substring])?
    for line in lines {
      let depth = line.prefix { $0 == "#" }.count
      if depth > 0, depth <= level, line.dropFirst(depth).hasPrefix(" ") {
        if let current { sections.append(Section(current.title, current.lines)) }
        current = depth == level ? (String(line.dropFirst(depth + 1)), []) : nil
      } else {
        current?.lines.append(line)
      }
    }
    if let current { sections.append(Section(current.title, current.lines)) }
    return sections
  }
}

extension Page.Section {
  /// Joins lines, without the empty ones at both ends.
  fileprivate init(_ title: String, _ lines: [Substring]) {
    self.title = title
    let start = lines.firstIndex { !$0.isEmpty } ?? lines.endIndex
    let end = lines.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? start
    text = lines[start..<end].joined(separator: "\n")
  }

  /// The items `- C1: ...` of this part.
  var constraints: [(number: Int, text: String)] {
    var found: [(number: Int, text: String)] = []
    for line in text.split(separator: "\n") {
      if let item = line.wholeMatch(of: #/- C(\d+): (.*)/#), let number = Int(item.1) {
        found.append((number, String(item.2)))
      } else if !found.isEmpty {
        found[found.count - 1].text += " " + line.drop { $0 == " " }
      }
    }
    return found
  }

  /// The first block of code of this part, indented by four columns.
  var code: String {
    let blocks = text.split(separator: "```", omittingEmptySubsequences: false)
    guard blocks.count > 2 else { return "" }
    // Behind the fence stands the language.
    return blocks[1].split(separator: "\n", omittingEmptySubsequences: false)
      .dropFirst().dropLast()
      .map { $0.isEmpty ? "" : "    \($0)" }
      .joined(separator: "\n")
  }
}
