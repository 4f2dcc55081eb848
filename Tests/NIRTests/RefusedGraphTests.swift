import Diagnostics
import NIR
import SpikeIR
import Testing

/// Graphs that are not whole, and those that no module computes.
@Suite struct RefusedGraphTests {
  /// A graph that is read: LIF neurons between an input and an output of two elements.
  private var graph = GraphFile(
    nodes: [
      "input": ["type": .text("Input"), "shape": .integers([2])],
      "n": [
        "type": .text("LIF"), "tau": .reals([2e-4, 2e-4]), "r": .reals([1, 1]),
        "v_leak": .reals([0, 0]), "v_threshold": .reals([1, 1]), "v_reset": .reals([0, 0]),
      ],
      "output": ["type": .text("Output"), "shape": .integers([2])],
    ],
    edges: [("input", "n"), ("n", "output")])

  /// The id that the graph gives after `change`.
  private func id(_ change: (inout GraphFile) -> Void) throws -> String? {
    var changed = graph
    change(&changed)
    return try Stored.id(changed.tree.file())
  }

  /// The id that the graph gives with `dataset` as the neurons' `key`, or without it.
  private func id(_ key: String, _ dataset: HDF5Dataset?) throws -> String? {
    try id { $0.nodes["n"]?[key] = dataset }
  }

  /// The id that the graph gives with another node in place of the neurons.
  private func id(
    node: [String: HDF5Dataset], input: [Int64] = [2], output: [Int64] = [2]
  ) throws -> String? {
    try id { graph in
      graph.nodes["n"] = node
      graph.nodes["input"]?["shape"] = .integers(input)
      graph.nodes["output"]?["shape"] = .integers(output)
    }
  }

  @Test func theGraphItselfIsRead() throws {
    #expect(try id { _ in } == nil)
  }

  @Test(arguments: ["type", "tau", "r", "v_leak", "v_threshold"])
  func aMissingDataset(_ key: String) throws {
    #expect(try id(key, nil) == "nir-graph")
  }

  @Test(arguments: ["tau", "r", "v_leak", "v_threshold", "v_reset"])
  func numbersThatAreTexts(_ key: String) throws {
    #expect(try id(key, .text("1")) == "nir-graph")
  }

  @Test("neurons whose equation is not one of SpikeIR's")
  func neurons() throws {
    for (key, numbers) in [
      ("tau", [2e-4, 3e-4]), ("tau", [5e-5, 5e-5]), ("tau", [.infinity, .infinity]),
      ("tau", [.nan, .nan]), ("r", [0, 0]), ("r", [-1, -1]), ("r", [1, 2]), ("v_leak", [0.5, 0.5]),
      ("v_reset", [0.5, 0.5]), ("v_reset", [0, 1]), ("v_threshold", [-1, -1]),
      ("v_threshold", [1, 2]), ("v_threshold", [1e300, 1e300]),
    ] as [(String, [Double])] {
      #expect(try id(key, .reals(numbers)) == "nir-neuron", "\(key) \(numbers)")
    }
    #expect(try id("v_reset", nil) == "nir-reset")
    #expect(try id("tau", .reals([2e-4, 2e-4, 2e-4])) == "nir-shape")
    #expect(try id("tau", .reals([2e-4])) == nil, "one number stands for all neurons")
  }

  @Test(arguments: ["CubaLIF", "CubaLI", "LI", "I", "Delay", "Sigmoid", "\u{1B}[31m"])
  func aPrimitiveThatHasNoOp(_ type: String) throws {
    #expect(try id("type", .text(type)) == "nir-node")
  }

  @Test("a loop, and what its end waits for")
  func loop() throws {
    #expect(try id { $0.edges.append(("n", "n")) } == "nir-cycle")
    var changed = graph
    // The first by name waits for the loop, and is in none.
    changed.nodes["a"] = changed.nodes["n"]
    changed.edges = [("input", "n"), ("n", "n"), ("n", "a"), ("a", "output")]
    let bytes = try changed.tree.file()
    let error = #expect(throws: Diagnostic.self) { try Stored.imported(bytes) }
    #expect(error?.message.contains("'n'") ?? false, "\(error?.message ?? "")")
  }

