import Reports

/// An SVG within a page: shapes on a plane of pixels, with a name for those who do not see it.
package struct Drawing: Sendable {
  /// The width in pixels, at least that of every text that starts or is centred in it.
  package private(set) var width: Int
  /// The height in pixels.
  package let height: Int
  /// What it shows, in a sentence.
  package let title: String
  /// The shapes, later ones on top of earlier ones.
  package private(set) var shapes: [Markup] = []

  /// Creates an empty drawing.
  init(width: Int, height: Int, title: String) {
    self.width = width
    self.height = height
    self.title = title
  }

  /// Adds a shape.
  mutating func add(_ element: Element) { shapes.append(.element(element)) }

  /// Adds a rectangle.
  ///
  /// - Parameter tip: what is shown of it on demand.
  mutating func addRectangle(
    _ frame: Frame, class name: String, opacity: Double? = nil, tip: String? = nil
  ) {
    add(
      Element(
        "rect",
        [
          "x": "\(frame.x)", "y": "\(frame.y)", "width": "\(frame.width)",
          "height": "\(frame.height)", "class": name,
          "fill-opacity": opacity.map { fixedPoint($0, digits: 2) },
        ]
      ) { if let tip { Element("title") { tip } } })
  }

  /// The pixels that a small text takes: it is monospaced, so that this can be known.
  static func room(for text: String) -> Int { (text.count * 61 + 9) / 10 }

  /// Adds a line of text.
  mutating func addText(
    _ text: String, x: Int, y: Int, class name: String? = nil, anchor: TextAnchor = .start
  ) {
    switch anchor {
    case .start: width = max(width, x + Self.room(for: text))
    case .middle: width = max(width, x + Self.room(for: text) / 2)
    case .end: break
    }
    add(
      Element("text", ["x": "\(x)", "y": "\(y)", "class": name, "text-anchor": anchor.attribute]) {
        text
      })
  }

  /// Adds a line from one point to another.
  mutating func addLine(_ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int, class name: String) {
    add(
      Element(
        "line", ["x1": "\(x1)", "y1": "\(y1)", "x2": "\(x2)", "y2": "\(y2)", "class": name]))
  }

  /// The whole SVG, in its size.
  package var element: Element {
    Element(
      "svg",
      [
        "width": "\(width)", "height": "\(height)", "viewBox": "0 0 \(width) \(height)",
        "role": "img", "aria-label": title,
      ]
    ) { shapes }
  }

  /// The SVG in a box of its own, which scrolls where the page is narrower.
  var scrolling: Element {
    Element("div", ["class": "scroll", "tabindex": "0", "role": "group", "aria-label": title]) {
      element
    }
  }
}

/// A rectangle in pixels.
struct Frame: Hashable, Sendable {
  /// The left edge.
  var x: Int
  /// The upper edge.
  var y: Int
  /// The extent to the right.
  var width: Int
  /// The extent downwards.
  var height: Int
}

/// Which end of a text its place is.
enum TextAnchor: Sendable {
  case start, middle, end

  /// The attribute's value; `nil` for what is so without it.
  fileprivate var attribute: String? {
    switch self {
    case .start: nil
    case .middle: "middle"
    case .end: "end"
    }
  }
}
