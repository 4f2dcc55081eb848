import SpikeIR
import Testing
import Verification

/// Which products are spike-driven, which are exempt, and which say no.
@Suite struct SpikeDrivenTests {
  /// The verdict on some lines of text.
  static func verdict(_ lines: String, strict: Bool = false) throws -> Verdict {
    let text = """
      snnir 1
      module @"case" {
      time_steps = 2
      weight @"w" : f32 [1, 1, 2, 2] = [1.0, 1.0, 1.0, 1.0]
      input %x : timed real [2, 1, 1]
      \(lines)
      }
      """
    return try Module(parsing: text).verify(.spikeDriven, strict: strict)
  }

  /// What is said of each product, in order.
  static func judgements(_ lines: String, strict: Bool = false) throws -> [String] {
    try verdict(lines, strict: strict).findings.map { finding in
      if finding.isViolation { return "violation" }
      return finding.exemption?.rawValue ?? "spike-driven"
    }
  }

  /// A convolution of `%operand`.
  static func conv(_ result: String, _ operand: String) -> String {
    "%\(result) = conv2d %\(operand), @\"w\" {stride = [1, 1], padding = [0, 0]} from \"\(result)\""
  }

  /// A layer of neurons on `%operand`.
  static func lif(_ result: String, _ operand: String) -> String {
    "%\(result) = lif %\(operand) {tau = 2.0, threshold = 1.0}"
  }

  /// An image's encoding, a layer of spikes, and the readout of a mean.
  static let network = """
    \(conv("encoding", "x"))
    \(lif("a", "encoding"))
    \(conv("middle", "a"))
    %mean = mean_steps %middle
    \(conv("head", "mean"))
    output %head
    """

  @Test func addingTheImageMakesNoEncoding() throws {
    let lines = """
      \(Self.conv("one", "x"))
      %a = add %one, %x
      \(Self.conv("two", "a"))
      %b = add %two, %x
      \(Self.conv("three", "b"))
      output %three
      """
    #expect(try Self.judgements(lines) == ["encoding", "violation", "readout"])
  }

  @Test func encodingAndReadoutAreExempt() throws {
    #expect(try Self.judgements(Self.network) == ["encoding", "spike-driven", "readout"])
    #expect(try Self.verdict(Self.network).holds)
  }

  @Test func nothingIsExemptInTheStrictReading() throws {
    #expect(
      try Self.judgements(Self.network, strict: true) == ["violation", "spike-driven", "violation"])
    let verdict = try Self.verdict(Self.network, strict: true)
    #expect(!verdict.holds && verdict.violations.map(\.origins) == [["encoding"], ["head"]])
  }

  @Test func addedSpikesAreNoSpikes() throws {
    let lines = """
      \(Self.conv("encoding", "x"))
      \(Self.lif("a", "encoding"))
      \(Self.lif("b", "x"))
      %sum = add %a, %b
      \(Self.conv("bad", "sum"))
      \(Self.lif("c", "bad"))
      output %c
      """
    let verdict = try Self.verdict(lines)
    #expect(try Self.judgements(lines) == ["encoding", "violation"])
    #expect(verdict.violations.map(\.origins) == [["bad"]])
    #expect(verdict.violations.first?.domains == [.count(2)])
    #expect(verdict.residuals.map(\.kind) == [.sew])
  }

  @Test func theMiddleOfARealNetworkIsNotExempt() throws {
    let lines = """
      \(Self.conv("a", "x"))
      \(Self.conv("b", "a"))
      \(Self.conv("c", "b"))
      output %c
      """
    #expect(try Self.judgements(lines) == ["encoding", "violation", "readout"])
  }

  @Test func poolingAndScalingTheImageIsStillTheImage() throws {
    let lines = """
      %half = scale %x {factor = 0.5}
      \(Self.conv("a", "half"))
      \(Self.lif("b", "a"))
      output %b
      """
    #expect(try Self.judgements(lines) == ["encoding", "encoding"])
  }

  @Test func membranesAfterANeuronAreNoReadoutWhereAnotherNeuronFollows() throws {
    let lines = """
      \(Self.lif("a", "x"))
      %half = scale %a {factor = 0.5}
      \(Self.conv("bad", "half"))
      \(Self.lif("b", "bad"))
      output %b
      """
    #expect(try Self.judgements(lines) == ["violation"])
  }

  @Test func oneOperandOfSpikesIsEnough() throws {
    let lines = """
      \(Self.lif("a", "x"))
      %counts = add %a, %a
      %good = matmul %a, %counts {transpose_lhs = false, transpose_rhs = false}
      %bad = matmul %counts, %counts {transpose_lhs = false, transpose_rhs = false}
      %end = add %good, %bad
      \(Self.lif("b", "end"))
      output %b
      """
    #expect(try Self.judgements(lines) == ["spike-driven", "violation"])
  }

  @Test func masksOfSpikesAreSpikeDrivenAndTheirComplementsStaySpikes() throws {
    let lines = """
      \(Self.lif("a", "x"))
      %sum = sum %a {axis = 0}
      %good = mul %a, %sum
      %bad = mul %good, %sum
      %if = if %bad {threshold = 1.0}
      %plif = plif %if {inverse_tau = 0.5, threshold = 1.0}
      %masked = mul %if, %plif
      %not = complement %masked
      \(Self.conv("last", "not"))
      output %last
      """
    #expect(
      try Self.judgements(lines) == ["spike-driven", "violation", "spike-driven", "spike-driven"])
    #expect(
      try Self.verdict(lines).findings.map(\.mnemonic) == ["mul", "mul", "mul", "conv2d"])
  }

  @Test func membraneShortcutsAddReals() throws {
    let lines = """
      \(Self.lif("a", "x"))
      \(Self.conv("b", "a"))
      %membranes = add %x, %b
      %mixed = add %a, %b
      %spikes = add %a, %a
      output %membranes
      """
    #expect(try Self.verdict(lines).residuals.map(\.kind) == [.membrane, .mixed, .sew])
  }
}
