/// The page's style sheet, `Style/page.css`.
enum StyleSheet {
  /// Its text.
  static let text = String(decoding: PackageResources.page_css, as: UTF8.self)
}
