import Diagnostics
import IRTestSupport
import NIR
import SpikeIR
import Testing

/// What is written and read again computes the same bits, or what is lost is said.
@Suite struct RoundTripTests {
  @Test("random modules are refused by an op, or come back with every number", arguments: 0..<8)
  func randomModules(_ part: Int) throws {
    var carried = 0
    for seed in UInt64(part * 120)..<UInt64(part * 120 + 120) {
      let module = try ModuleGenerator.module(seed: seed)
      let firing: NIRFiring = seed % 2 == 0 ? .above : .at
      do {
        let export = try NIRExport(
          module, producer: "test", step: try NIRTimeStep([1e-4, 1, 3e-3][Int(seed % 3)]),
          firing: firing)
        guard !export.losses.contains(where: { $0.contains("mean over") || $0.contains("plif") })
        else { continue }
        let copy = try Stored.imported(export.bytes()) { $0 = options(module) }.module
        try expectSame(module, as: copy)
        try expectSame(copy, as: again(copy))
        carried += 1
      } catch let error as Diagnostic {
        #expect(["nir-op", "nir-mean-steps"].contains(error.id), "seed \(seed): \(error)")
      }
    }
    #expect(carried > 0)
  }

  @Test("networks of what NIR carries come back with every number", arguments: 0..<4)
  func networks(_ part: Int) throws {
    for seed in UInt64(part * 20)..<UInt64(part * 20 + 20) {
      let module = try NetworkGenerator.module(seed: seed)
      let export = try NIRExport(module, producer: "test", firing: seed % 2 == 0 ? .above : .at)
      let copy = try Stored.imported(export.bytes()) { $0 = options(module) }.module
      try expectSame(module, as: copy)
      try expectSame(copy, as: again(copy))
    }
  }

  /// What comes back of a module that was imported.
  private func again(_ module: Module) throws -> Module {
    let export = try NIRExport(module, producer: "test")
    return try Stored.imported(export.bytes()) { $0 = options(module) }.module
  }

  /// Checks that what was imported is written again, and comes back with the same nodes.
  private func expectSettled(_ module: Module) throws {
    let copy = try again(module)
    /// What the module says but for its metadata, which say who decided what.
    func lines(_ module: Module) -> [Substring] {
      module.text.split(separator: "\n").filter { !$0.contains("meta ") }
    }
    #expect(lines(copy) == lines(module))
    #expect(copy.weights.map(\.data.floats) == module.weights.map(\.data.floats))
  }

  @Test(
    "what other programs wrote is written again, and comes back with the same nodes",
    arguments: ["perceptron", "nested", "residual", "convolutions", "snntorch-export"])
  func foreign(_ name: String) throws {
    try expectSettled(Stored.module("\(name).nir"))
  }

