public import Diagnostics
public import SpikeIR

/// The most that a page shows; each node has a shape, a bar, a table's row and a tooltip on it.
public enum PageLimits {
  /// The nodes of a module, which make a page of 7 MB; the largest published model has 300.
  public static let nodes = 4096

  /// Checks that `module` is small enough for a page.
  ///
  /// - Throws: `page-limit`.
  public static func check(_ module: Module) throws(Diagnostic) {
    guard module.nodes.count <= nodes else { throw .pageLimit(module.nodes.count) }
  }
}

extension Diagnostic {
  fileprivate static func pageLimit(_ count: Int) -> Diagnostic {
    .error(
      "page-limit",
      "a page shows a module of at most \(PageLimits.nodes) nodes, and this one has \(count)",
      notes: ["--json and --csv have the same numbers for a module of any size"])
  }
}
