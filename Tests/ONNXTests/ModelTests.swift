import Diagnostics
import IRTestSupport
import ONNX
import SpikeIR
import Testing

/// The file as a whole: what it says of itself, its names, its limits.
@Suite struct ModelTests {
  /// Names that a checkpoint may have.
  static let names = [
    "", "input", "output", "constant/1.0", "a/t0/Cast", "\u{0}", "a\u{0}b", "\n", "\\", "\u{202E}",
    "h\u{E9}llo", "../../etc/passwd", "%s%n", String(repeating: "a", count: 4096),
  ]

  /// A small module with `name` in every place.
  static func module(_ name: String) throws -> Module {
    var builder = try ModuleBuilder(
      name: name, timeSteps: 2, input: ValueType(.real, [2, 1, 1], timed: false))
    builder.setMetadata(name, name)
    let kernel = try builder.add(Weight(name, [1, 1, 2, 2], [1, 2, 3, 4]))
    let bias = try builder.add(Weight("\(name).bias", [2], [1, 2]))
    var x = try builder.conv2d(.input, kernel: kernel, bias: bias, from: name)
    x = try builder.lif(x, tau: 2, from: name)
    x = try builder.complement(x, from: name)
    x = try builder.complement(x, from: name)
    return try builder.finish(output: x)
  }

  @Test func theFileSaysWhatItIs() throws {
    let model = try Sample.decoded(Self.module("a module"))
    #expect(model.version == 8)
    #expect(model.operators == ["": 17])
    #expect(model.producer == ["snnc", "1.2.3"])
    #expect(model.documentation.contains("\"a module\": one sample, 2 time steps"))
    #expect(model.metadata == [["a module", "a module"]])
    #expect(model.graphName == "a module")
    #expect(model.inputs.map(\.name) == ["input"] && model.inputs[0].extents == [2, 1, 1])
    #expect(model.outputs.map(\.name) == ["output"] && model.outputs[0].extents == [2, 2, 1, 1])
  }

  @Test("names are printable, of their own, and defined before they are read", arguments: names)
  func namesHold(_ name: String) throws {
    let model = try Sample.decoded(Self.module(name), withSpikes: true)
    #expect(model.metadata == [[name, name]])
    #expect(model.inputs[0].name == "input" && model.outputs[0].name == "output")
    var defined = model.inputs.map(\.name) + model.initializers.map(\.name)
    for node in model.nodes {
      #expect(Set(node.inputs).isSubset(of: defined))
      defined += node.outputs
    }
    #expect(Set(defined).count == defined.count)
    #expect(Set(defined).isSuperset(of: (model.outputs + model.values).map(\.name)))
    #expect(Set(model.nodes.map(\.name)).count == model.nodes.count)
    for text in defined + model.nodes.map(\.name) + [model.graphName] {
      #expect(!text.isEmpty && text.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    }
  }

  @Test func hostileNamesChangeNothingElse() throws {
    let plain = try Sample.decoded(Self.module("plain")).nodes
    for name in Self.names {
      let nodes = try Sample.decoded(Self.module(name)).nodes
      #expect(nodes.map(\.op) == plain.map(\.op))
      #expect(nodes.map(\.attributes) == plain.map(\.attributes))
    }
  }

  @Test func theSameModuleGivesTheSameBytes() throws {
    for seed in 0..<20 as Range<UInt64> {
      let files = try (0..<2).map { _ in
        try ONNXModel(ModuleGenerator.module(seed: seed)).bytes(producer: "1")
      }
      #expect(files[0] == files[1])
    }
  }

  @Test func weightsThatNothingReadsAreLeftOut() throws {
    let model = try Sample.decoded(
      Sample.module(
        weights: #"  weight @"w 3" : f32 [3]"#, input: "real [3]",
        "%1 = scale %input {factor = 1.0} : real [3]"))
    #expect(model.initializers.map(\.name) == ["constant/[0]", "constant/1.0"])
  }

  @Test("one weight in two layouts is two constants, and in one it is one")
  func layouts() throws {
    var builder = try ModuleBuilder(
      name: "m", timeSteps: 2, input: ValueType(.real, [2, 1, 1], timed: true))
    let weight = try builder.add(Weight("w", [2], [1, 2]))
    var x = try builder.affine(.input, scale: weight, shift: weight, from: ["a"])
    x = try builder.reshape(x, [2], from: "r")
    x = try builder.affine(x, scale: weight, shift: weight, from: ["b"])
    let model = try Sample.decoded(builder.finish(output: x))
    #expect(model.initializers.map(\.extents) == [[2, 1, 1], [2], [2]])
    #expect(model.initializers.map(\.name) == ["w", "constant/[1, 2]", "w~2"])
  }

  @Test func moreThanProtobufHoldsIsRefused() throws {
    var builder = try ModuleBuilder(
      name: "m", timeSteps: 1, input: ValueType(.real, [1 << 15], timed: false))
    let weight = try builder.add(
      Weight("w", [1 << 15, 1 << 14], WeightData(count: 1 << 29)))
    let output = try builder.linear(.input, weight: weight, from: "head")
    let module = try builder.finish(output: output)
    let error = try #require(throws: Diagnostic.self) { try ONNXModel(module) }
    #expect(error.id == "onnx-too-large")
    #expect(error.message.hasSuffix("at most 2147483647 bytes, and this one has 2147483656"))
  }

  @Test func moreNodesThanCanBeUnrolledAreRefused() throws {
    var builder = try ModuleBuilder(
      name: "m", timeSteps: 4096, input: ValueType(.spike, [1], timed: true))
    var x = ValueID.input
    for _ in 0...256 { x = try builder.complement(x, from: "not") }
    let module = try builder.finish(output: x)
    let error = try #require(throws: Diagnostic.self) { try ONNXModel(module) }
    #expect(error.id == "onnx-too-large")
    #expect(error.message.hasSuffix("not 1052672"))
  }
}
