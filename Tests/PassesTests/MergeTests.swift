import Diagnostics
import IRTestSupport
import Interpreter
import Passes
import SpikeIR
import Testing

/// Which convolutions are chains, and that one stands for them.
@Suite struct MergeTests {
  /// A module of some lines behind an input of four channels.
  static func module(_ lines: String) throws -> Module {
    try Module(
      parsing: """
        snnir 1
        module @"case" {
        time_steps = 2
        weight @"w 1 1 4 4" : f32 [1, 1, 4, 4]
        weight @"w 1 1 1 4" : f32 [1, 1, 1, 4]
        weight @"w 3 3 1 4" : f32 [3, 3, 1, 4]
        weight @"w 3 3 4 4" : f32 [3, 3, 4, 4]
        weight @"w 4" : f32 [4]
        input %x : timed spike [4, 5, 5]
        \(lines)
        }
        """, weights: CaseFile.weight)
  }

  /// A convolution of one position.
  static func pointwise(
    _ result: Int, _ operand: String, bias: Bool = false, stride: Int = 1, padding: Int = 0
  ) -> String {
    "%\(result) = conv2d %\(operand), @\"w 1 1 4 4\"\(bias ? ", @\"w 4\"" : "") "
      + "{stride = [\(stride), 1], padding = [\(padding), \(padding)]}"
  }

  /// A depthwise convolution.
  static func depthwise(_ result: Int, _ operand: String, padding: Int = 0) -> String {
    "%\(result) = conv2d %\(operand), @\"w 3 3 1 4\" "
      + "{stride = [2, 1], padding = [\(padding), \(padding)], groups = 4}"
  }

  /// An `affine`.
  static func norm(_ result: Int, _ operand: String) -> String {
    "%\(result) = affine %\(operand), @\"w 4\", @\"w 4\""
  }

  // MARK: - Chains

  @Test func chainsSayWhatTheyAre() throws {
    let module = try Self.module(
      """
      \(Self.norm(1, "x"))
      \(Self.pointwise(2, "1", padding: 1))
      \(Self.norm(3, "2"))
      \(Self.depthwise(4, "3"))
      \(Self.pointwise(5, "4", bias: true))
      \(Self.norm(6, "5"))
      %7 = lif %6 {tau = 2.0, threshold = 1.0}
      \(Self.depthwise(8, "7", padding: 1))
      \(Self.pointwise(9, "8"))
      output %9
      """)
    let chains = module.convChains
    #expect(
      chains.map { $0.values.map(\.description) } == [["%2", "%3", "%4", "%5"], ["%8", "%9"]])
    #expect(chains.map(\.input.description) == ["%1", "%7"])
    #expect(chains.map(\.output.description) == ["%5", "%9"])
    #expect(chains.map(\.kernel) == [[3, 3], [3, 3]])
    #expect(
      chains.map(\.window) == [
        Window(stride: [2, 1], padding: [1, 1]), Window(stride: [2, 1], padding: [1, 1]),
      ])
    #expect(chains.map(\.hasConstant) == [true, false])
  }

  /// Lines that hold no chain, each for a reason of its own.
  static let loners = [
    "a second reader": """
    \(pointwise(1, "x"))
    \(pointwise(2, "1"))
    %3 = add %1, %2
    output %3
    """,
    "the output in the middle": """
    \(pointwise(1, "x"))
    \(pointwise(2, "1"))
    output %1
    """,
    "neurons between": """
    \(pointwise(1, "x"))
    %2 = lif %1 {tau = 2.0, threshold = 1.0}
    \(pointwise(3, "2"))
    output %3
    """,
    "padding behind a bias": """
    \(pointwise(1, "x", bias: true))
    \(depthwise(2, "1", padding: 1))
    output %2
    """,
    "padding behind a norm": """
    \(pointwise(1, "x"))
    \(norm(2, "1"))
    \(depthwise(3, "2", padding: 1))
    output %3
    """,
    "padding behind padding": """
    \(pointwise(1, "x", padding: 1))
    \(depthwise(2, "1", padding: 1))
    output %2
    """,
    "padding of one position": """
    \(depthwise(1, "x"))
    \(pointwise(2, "1", padding: 1))
    output %2
    """,
    "two windows": """
    \(depthwise(1, "x", padding: 1))
    \(depthwise(2, "1"))
    output %2
    """,
    "a stride behind a window": """
    \(depthwise(1, "x"))
    \(pointwise(2, "1", stride: 2))
    output %2
    """,
    "a window behind a stride": """
    \(pointwise(1, "x", stride: 2))
    \(depthwise(2, "1"))
    output %2
    """,
  ]

  @Test(arguments: loners.keys.sorted())
  func othersStayAsTheyAre(_ reason: String) throws {
    let module = try Self.module(#require(Self.loners[reason]))
    #expect(module.convChains.isEmpty)
    let merged = try Pipeline(parsing: "merge-conv-chains").run(on: module)
    #expect(merged.nodes.map(\.op) == module.nodes.map(\.op))
  }

  @Test func aStrideBehindOnePositionIsTheChains() throws {
    let module = try Self.module(
      """
      \(Self.pointwise(1, "x", bias: true, padding: 1))
      \(Self.pointwise(2, "1", stride: 2))
      output %2
      """)
    #expect(module.convChains.map(\.window) == [Window(stride: [2, 1], padding: [1, 1])])
  }

  @Test func aChainEndsWhereTheNextCannotFollowAndAnotherStartsThere() throws {
    let module = try Self.module(
      """
      \(Self.depthwise(1, "x", padding: 1))
      \(Self.pointwise(2, "1"))
      \(Self.depthwise(3, "2"))
      \(Self.pointwise(4, "3"))
      output %4
      """)
    #expect(
      module.convChains.map { $0.values.map(\.description) } == [["%1", "%2"], ["%3", "%4"]])
  }

  // MARK: - Results

  @Test(
    arguments: [
      "merge-conv-chains", "fold-batch-norm,merge-conv-chains", "merge-conv-chains,fold-batch-norm",
      "fold-batch-norm-into-weights,merge-conv-chains",
      "merge-conv-chains,fold-batch-norm-into-weights",
    ])
  func mergedChainsDifferByRoundingOnly(_ passes: String) throws {
    let pipeline = try Pipeline(parsing: passes)
    var merged = 0
    for seed in 0..<1000 as Range<UInt64> {
      guard let before = try ModuleGenerator.convolutions(seed: seed) else { continue }
      let after = try pipeline.run(on: before)
      #expect(after.convChains.isEmpty, "seed \(seed)")
      let (old, new) = (try Outcome(before, seed: seed), try Outcome(after, seed: seed))
      let size = old.output.map(abs).max() ?? 1
      for (x, y) in zip(old.output, new.output) {
        #expect(abs(x - y) <= 2e-5 * max(1, size), "seed \(seed)")
      }
      #expect(new.output.count == old.output.count)
      if !before.convChains.isEmpty { merged += 1 }
    }
    #expect(merged > 100)
  }

  @Test func mergedHeadsDifferByRoundingOnly() throws {
    var merged = 0
    for seed in 0..<1000 as Range<UInt64> {
      let before = try ModuleGenerator.module(seed: seed)
      let after = try Pipeline(parsing: "merge-heads").run(on: before)
      guard after.nodes.map(\.op) != before.nodes.map(\.op), before.neurons.isEmpty else {
        continue
      }
      let (old, new) = (try Outcome(before, seed: seed), try Outcome(after, seed: seed))
      let size = old.output.map(abs).max() ?? 1
      for (x, y) in zip(old.output, new.output) {
        #expect(abs(x - y) <= 2e-5 * max(1, size), "seed \(seed)")
      }
      merged += 1
    }
    #expect(merged > 5)
  }

  @Test func headsThatOverflowAreRefused() throws {
    let module = try Module(
      parsing: """
        snnir 1
        module @"large" {
        time_steps = 1
        weight @"w" : f32 [1, 1] = [1e30]
        input %x : real [1]
        %1 = linear %x, @"w" from "a"
        %2 = linear %x, @"w" from "b"
        %3 = add %1, %2
        %4 = scale %3 {factor = 1073741824.0}
        output %4
        }
        """)
    let error = #expect(throws: Diagnostic.self) {
      try Pipeline(parsing: "merge-heads").run(on: module)
    }
    #expect(error?.id == "merge-not-finite")
  }

  @Test func kernelsThatOverflowAreRefused() throws {
    let module = try Module(
      parsing: """
        snnir 1
        module @"large" {
        time_steps = 1
        weight @"w" : f32 [1, 1, 1, 1] = [1e30]
        input %x : real [1, 1, 1]
        %1 = conv2d %x, @"w" {stride = [1, 1], padding = [0, 0]} from "a"
        %2 = conv2d %1, @"w" {stride = [1, 1], padding = [0, 0]} from "b"
        output %2
        }
        """)
    let error = #expect(throws: Diagnostic.self) {
      try Pipeline(parsing: "merge-conv-chains").run(on: module)
    }
    #expect(error?.id == "merge-not-finite")
  }

  // MARK: - Shapes alone

  /// What is known of a module without a number of its weights.
  struct Outline: Equatable {
    let nodes: [String]
    let weights: [String]

    init(_ module: Module) {
      nodes = module.nodes.map {
        "\($0.op) \($0.operands) \($0.weights) \($0.type) \($0.origins)"
      }
      weights = module.weights.map { "\($0.name) \($0.shape)" }
    }
  }

  @Test(arguments: Pass.all.map(\.name))
  func passesDoTheSameOnAbsentWeights(_ name: String) throws {
    let pipeline = try Pipeline(parsing: name)
    for seed in 0..<300 as Range<UInt64> {
      let module = try ModuleGenerator.module(seed: seed)
      let absent = try pipeline.run(on: module.withoutNumbers())
      #expect(try Outline(absent) == Outline(pipeline.run(on: module)), "seed \(seed)")
      for weight in absent.weights {
        // What a norm of absent numbers becomes is 1 and 0; nothing else is made up.
        #expect(
          weight.data.isAbsent || weight.name.hasSuffix(".scale")
            || weight.name.hasSuffix(".shift") || weight.name.contains(".folded.bias"))
      }
    }
  }
}

extension Module {
  /// This module with weights of which only the shapes are known.
  fileprivate func withoutNumbers() throws -> Module {
    var builder = ModuleBuilder(like: self)
    for weight in weights {
      _ = try builder.add(
        Weight(weight.name, weight.shape, WeightData(absent: weight.shape.count)))
    }
    for (_, node) in definitions {
      _ = try builder.append(node.op, node.operands, weights: node.weights, from: node.origins)
    }
    return try builder.finish(output: output)
  }
}
