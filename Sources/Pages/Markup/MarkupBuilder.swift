/// Lets the children of an element be written one after another, with `if` and `for` among them.
@resultBuilder package enum MarkupBuilder {
  package static func buildExpression(_ element: Element) -> [Markup] { [.element(element)] }

  package static func buildExpression(_ element: Element?) -> [Markup] {
    element.map { [.element($0)] } ?? []
  }

  package static func buildExpression(_ text: String) -> [Markup] { [.text(text)] }

  package static func buildExpression(_ markup: Markup) -> [Markup] { [markup] }

  package static func buildExpression(_ markup: [Markup]) -> [Markup] { markup }

  package static func buildBlock(_ parts: [Markup]...) -> [Markup] { parts.flatMap { $0 } }

  package static func buildOptional(_ part: [Markup]?) -> [Markup] { part ?? [] }

  package static func buildEither(first part: [Markup]) -> [Markup] { part }

  package static func buildEither(second part: [Markup]) -> [Markup] { part }

  package static func buildArray(_ parts: [[Markup]]) -> [Markup] { parts.flatMap { $0 } }
}
