import Diagnostics
import IRTestSupport
import SpikeIR
import Testing

/// What the case files cannot say of the text form: printing, places and limits.
@Suite struct TextTests {
  /// A module with all kinds of lines, as it is printed.
  static let printed = """
    snnir 1

    module @"m\\x22\\x5C\\xC3\\xA9" {
      time_steps = 4
      meta "family" = "by \\x0A hand"
      weight @"w 2 9" : f32 [2, 9]
      weight @"bias" : f32 [3] = [1e-45, -0.0, 3.4028235e+38]
      input %input : real [1, 2]
      %1 = reshape %input {shape = [2]} : real [2]
      %2 = linear %1, @"w 2 9" : real [9] from "head", "head.\\xE2\\x80\\xAE"
      %3 = lif %2 {tau = 1.5, threshold = 1.0} : timed spike [9]
      %4 = scale %3 {factor = -0.125} : timed fixed<-1, 0, 2^-3> [9]
      output %4
    }

    """

  @Test func printedTextReadsBackAsItself() throws {
    let module = try Module(parsing: Self.printed, weights: CaseFile.weight)
    #expect(module.text == Self.printed)
    #expect("\(module)" == Self.printed)
    #expect(module.name == "m\"\\é")
    #expect(module.metadata("family") == "by \n hand")
    #expect(module.weights[1].data.floats.map(\.bitPattern) == [1, 0x8000_0000, 0x7F7F_FFFF])
    #expect(module.nodes[1].origins == ["head", "head.\u{202E}"])
  }

  /// The words of `text.md`, where the shortest digits change their form.
  @Test func realsArePrintedAsTheFormSays() throws {
    let weights = [
      "0.0001", "9e-05", "1.5e-05", "1e-45", "16777216.0", "1.6777218e+07", "1e+08", "-0.0",
    ]
    let factors = [
      "0.0001220703125", "6.103515625e-05", "9007199254740992.0", "1.8014398509481984e+16",
      "0.10000000149011612", "-0.0",
    ]
    let nodes = factors.enumerated().map { "%\($0) = scale %x {factor = \($1)}" }
    let text = """
      snnir 1 module @"m" { time_steps = 1
      weight @"w" : f32 [8] = [\(weights.joined(separator: ", "))]
      input %x : real [1] \(nodes.joined(separator: "\n")) output %x }
      """
    let module = try Module(parsing: text)
    let printed = module.text
    #expect(printed.contains("f32 [8] = [\(weights.joined(separator: ", "))]\n"))
    for factor in factors { #expect(printed.contains("{factor = \(factor)} : ")) }
    #expect(
      try Module(parsing: printed).weights[0].data.floats.map(\.bitPattern)
        == module.weights[0].data.floats.map(\.bitPattern))
  }

  @Test func attributesAtTheirDefaultAreNotPrinted() throws {
    let text = """
      snnir 1

      module @"m" {
        time_steps = 1
        weight @"w" : f32 [1, 1, 2, 2] = [1.0, 1.0, 1.0, 1.0]
        input %input : real [2, 1, 1]
        %1 = conv2d %input, @"w" {groups = 1, stride = [1, 1], padding = [0, 0]} : real [2, 1, 1]
        output %1
      }

      """
    let module = try Module(parsing: text)
    #expect(module.text == text.replacing("groups = 1, ", with: ""))
    #expect(try Module(parsing: module.text).nodes.map(\.op) == module.nodes.map(\.op))
  }

  @Test func everyPrefixIsAnErrorWithAPlace() throws {
    let text = Self.printed.dropLast(3)
    for end in text.indices {
      let error = try #require(throws: Diagnostic.self) {
        _ = try Module(parsing: String(text[..<end]), weights: CaseFile.weight)
      }
      #expect(error.line != nil, "\(error.message)")
    }
  }

  @Test(arguments: Array("\0 \"\\%@{}[]<>=:,^-/9.exé".unicodeScalars))
  func noReplacedByteTraps(_ replacement: Unicode.Scalar) throws {
    let scalars = Array(Self.printed.unicodeScalars)
    for index in scalars.indices {
      var changed = String.UnicodeScalarView(scalars[..<index])
      changed.append(replacement)
      changed.append(contentsOf: scalars[(index + 1)...])
      guard let module = try? Module(parsing: String(changed), weights: CaseFile.weight) else {
        continue
      }
      try module.verifyStructure()
    }
  }

  @Test func weightsThatAreNotFiniteArePrintedByName() throws {
    var builder = try ModuleBuilder(
      name: "m", timeSteps: 1, input: ValueType(.real, [1], timed: false))
    _ = try builder.add(Weight("a", [2], [1, .infinity]))
    let text = try builder.finish(output: .input).text
    #expect(text.contains("weight @\"a\" : f32 [2]\n"))
  }

  @Test func errorsNameFileLineAndColumn() throws {
    let text =
      "snnir 1\nmodule @\"m\" {\n  time_steps = 4\n  input %x : real [3]\n  %y = add %x, %z\n}"
    let error = try #require(throws: Diagnostic.self) {
      _ = try Module(parsing: text, file: "a.snnir")
    }
    #expect(error.id == "undefined-value")
    #expect(error.location.description == "a.snnir: 5:16")
    #expect(error.message == "'%z' is used before it is defined")
  }

  @Test func theSourceOfWeightsCanFail() throws {
    let text = "snnir 1 module @\"m\" { time_steps = 1 weight @\"w\" : f32 [1]"
    let error = try #require(throws: Diagnostic.self) {
      _ = try Module(parsing: text) { (_, _) throws(Diagnostic) in throw .error("damaged", "bad") }
    }
    #expect(error.id == "damaged")
    #expect(error.location.place == .text(line: 1, column: 45))
  }

  @Test func limitsHold() throws {
    func id(_ text: String) -> String? {
      do throws(Diagnostic) { _ = try Module(parsing: text) } catch { return error.id }
      return nil
    }
    let head = "snnir 1 module @\"m\" { time_steps = 1 "
    let long = String(repeating: "a", count: TextLimits.name + 1)
    #expect(id("snnir 1 module @\"\(long)\"") == "text-limit")
    #expect(id(head + long) == "text-limit")
    #expect(id(head + "input %\(long)") == "text-limit")
    #expect(id(head + String(repeating: "9", count: TextLimits.name + 1)) == "text-limit")
    let string = String(repeating: "a", count: TextLimits.string + 1)
    #expect(id(head + "meta \"\(string)\"") == "text-limit")
    let entries = (0...TextLimits.metadata).map { "meta \"\($0)\" = \"\" " }
    #expect(id(head + entries.joined()) == "text-limit")
    #expect(id(String(repeating: " ", count: TextLimits.bytes + 1)) == "text-limit")
  }
}
