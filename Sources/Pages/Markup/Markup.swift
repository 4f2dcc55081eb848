/// A piece of a page: an element or a text.
///
/// What comes from a file cannot become markup: the names of elements and attributes are static
/// strings, and every text and every attribute's value is escaped as it is written.
package enum Markup: Sendable {
  case element(Element)
  case text(String)
  /// The page's own style sheet, as it is.
  case styleSheet
}

/// An element of HTML or SVG.
package struct Element: Sendable {
  /// The name.
  package let name: StaticString
  /// The attributes, in order.
  package let attributes: [(name: StaticString, value: String)]
  /// What stands within.
  package let children: [Markup]

  /// Creates an element; attributes whose value is `nil` are left out.
  package init(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:],
    @MarkupBuilder _ children: () -> [Markup] = { [] }
  ) {
    self.name = name
    self.attributes = attributes.compactMap { name, value in value.map { (name, $0) } }
    self.children = children()
  }
}
