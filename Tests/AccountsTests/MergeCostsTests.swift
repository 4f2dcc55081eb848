import Accounts
import IRTestSupport
import SpikeIR
import Testing

/// What merging costs and saves, counted by hand for a RepConv of 4 channels on 6 x 5.
@Suite struct MergeCostsTests {
  static let text = """
    snnir 1
    module @"rep" {
      time_steps = 2
      weight @"a" : f32 [1, 1, 4, 4]
      weight @"v" : f32 [4]
      weight @"d" : f32 [3, 3, 1, 4]
      weight @"p" : f32 [1, 1, 4, 8]
      input %input : real [4, 6, 5]
      %1 = lif %input {tau = 2.0, threshold = 1.0} from "block.lif"
      %2 = conv2d %1, @"a" {stride = [1, 1], padding = [1, 1]} from "block.rep.0"
      %3 = batch_norm %2, @"v", @"v", @"v", @"v" {epsilon = 1e-05} from "block.rep.1.bn"
      %4 = conv2d %3, @"d" {stride = [1, 1], padding = [0, 0], groups = 4} from "block.rep.2.0"
      %5 = conv2d %4, @"p" {stride = [1, 1], padding = [0, 0]} from "block.rep.2.1"
      output %5
    }
    """

  static func costs(rates: [String: Double] = [:]) throws -> MergeCosts {
    let module = try Module(parsing: text) { name, shape in
      Weight(name, shape, WeightData(absent: shape.count))
    }
    return MergeCosts(of: module, rates: rates)
  }

  @Test func operationsAndParametersAreCounted() throws {
    let row = try #require(Self.costs().rows.first)
    #expect(row.name == "block.rep" && row.kernel == [3, 3])
    // 4 x 4, four of 4, 9 x 4 and 4 x 8; merged 9 x 4 x 8 and a bias of 8.
    #expect(row.parameters == (16 + 16 + 36 + 32, 288 + 8))
    // The border that padding adds to the first map meets no spike.
    #expect(row.operations == (30 * 16, 30 * 288))
    #expect(row.multiplications == 30 * (36 + 32))
    #expect(row.energies == nil)
  }

  @Test func theEnergiesMeetAtThePayingRate() throws {
    let rate = try #require(Self.costs().rows[0].payingRate)
    let energies = try #require(Self.costs(rates: ["block.lif": rate]).rows[0].energies)
    #expect(abs(energies.chain - energies.merged) < 1e-6)
    let lower = try #require(Self.costs(rates: ["block.lif": rate / 2]).rows[0].energies)
    #expect(lower.merged < lower.chain)
  }

  @Test func aModuleWithoutChainsHasNoRows() throws {
    let module = try Module(
      parsing: """
        snnir 1
        module @"none" {
          time_steps = 1
          input %x : real [2]
          output %x
        }
        """)
    #expect(MergeCosts(of: module).rows.isEmpty)
  }
}
