import Diagnostics
import NIR
import SpikeIR
import Testing

/// Modules that no graph of NIR computes.
@Suite struct RefusedModuleTests {
  /// Lines of a module, each with the op that cannot be carried.
  static let ops = [
    (
      "%1 = matmul %input, %input {transpose_lhs = true, transpose_rhs = false} : timed real [2, 3, 3]",
      "matmul"
    ),
    ("%1 = mul %input, %input : timed real [2, 3, 3]", "mul"),
    ("%1 = complement %input : timed real [2, 3, 3]", "complement"),
    ("%1 = sum %input {axis = 1} : timed real [2, 1, 3]", "sum"),
    ("%1 = reshape %input {shape = [3, 2, 3]} : timed real [3, 2, 3]", "reshape"),
    (
      "%1 = max_pool2d %input {kernel = [2, 2], stride = [1, 1], padding = [0, 0]} : timed real [2, 2, 2]",
      "max_pool2d"
    ),
    (
      "%0 = reshape %input {shape = [2, 9]} : timed real [2, 9]\n%1 = transpose %0 : timed real [9, 2]",
      "transpose"
    ),
    (
      "%0 = reshape %input {shape = [2, 9]} : timed real [2, 9]\n%1 = mean %0 : timed real [2]",
      "mean"
    ),
    (
      "%0 = reshape %input {shape = [18]} : timed real [18]\n%1 = affine %0, @\"s\", @\"t\" : timed real [18]",
      "affine"
    ),
  ]

  /// The error of a module of these lines.
  private func error(
    _ lines: String, limits: NIRLimits = .standard
  ) throws -> Diagnostic {
    let zeros = "[\([String](repeating: "0.0", count: 18).joined(separator: ", "))]"
    let module = try Module(
      parsing: """
        snnir 1
        module @"case" {
        time_steps = 2
        weight @"s" : f32 [18] = \(zeros)
        weight @"t" : f32 [18] = \(zeros)
        input %input : timed real [2, 3, 3]
        \(lines)
        output %1
        }
        """)
    return try #require(throws: Diagnostic.self) {
      try NIRExport(module, producer: "test", limits: limits)
    }
  }

  @Test(arguments: ops)
  func anOpThatHasNoNode(_ lines: String, _ mnemonic: String) throws {
    let error = try error(lines)
    #expect(error.id == "nir-op")
    #expect(error.message.hasPrefix("NIR cannot carry '\(mnemonic)': "))
    #expect(error.location.place != nil)
  }

  @Test("only what is linear may follow a mean over the time steps")
  func afterAMean() throws {
    let error = try error(
      """
      %0 = mean_steps %input : real [2, 3, 3]
      %1 = lif %0 {tau = 2.0, threshold = 1.0} : timed spike [2, 3, 3] from "n"
      """)
    #expect(error.id == "nir-mean-steps")
  }

  @Test("a mean over the time steps and what varies over them are not added")
  func meanAndSteps() throws {
    let error = try error(
      """
      %0 = mean_steps %input : real [2, 3, 3]
      %1 = add %0, %input : timed real [2, 3, 3] from "a"
      """)
    #expect(error.id == "nir-mean-steps")
  }

  /// Two nodes and the sum of both, which a third one reads: four terms, and four edges.
  static let sum = """
    %2 = scale %input {factor = 0.5} from "half"
    %3 = add %2, %input
    %1 = scale %3 {factor = 0.25} from "quarter"
    """

  @Test("a graph is no larger than what is read", arguments: ["nodes", "edges", "terms"])
  func sizes(_ size: String) throws {
    var limits = NIRLimits()
    switch size {
    case "nodes": limits.nodes = 3
    case "edges": limits.texts = 4
    default: limits.terms = 3
    }
    let error = try error(Self.sum, limits: limits)
    #expect(error.id == "nir-limit")
    #expect(error.message.contains(size))
  }

  @Test(arguments: [0, -1, .nan, .infinity, 1e-13, 1e13])
  func aStepHasALength(_ seconds: Double) {
    let error = #expect(throws: Diagnostic.self) { try NIRTimeStep(seconds) }
    #expect(error?.id == "nir-step")
  }
}
