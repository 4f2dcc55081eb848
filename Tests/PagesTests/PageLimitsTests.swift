import Diagnostics
import Pages
import SpikeIR
import Testing

/// How large a module may be that a page shows.
@Suite struct PageLimitsTests {
  /// A chain of nodes.
  static func chain(_ count: Int) throws -> Module {
    let nodes = (1...count).map { "%\($0) = scale %\($0 - 1) {factor = 0.5}" }
    return try Module(
      parsing: """
        snnir 1
        module @"chain" {
        time_steps = 1
        input %0 : real [1]
        \(nodes.joined(separator: "\n"))
        output %\(count)
        }
        """)
  }

  @Test func aModuleHasAsManyNodesAsAPageShows() throws {
    try PageLimits.check(Self.chain(PageLimits.nodes))
    let module = try Self.chain(PageLimits.nodes + 1)
    let error = try #require(throws: Diagnostic.self) { try PageLimits.check(module) }
    #expect(error.id == "page-limit")
    #expect(error.status == .badData)
    #expect(
      error.message == "a page shows a module of at most 4096 nodes, and this one has 4097")
  }
}
