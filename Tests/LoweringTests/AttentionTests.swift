import Engine
import IRTestSupport
import Lowering
import SpikeIR
import Testing

/// The two products of an attention of spikes become one call, and only they.
@Suite struct AttentionTests {
  /// Three layers of neurons and `lines` that multiply them, `[heads, width, tokens]`.
  static func attention(_ lines: String, heads: Shape = [2, 3, 5]) -> String {
    let channels = heads[0] * heads[1]
    return """
      time_steps = 2
      input %x : timed real [\(channels), 1, \(heads[2])]
      %q = lif %x {tau = 1.0, threshold = 0.25} from "q"
      %k = lif %x {tau = 1.5, threshold = 0.25} from "k"
      %v = lif %x {tau = 3.0, threshold = 0.125} from "v"
      %1 = reshape %q {shape = \(heads)}
      %2 = reshape %k {shape = \(heads)}
      %3 = reshape %v {shape = \(heads)}
      \(lines)
      """
  }

  static let keysFirst = """
    %4 = matmul %2, %3 {transpose_lhs = false, transpose_rhs = true}
    %5 = matmul %4, %1 {transpose_lhs = true, transpose_rhs = false}
    """

  static let queriesFirst = """
    %4 = matmul %1, %2 {transpose_lhs = true, transpose_rhs = false}
    %5 = matmul %3, %4 {transpose_lhs = false, transpose_rhs = true}
    """

  static let neurons = """
    %6 = scale %5 {factor = 0.125}
    %7 = reshape %6 {shape = [6, 1, 5]}
    %8 = lif %7 {tau = 2.0, threshold = 0.5} from "attn"
    """

  /// The calls behind the three layers of neurons.
  static func calls(_ lines: String, heads: Shape = [2, 3, 5]) throws -> [String] {
    let calls = try FusionTests.calls(attention(lines, heads: heads))
    #expect(calls.prefix(3) == ["neuron", "neuron", "neuron"])
    return Array(calls.dropFirst(3))
  }

  @Test(arguments: [keysFirst, queriesFirst])
  func bothOrdersAreOneCall(_ products: String) throws {
    #expect(
      try Self.calls("\(products)\n\(Self.neurons)\noutput %8")
        == ["attention", "unpack", "transpose"])
    #expect(try Self.calls("\(products)\noutput %5") == ["attention", "transpose"])
  }

  @Test(arguments: [keysFirst, queriesFirst])
  func sumsThatOthersReadAreStored(_ products: String) throws {
    let lines = "\(products)\n\(Self.neurons)\n%9 = add %7, %8\noutput %9"
    #expect(try Self.calls(lines) == ["attention", "unpack", "add", "transpose"])
  }

  @Test func aScaleThatOthersReadEndsTheCall() throws {
    let lines = "\(Self.keysFirst)\n\(Self.neurons)\n%9 = scale %5 {factor = 3.0}\noutput %9"
    #expect(try Self.calls(lines) == ["attention", "scale", "neuron", "scale", "transpose"])
  }

  @Test(
    arguments: [
      // Transposed in no way of attention.
      """
      %4 = matmul %1, %2 {transpose_lhs = true, transpose_rhs = false}
      %5 = matmul %3, %4 {transpose_lhs = false, transpose_rhs = false}
      """,
      // The inner product has another reader.
      """
      %4 = matmul %1, %2 {transpose_lhs = true, transpose_rhs = false}
      %0 = scale %4 {factor = 0.5}
      %5 = matmul %3, %4 {transpose_lhs = false, transpose_rhs = true}
      """,
      // The values are no spikes.
      """
      %0 = add %3, %3
      %4 = matmul %1, %2 {transpose_lhs = true, transpose_rhs = false}
      %5 = matmul %0, %4 {transpose_lhs = false, transpose_rhs = true}
      """,
      // The values are computed after the inner product.
      """
      %4 = matmul %1, %2 {transpose_lhs = true, transpose_rhs = false}
      %0 = lif %1 {tau = 2.0, threshold = 0.5} from "late"
      %5 = matmul %0, %4 {transpose_lhs = false, transpose_rhs = true}
      """,
    ])
  func whatIsNoAttentionIsMultiplied(_ products: String) throws {
    let calls = try Self.calls("\(products)\noutput %5")
    #expect(calls.count { $0 == "matmul" } == 2 && !calls.contains("attention"))
  }

  @Test(arguments: [Shape([1, 65, 3]), [3, 1, 5], [2, 16, 1], [5, 17, 2], [1, 1, 70]])
  func oddExtentsRun(_ heads: Shape) throws {
    for products in [Self.keysFirst, Self.queriesFirst] {
      #expect(try Self.calls("\(products)\noutput %5", heads: heads).first == "attention")
    }
  }
}
