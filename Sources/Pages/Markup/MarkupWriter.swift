/// Writes markup as text.
struct MarkupWriter {
  /// What has been written.
  private(set) var text = ""

  /// Elements of HTML that have no end tag.
  private static let void: Set<String> = ["meta"]

  /// Elements of SVG, which end in their own tag where they are empty.
  private static let shapes: Set<String> = ["rect", "path", "line"]

  /// Writes a piece.
  mutating func write(_ markup: Markup) {
    switch markup {
    case .element(let element): write(element)
    case .text(let characters): writeEscaped(characters)
    case .styleSheet: text += StyleSheet.text
    }
  }

  private mutating func write(_ element: Element) {
    let name = element.name.description
    text += "<\(name)"
    for (name, value) in element.attributes {
      text += " \(name.description)=\""
      writeEscaped(value)
      text += "\""
    }
    if Self.shapes.contains(name), element.children.isEmpty {
      text += "/>"
      return
    }
    text += ">"
    guard !Self.void.contains(name) else { return }
    for child in element.children { write(child) }
    text += "</\(name)>"
  }

  /// Writes text so that it is no markup, and so that all of it can be seen.
  ///
  /// What a reader could not see or what could change how its neighbours look (control characters,
  /// marks of direction, unassigned code points) is written as `\xHH`, a byte of UTF-8 each.
  private mutating func writeEscaped(_ characters: String) {
    for scalar in characters.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      case " "..."~": text.unicodeScalars.append(scalar)
      default:
        if scalar.isVisible {
          text.unicodeScalars.append(scalar)
        } else {
          for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
            text += byte.hexadecimalEscape
          }
        }
      }
    }
  }
}

extension Markup {
  /// The text of this piece.
  package var text: String {
    var writer = MarkupWriter()
    writer.write(self)
    return writer.text
  }
}

extension Unicode.Scalar {
  /// Whether a reader sees this, and sees its neighbours as they are.
  fileprivate var isVisible: Bool {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      false
    default: true
    }
  }
}

extension UInt8 {
  /// This byte as `\xHH`.
  fileprivate var hexadecimalEscape: String {
    let digits = String(self, radix: 16, uppercase: true)
    return "\\x" + (digits.count < 2 ? "0" : "") + digits
  }
}