  @Test("the mean of each channel, flattened or not, is written again and comes back")
  func channelMeans() throws {
    func flatten(_ start: Int64, _ end: Int64) -> [String: HDF5Dataset] {
      [
        "type": .text("Flatten"), "start_dim": HDF5Dataset([], .integers([start])),
        "end_dim": HDF5Dataset([], .integers([end])), "input_type": .integers([3, 1, 1]),
      ]
    }
    let mean = Op.mean(Mean())
    /// The graph of an input, its mean over 4 rows and 5 columns, and `node`.
    func module(_ node: [String: HDF5Dataset], _ output: [Int64]) throws -> Module {
      let graph = GraphFile(
        nodes: [
          "input": ["type": .text("Input"), "shape": .integers([3, 4, 5])],
          "pool": [
            "type": .text("AvgPool2d"), "kernel_size": .integers([4, 5]),
            "stride": .integers([4, 5]), "padding": .integers([0, 0]),
          ],
          "node": node, "output": ["type": .text("Output"), "shape": .integers(output)],
        ],
        edges: [("input", "pool"), ("pool", "node"), ("node", "output")])
      let module = try Stored.imported(graph.tree.file()).module
      try expectSettled(module)
      return module
    }
    #expect(try module(flatten(0, -1), [3]).nodes.map(\.op) == [mean])
    #expect(
      try module(flatten(1, 2), [3, 1]).nodes.map(\.op) == [mean, .reshape(Reshape([3, 1]))])
    let half: [String: HDF5Dataset] = [
      "type": .text("Scale"), "scale": HDF5Dataset([3, 1, 1], .float64([0.5, 0.5, 0.5])),
    ]
    #expect(
      try module(half, [3, 1, 1]).nodes.map(\.op) == [
        mean, .reshape(Reshape([3, 1, 1])), .scale(Scale(factor: 0.5)),
      ])
  }

  @Test("a factor of each channel comes back, and leaves the sign of a zero")
  func channelFactors() throws {
    let graph = GraphFile(
      nodes: [
        "input": ["type": .text("Input"), "shape": .integers([2])],
        "node": ["type": .text("Scale"), "scale": .reals([1, 3])],
        "output": ["type": .text("Output"), "shape": .integers([2])],
      ],
      edges: [("input", "node"), ("node", "output")])
    let module = try Stored.imported(graph.tree.file()).module
    try expectSettled(module)
    let found = try module.outputs(of: [-0.0, -0.0, 1, 2]).map(\.bitPattern)
    #expect(found == [-0.0, -0.0, 1, 6].map { Float($0).bitPattern })
  }

  /// The input of `module`, which has more domains than the file can say.
  private func options(_ module: Module) -> NIRImport.Options {
    var options = NIRImport.Options()
    let isSpike = module.input.domain == .spike
    options.input =
      module.input.isTimed ? (isSpike ? .timedSpike : .timedReal) : (isSpike ? .spike : .real)
    return options
  }

  /// Runs both on an input; one that is the same at every step may be so written, or not.
  private func expectSame(_ module: Module, as other: Module) throws {
    var random = SeededRandom(7)
    let input = random.sample(of: module)
    let (expected, found) = (try module.outputs(of: input), try other.outputs(of: input))
    let steps = expected.count / found.count
    #expect(Array(repeating: found, count: steps).flatMap { $0 } == expected, "\(module.name)")
  }

  /// A module of these lines.
  private func module(_ lines: String) throws -> Module {
    try Module(
      parsing: "snnir 1\nmodule @\"case\" {\n time_steps = 3\n\(lines)\n}",
      weights: CaseFile.weight)
  }

  /// What comes back of a module of `lines`, and what was lost.
  private func cycle(
    _ lines: String, _ firing: NIRFiring = .above
  ) throws -> (module: Module, losses: [String]) {
    let export = try NIRExport(try module(lines), producer: "test", firing: firing)
    return (try Stored.imported(export.bytes()) { $0.timeSteps = nil }.module, export.losses)
  }

  @Test("the file's metadata settle what NIR leaves open")
  func metadata() throws {
    let (module, losses) = try cycle(
      """
      input %input : spike [2]
      %1 = if %input {threshold = 1.5} : timed spike [2] from "n"
      %2 = mean_steps %1 : real [2]
      output %2
      """)
    #expect(module.timeSteps == 3)
    #expect(module.input == ValueType(.spike, [2], timed: false))
    #expect(
      module.nodes.map(\.op) == [.if(IF(threshold: 1.5)), .meanSteps(MeanSteps())])
    #expect(losses.contains { $0.hasPrefix("mean over the time steps") })
    #expect(losses.contains { $0.hasPrefix("input: the module's is the same") })
    #expect(losses.contains { $0.hasPrefix("input: NIR does not say that it is spike") })
  }

  @Test(
    "thresholds and time constants come back exactly",
    arguments: [Float(1), 0.1, 1e-30, 3.4e38, 1.0000001, 2], NIRFiring.allCases)
  func exactNumbers(_ number: Float, _ firing: NIRFiring) throws {
    let tau = max(number, 1)
    let (module, losses) = try cycle(
      """
      input %input : real [2]
      %1 = lif %input {tau = \(Double(tau)), threshold = \(Double(number))} : timed spike [2] from "a"
      %2 = if %1 {threshold = \(Double(number))} : timed spike [2] from "b"
      output %2
      """, firing)
    #expect(
      module.nodes.map(\.op) == [
        .lif(LIF(tau: Double(tau), threshold: Double(number))),
        .if(IF(threshold: Double(number))),
      ])
    #expect(losses.contains { $0.hasPrefix("neurons: they fire at") } == (firing == .at))
  }

  @Test("a learned time constant becomes a quotient, which is lost only where it rounds")
  func learned() throws {
    for (inverse, isLost) in [(Float(0.25), false), (0.3, true)] {
      let (module, losses) = try cycle(
        """
        input %input : real [2]
        %1 = plif %input {inverse_tau = \(Double(inverse)), threshold = 1.0} : timed spike [2] from "a"
        output %1
        """)
      #expect(losses.contains { $0.hasPrefix("plif") } == isLost)
      #expect(module.nodes[0].op.neuron?.charge == .leaky(tau: 1 / inverse))
    }
  }

  @Test("the maximum of spikes is a threshold of their count, and comes back")
  func maximum() throws {
    let (module, _) = try cycle(
      """
      input %input : timed spike [2, 5, 5]
      %1 = max_pool2d %input {kernel = [3, 3], stride = [2, 2], padding = [1, 1]} : timed spike [2, 3, 3] from "pool"
      output %1
      """)
    let pool = MaxPool2D(kernel: [3, 3], stride: [2, 2], padding: [1, 1])
    #expect(module.nodes.map(\.op) == [.maxPool2d(pool)])
  }

  @Test("sums keep their order, and a value that is added to itself is there twice")
  func sums() throws {
    let lines = """
      input %input : timed real [1]
      %1 = scale %input {factor = 16777216.0} : timed real [1] from "big"
      %2 = scale %1 {factor = -1.0} : timed real [1] from "negative"
      %3 = add %1, %input : timed real [1] from "sum"
      %4 = add %2, %3 : timed real [1] from "rest"
      %5 = add %3, %4 : timed real [1] from "both"
      %6 = add %5, %5 : timed real [1] from "twice"
      output %6
      """
    let original = try module(lines)
    let copy = try cycle(lines).module
    let input: [Float] = [1, 1.5, -3]
    #expect(try copy.outputs(of: input) == original.outputs(of: input))
  }

  @Test func theSameModuleGivesTheSameBytes() throws {
    let module = try Stored.module("residual.nir")
    let files = try (0..<2).map { _ in try NIRExport(module, producer: "test").bytes() }
    #expect(files[0] == files[1])
  }
}
