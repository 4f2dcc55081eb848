import SpikeIR
import Testing
import Verification

/// What kinds of shortcuts there are.
@Suite struct ResidualTests {
  static func kinds(_ lines: String) throws -> [Residual.Kind] {
    let module = try Module(
      parsing: """
        snnir 1
        module @"case" {
        time_steps = 2
        input %x : timed real [2, 3]
        %a = lif %x {tau = 2.0, threshold = 1.0} from "a"
        %b = lif %x {tau = 2.0, threshold = 1.0} from "b"
        %c = lif %a {tau = 2.0, threshold = 1.0} from "c"
        \(lines)
        output %a
        }
        """)
    return module.verify(.spikeDriven).residuals.map(\.kind)
  }

  @Test func additionsAreNamedByWhatTheyAdd() throws {
    #expect(try Self.kinds("%1 = add %a, %c %2 = add %1, %c") == [.sew, .sew])
    #expect(try Self.kinds("%1 = add %x, %x") == [.membrane])
    #expect(try Self.kinds("%1 = add %a, %x") == [.mixed])
    #expect(
      try Self.kinds(
        "%1 = add %x, %x %2 = reshape %1 {shape = [1, 2, 3]} %3 = matmul %2, %2 "
          + "{transpose_lhs = false, transpose_rhs = true}") == [.real])
  }

  @Test func productsOfSpikesAreShortcutsWhereOneBranchIsDeeper() throws {
    #expect(try Self.kinds("%1 = mul %a, %c") == [.and])
    #expect(try Self.kinds("%1 = complement %c %2 = mul %a, %1") == [.iand])
    #expect(try Self.kinds("%1 = mul %a, %b") == [])
    #expect(try Self.kinds("%1 = sum %c {axis = 0} %2 = mul %a, %1") == [])
  }
}
