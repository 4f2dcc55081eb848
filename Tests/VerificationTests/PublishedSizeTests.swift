import Families
import Passes
import SpikeIR
import Testing
import Verification

/// What published sizes come to, from their shapes alone.
@Suite struct PublishedSizeTests {
  /// The module of a published size, as an import gives it.
  static func module(_ preset: String) throws -> Module {
    for family in Families.all {
      guard let found = family.presets.first(where: { $0.name == preset }) else { continue }
      return try Pipeline.standard.run(on: family.outline(of: found).module)
    }
    throw UnknownPreset(name: preset)
  }

  struct UnknownPreset: Error { let name: String }

  @Test func spikformerOfEightBlocksEndsAtSeventeen() throws {
    let module = try Self.module("spikformer-8-384")
    let verdict = module.verify(.spikeDriven)
    #expect(!verdict.holds)
    let last = try #require(verdict.residuals.last)
    #expect(last.result == .count(18) && last.domains == [.count(17), .spike])
    #expect(verdict.violations.last?.domains == [.count(17)])
    #expect(verdict.violations.last?.origins == ["block.7.mlp.fc1_conv"])
    #expect(module.remedies(for: verdict) == [.unrollIntegers(17)])
    #expect(module.verify(.integer(17)).holds && !module.verify(.integer(16)).holds)
    let operand = try #require(verdict.violations.last?.operands[0])
    let way = Derivations(of: module).steps(to: operand)
    #expect(way.first.map(\.result) == (2...4).map(Domain.count))
    #expect(way.last.map(\.result) == (15...17).map(Domain.count))
    #expect(way.omitted == 16 - 6)
    #expect(way.first.first?.origins == ["patch_embed"])
    #expect(way.last.last?.origins == ["block.7.attn"])
  }

  @Test(arguments: Families.all.flatMap { $0.presets.map(\.name) })
  func familiesAreAsTheyAreKnown(_ name: String) throws {
    let module = try Self.module(name)
    let verdict = module.verify(.spikeDriven)
    let addsSpikes = ["spikformer", "cml-spikformer", "qkformer", "sew"].contains {
      name.hasPrefix($0)
    }
    #expect(verdict.holds == !(addsSpikes || name.hasPrefix("meta")), "\(name)")
    #expect(verdict.residuals.allSatisfy { $0.kind == (addsSpikes ? .sew : .membrane) })
    let strict = module.verify(.spikeDriven, strict: true)
    #expect(strict.violations.count == verdict.findings.count { $0.rule != nil })
  }
}
