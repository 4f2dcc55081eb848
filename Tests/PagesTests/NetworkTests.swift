import Pages
import SpikeIR
import Testing
import Verification

/// How a network is divided and laid out.
@Suite struct NetworkTests {
  /// Two blocks of one form behind a stem of four short paths, and a head.
  static func module() throws -> Module {
    func block(_ n: Int, _ first: Int) -> String {
      let input = first - 1
      return """
        %\(first) = lif %\(input) {tau = 2.0, threshold = 1.0} from "block.\(n).lif"
        %\(first + 1) = linear %\(first), @"w" from "block.\(n).q"
        %\(first + 2) = lif %\(first + 1) {tau = 2.0, threshold = 1.0} from "block.\(n).q_lif"
        %\(first + 3) = linear %\(first), @"w" from "block.\(n).k"
        %\(first + 4) = lif %\(first + 3) {tau = 2.0, threshold = 1.0} from "block.\(n).k_lif"
        %\(first + 5) = reshape %\(first + 4) {shape = [2]} from "block.\(n)"
        %\(first + 6) = mul %\(first + 2), %\(first + 5) from "block.\(n)"
        %\(first + 7) = linear %\(first + 6), @"w" from "block.\(n).proj"
        %\(first + 8) = add %\(input), %\(first + 7) from "block.\(n)"

        """
    }
    return try Module(
      parsing: """
        snnir 1
        module @"blocks" {
        time_steps = 2
        weight @"w" : f32 [2, 2] = [1.0, 0.0, 0.0, 1.0]
        weight @"s" : f32 [2] = [1.0, 1.0]
        input %x : real [2]
        %1 = linear %x, @"w" from "conv1"
        %2 = affine %1, @"s", @"s" from "bn1"
        %3 = lif %2 {tau = 2.0, threshold = 1.0} from "sn1"
        %4 = linear %3, @"w" from "fc"
        \(block(0, 5))\(block(1, 14))%23 = mean_steps %22 from "head"
        output %23
        }
        """)
  }

  @Test func partsAreTheBlocksAndTheirNeighbours() throws {
    let parts = NetworkPart.parts(of: try Self.module())
    #expect(parts.map(\.name) == ["conv1 … fc", "block.0", "block.1", "head"])
    #expect(parts.map(\.nodes) == [0..<4, 4..<13, 13..<22, 22..<23])
  }

  @Test func partsOfOneFormAreAlikeWhateverTheirNames() throws {
    let module = try Self.module()
    let marks = Marks(module.verify(.spikeDriven))
    let forms = NetworkPart.parts(of: module).map { $0.form(in: module, marks) }
    #expect(forms[1] == forms[2])
    #expect(forms[0] != forms[1])
  }

  @Test func branchesStandSideBySideAndChainsBelowOneAnother() throws {
    let module = try Self.module()
    let layout = PartLayout(
      NetworkPart.parts(of: module)[1], of: module, Marks(module.verify(.spikeDriven)))
    #expect(layout.externals == [ValueID(4)])
    let expected: [[Int]] = [
      [0, 0], [1, 0], [2, 0], [3, 0], [2, 1], [3, 1], [4, 1], [5, 0], [6, 0], [7, 0],
    ]
    for (index, place) in expected.enumerated() {
      let value = ValueID(4 + index)
      #expect(layout.places[value] == PartLayout.Place(row: place[0], lane: place[1]), "\(value)")
    }
    // The spikes of q wait a row for those of k.
    #expect(layout.edges.first { $0.source == ValueID(7) }?.lanes == [0])
    #expect(layout.shortcuts.map(\.source) == [ValueID(4)])
    #expect(layout.shortcuts.map(\.target) == [ValueID(13)])
    #expect([layout.rowCount, layout.laneCount, layout.trackCount] == [8, 2, 1])
  }

  @Test func noTwoValuesShareAPlace() throws {
    for fixture in try Self.fixtures() {
      let marks = Marks(fixture.verify(.spikeDriven))
      for part in NetworkPart.parts(of: fixture) {
        let layout = PartLayout(part, of: fixture, marks)
        #expect(Set(layout.places.values).count == layout.places.count, "\(fixture.name)")
        #expect(layout.places.count == part.nodes.count + layout.externals.count)
        // Wires keep clear of boxes.
        let taken = Set(layout.places.values)
        for edge in layout.edges {
          let row = try #require(layout.places[edge.source]).row
          for (offset, lane) in edge.lanes.enumerated() {
            #expect(
              !taken.contains(PartLayout.Place(row: row + 1 + offset, lane: lane)),
              "\(fixture.name)")
          }
        }
        // Every read is drawn once.
        let reads = part.nodes.flatMap { fixture.nodes[$0].operands }
        #expect(layout.edges.count + layout.shortcuts.count == reads.count)
      }
    }
  }

  @Test func partsHoldEveryNodeOnce() throws {
    for fixture in try Self.fixtures() {
      let nodes = NetworkPart.parts(of: fixture).flatMap { Array($0.nodes) }
      #expect(nodes == Array(fixture.nodes.indices), "\(fixture.name)")
    }
  }

  @Test func residualsAreJoinedByShortcutsOrByBranchesOfOneLength() throws {
    for fixture in try Self.fixtures() {
      let marks = Marks(fixture.verify(.spikeDriven))
      var drawn: Set<ValueID> = []
      for part in NetworkPart.parts(of: fixture) {
        let layout = PartLayout(part, of: fixture, marks)
        let targets = Set(layout.shortcuts.map(\.target))
        #expect(targets.count == layout.shortcuts.count, "\(fixture.name)")
        drawn.formUnion(targets)
        for residual in marks.residuals.keys where part.contains(residual) {
          let row = try #require(layout.places[residual]).row
          let operands = try #require(fixture.definition(of: residual)).operands
          let above = operands.map { layout.places[$0]?.row }
          #expect(targets.contains(residual) != above.allSatisfy { $0 == row - 1 })
        }
      }
      #expect(drawn.isSubset(of: marks.residuals.keys), "\(fixture.name)")
    }
  }
}