  @Test func edges() throws {
    #expect(try id { $0.edges.append(("n", "nobody")) } == "nir-graph")
    #expect(try id { $0.edges.append(("nobody", "n")) } == "nir-graph")
    #expect(try id { $0.edges.append(("n", "output")) } == "nir-graph", "twice")
    #expect(try id { $0.edges = [("input", "n")] } == "nir-graph", "nothing leads to the output")
    #expect(try id { $0.edges = [] } == "nir-graph")
    #expect(try id { $0.edges.append(("n", "input")) } == "nir-cycle")
  }

  @Test func ends() throws {
    #expect(
      try id {
        $0.nodes["output"] = nil; $0.edges.removeLast()
      } == "nir-ends")
    #expect(
      try id { graph in
        graph.nodes["second"] = graph.nodes["input"]
        graph.edges.append(("second", "n"))
      } == "nir-ends")
  }

  @Test func shapes() throws {
    #expect(try id { $0.nodes["output"]?["shape"] = .integers([3]) } == "nir-shape")
    #expect(try id { $0.nodes["input"]?["shape"] = .integers([3]) } == "nir-shape")
    #expect(try id { $0.nodes["input"]?["shape"] = .integers([-2]) } == "invalid-shape")
    #expect(
      try id { $0.nodes["input"]?["shape"] = .integers([1 << 40, 1 << 40]) } == "invalid-shape")
    #expect(try id { $0.nodes["input"]?["shape"] = .reals([2]) } == "nir-graph")
  }

  @Test func layers() throws {
    let ones = HDF5Dataset([2, 2], .float32([1, 1, 1, 1]))
    #expect(try id(node: ["type": .text("Linear"), "weight": ones]) == nil)
    #expect(
      try id(node: ["type": .text("Linear"), "weight": .reals([1, 1])]) == "nir-node")
    #expect(try id(node: ["type": .text("Linear"), "weight": ones], input: [3]) == "nir-shape")
    #expect(
      try id(node: ["type": .text("Affine"), "weight": ones, "bias": .reals([1])]) == "nir-shape")
    for number in [Double.nan, .infinity, 1e300] {
      let weight = HDF5Dataset([2, 2], .float64([1, 1, 1, number]))
      #expect(try id(node: ["type": .text("Linear"), "weight": weight]) == "not-finite")
      let scale = HDF5Dataset.reals([1, number])
      #expect(try id(node: ["type": .text("Scale"), "scale": scale]) == "not-finite")
    }
    let none = HDF5Dataset([0, 2], .float32([]))
    #expect(try id(node: ["type": .text("Linear"), "weight": none]) == "nir-shape")
    #expect(try id(node: ["type": .text("Scale"), "scale": .reals([1, 3])]) == nil)
    #expect(try id(node: ["type": .text("Scale"), "scale": .reals([1, 2, 3])]) == "nir-shape")
    #expect(
      try id(
        node: ["type": .text("Scale"), "scale": HDF5Dataset([1, 1, 2], .float64([1, 2]))],
        input: [1, 1, 2], output: [1, 1, 2]) == "nir-node")
    #expect(
      try id(node: ["type": .text("Threshold"), "threshold": .reals([0.5, 0.5])]) == "nir-node")
    #expect(
      try id(node: [
        "type": .text("Flatten"), "start_dim": .integers([1]), "end_dim": .integers([-1]),
      ])
        == "nir-node")
  }

  @Test("a value without axes has no channels to scale")
  func scalar() throws {
    let scale: [String: HDF5Dataset] = [
      "type": .text("Scale"), "scale": HDF5Dataset([], .float64([.nan])),
    ]
    #expect(try id(node: scale, input: [], output: []) == "nir-shape")
  }

  @Test("a sum of many terms takes no longer than its terms")
  func manyTerms() throws {
    var wide = graph
    wide.nodes["n"] = ["type": .text("Scale"), "scale": .reals([2, 2])]
    for number in 0..<1000 {
      wide.nodes["s\(number)"] = wide.nodes["n"]
      wide.edges += [("input", "s\(number)"), ("s\(number)", "n")]
    }
    let module = try Stored.imported(wide.tree.file()).module
    #expect(module.nodes.count { $0.op == .add(Add()) } == 1000)
  }

  @Test func convolutions() throws {
    var node: [String: HDF5Dataset] = [
      "type": .text("Conv1d"), "weight": HDF5Dataset([1, 1, 3], .float32([1, 2, 3])),
      "stride": HDF5Dataset([], .integers([1])), "padding": .integers([1]),
      "dilation": .integers([1]), "groups": .integers([1]), "bias": .reals([0]),
    ]
    /// The id of the convolution with another `key`.
    func convolved(with key: String, _ dataset: HDF5Dataset) throws -> String? {
      var changed = node
      changed[key] = dataset
      return try id(node: changed, input: [1, 5], output: [1, 5])
    }
    #expect(try convolved(with: "padding", .text("same")) == nil)
    #expect(try convolved(with: "padding", .text("valid")) == "nir-shape")
    #expect(try convolved(with: "dilation", .integers([0])) == "nir-node")
    #expect(try convolved(with: "dilation", .integers([1 << 40])) == "nir-node")
    #expect(try convolved(with: "dilation", .integers([4])) == "conv2d-c4", "a kernel of 9")
    #expect(try convolved(with: "padding", .integers([1, 1])) == "nir-graph")
    #expect(try convolved(with: "groups", .integers([0])) == "conv2d-c5")
    #expect(try convolved(with: "stride", .integers([0])) == "conv2d-c4")
    #expect(try convolved(with: "input_shape", .integers([4])) == "nir-shape")
    #expect(try convolved(with: "weight", .reals([1, 2, 3])) == "nir-node")
    node["weight"] = HDF5Dataset([1, 1, 2], .float32([1, 2]))
    #expect(try convolved(with: "padding", .text("same")) == "nir-node", "more zeros on one side")
  }

  @Test func pooling() throws {
    var node: [String: HDF5Dataset] = [
      "type": .text("AvgPool2d"), "kernel_size": .integers([2, 2]), "stride": .integers([2]),
      "padding": .integers([0]),
    ]
    #expect(try id(node: node, input: [3, 4, 4], output: [3, 2, 2]) == nil)
    #expect(try id(node: node, input: [4, 4], output: [2, 2]) == "nir-node")
    node["padding"] = .integers([1])
    #expect(try id(node: node, input: [3, 4, 4], output: [3, 3, 3]) == "nir-node")
    node["type"] = .text("SumPool2d")
    #expect(try id(node: node, input: [3, 4, 4], output: [3, 3, 3]) == nil)
    node["kernel_size"] = .integers([1 << 40, 1])
    #expect(try id(node: node, input: [3, 4, 4], output: [3, 3, 3]) == "nir-node")
  }

  @Test("a dilated kernel has zeros between its taps")
  func dilation() throws {
    var dilated = graph
    dilated.nodes["input"]?["shape"] = .integers([1, 9])
    dilated.nodes["output"]?["shape"] = .integers([1, 9])
    dilated.nodes["n"] = [
      "type": .text("Conv1d"), "weight": HDF5Dataset([1, 1, 3], .float32([1, 10, 100])),
      "stride": .integers([1]), "padding": .text("same"), "dilation": .integers([3]),
      "groups": .integers([1]), "bias": .reals([0]),
    ]
    let result = try Stored.imported(dilated.tree.file()) { $0.timeSteps = 1 }
    let output = try result.module.outputs(of: [1, 2, 3, 4, 5, 6, 7, 8, 9])
    // x[i - 3] + 10 x[i] + 100 x[i + 3]
    #expect(output == [410, 520, 630, 741, 852, 963, 74, 85, 96])
    #expect(result.losses.contains { $0.hasPrefix("convolutions: a dilation") })
  }
}
