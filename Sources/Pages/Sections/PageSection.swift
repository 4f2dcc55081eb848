/// A section of the page, under a heading that the contents lead to.
struct PageSection {
  /// The anchor.
  let id: String
  /// The heading.
  let title: String
  /// What stands below it.
  let body: [Markup]

  /// Creates a section.
  init(_ id: String, _ title: String, @MarkupBuilder _ body: () -> [Markup]) {
    self.id = id
    self.title = title
    self.body = body()
  }

  /// The section.
  var element: Element {
    Element("section", ["id": id, "aria-labelledby": "\(id)-title"]) {
      Element("h2", ["id": "\(id)-title"]) { title }
      body
    }
  }
}

/// A part of the page that is folded until a reader opens it.
func folded(_ summary: String, @MarkupBuilder _ body: () -> [Markup]) -> Element {
  let body = body()
  return Element("details") {
    Element("summary") { summary }
    body
  }
}

/// A paragraph.
func paragraph(_ text: String) -> Element { Element("p") { text } }

/// A drawing with what stands above it.
func figure(_ title: String, _ words: String = "", @MarkupBuilder _ body: () -> [Markup]) -> Element
{
  let body = body()
  return Element("figure") {
    Element("figcaption") {
      Element("strong") { title }
      words.isEmpty ? "" : " \(words)"
    }
    body
  }
}

/// How something looks in a drawing.
enum Swatch {
  /// A rectangle of a class of the style sheet.
  case box(String)
  /// A line of a class of the style sheet.
  case line(String)

  /// A small piece of it.
  fileprivate var element: Element {
    switch self {
    case .box(let name):
      Element("rect", ["x": "1", "y": "1", "width": "24", "height": "12", "class": name])
    case .line(let name):
      Element("line", ["x1": "0", "y1": "7", "x2": "26", "y2": "7", "class": name])
    }
  }
}

/// What colours and signs stand for.
func legend(_ entries: [(swatch: Swatch, words: String)], _ label: String) -> Element {
  Element("ul", ["class": "legend", "aria-label": label]) {
    for (swatch, words) in entries {
      Element("li") {
        Element(
          "svg", ["width": "26", "height": "14", "viewBox": "0 0 26 14", "aria-hidden": "true"]
        ) { swatch.element }
        words
      }
    }
  }
}
