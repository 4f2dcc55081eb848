import Diagnostics

extension NIRGraph {
  /// Reads the graph of a file.
  ///
  /// - Throws: `nir-graph`, `nir-limit` or `nir-node`.
  init(_ tree: HDF5Tree, _ limits: NIRLimits) throws(Diagnostic) {
    var reader = GraphReader(tree: tree, limits: limits)
    _ = try reader.read("node", prefix: "", depth: 0)
    self = reader.graph
    writtenBy = tree.datasets["version"]?.text ?? "an unknown version"
    metadata = (tree.groups["node/metadata"] ?? []).compactMap { key in
      tree.datasets["node/metadata/\(key)"].map { (key, $0) }
    }
  }
}

/// Reads a graph and the graphs in it.
private struct GraphReader {
  /// Where signals enter a node, or a graph, and where they leave it.
  struct Ports {
    let input: Int
    let output: Int
  }

  let tree: HDF5Tree
  let limits: NIRLimits
  var graph = NIRGraph()

  /// Reads the graph at `path`, whose nodes get names with `prefix`; returns its ports, but for the
  /// outermost one.
  mutating func read(_ path: String, prefix: String, depth: Int) throws(Diagnostic) -> Ports? {
    guard depth <= NIRLimits.graphDepth else {
      throw .nirLimit("graphs lie in graphs more than \(NIRLimits.graphDepth) deep")
    }
    guard tree.datasets["\(path)/type"]?.text == "NIRGraph",
      let names = tree.groups["\(path)/nodes"]
    else { throw .noGraph(path) }
    var ports: [String: Ports] = [:]
    var ends: (inputs: [Int], outputs: [Int]) = ([], [])
    for name in names {
      let node = "\(path)/nodes/\(name)"
      if tree.datasets["\(node)/type"]?.text == "NIRGraph" {
        ports[name] = try read(node, prefix: "\(prefix)\(name).", depth: depth + 1)
        continue
      }
      let primitive = try NodeReader(tree: tree, path: node, name: prefix + name).primitive()
      let position = try add(prefix + name, primitive, isOutermost: depth == 0)
      ports[name] = Ports(input: position, output: position)
      if case .input = primitive { ends.inputs.append(position) }
      if case .output = primitive { ends.outputs.append(position) }
    }
    try connect(path, ports)
    guard depth > 0 else { return nil }
    guard ends.inputs.count == 1, ends.outputs.count == 1 else {
      throw .ends(prefix.dropLast().description, ends.inputs.count, ends.outputs.count)
    }
    return Ports(input: ends.inputs[0], output: ends.outputs[0])
  }

  /// Adds a node; the inputs and outputs of a graph within a graph are identities.
  private mutating func add(
    _ name: String, _ primitive: NIRGraph.Primitive, isOutermost: Bool
  ) throws(Diagnostic) -> Int {
    guard graph.nodes.count < limits.nodes else {
      throw .nirLimit("a graph has at most \(limits.nodes) nodes, and this one has more")
    }
    switch primitive {
    case .input where !isOutermost, .output where !isOutermost:
      return graph.add(name, .identity)
    default: return graph.add(name, primitive)
    }
  }

  /// Adds the edges of the graph at `path`.
  private mutating func connect(_ path: String, _ ports: [String: Ports]) throws(Diagnostic) {
    guard let dataset = tree.datasets["\(path)/edges"] else { throw .noEdges(path) }
    guard dataset.count > 0 else { return }
    guard case .texts(let names) = dataset.elements, dataset.extents.count == 2,
      dataset.extents[1] == 2
    else { throw .noEdges(path) }
    var seen = Set<NIRGraph.Edge>()
    for index in stride(from: 0, to: names.count, by: 2) {
      guard let source = ports[names[index]] else { throw .noSuchNode(names[index]) }
      guard let target = ports[names[index + 1]] else { throw .noSuchNode(names[index + 1]) }
      let edge = NIRGraph.Edge(source: source.output, target: target.input)
      guard seen.insert(edge).inserted else { throw .edgeTwice(names[index], names[index + 1]) }
      graph.edges.append(edge)
    }
  }
}

/// Reads a node's primitive.
private struct NodeReader {
  let tree: HDF5Tree
  let path: String
  let name: String

  /// What the node computes.
  ///
  /// - Throws: `nir-node` for what cannot be carried, or `nir-graph` for what is missing.
  func primitive() throws(Diagnostic) -> NIRGraph.Primitive {
    guard let type = tree.datasets["\(path)/type"]?.text else { throw .missing(name, "type") }
    switch type {
    case "Input": return .input(extents: try integers("shape"))
    case "Output": return .output(extents: try integers("shape"))
    case "Conv1d": return .convolution(try convolution(axes: 1))
    case "Conv2d": return .convolution(try convolution(axes: 2))
    case "Linear": return .linear(weight: try numbers("weight"), bias: nil)
    case "Affine": return .linear(weight: try numbers("weight"), bias: try numbers("bias"))
    case "Scale": return .scale(try numbers("scale"))
    case "LIF":
      return .neurons(try neurons(tau: try numbers("tau"), leak: try numbers("v_leak")))
    case "IF": return .neurons(try neurons(tau: nil, leak: nil))
    case "SumPool2d", "AvgPool2d":
      return .pooling(
        NIRGraph.Pooling(
          isMean: type == "AvgPool2d", kernel: try integers("kernel_size", 2),
          stride: try integers("stride", 2), padding: try integers("padding", 2)))
    case "Flatten":
      return .flatten(
        NIRGraph.Flattening(
          start: try integers("start_dim", 1)[0], end: try integers("end_dim", 1)[0],
          input: try extents("input_type")))
    case "Threshold": return .threshold(try numbers("threshold"))
    default:
      throw .nirNode(name, NodeReader.reasons[type] ?? "is a '\(escaped(type))', which is unknown")
    }
  }

  /// Why the other primitives of NIR cannot be carried.
  private static let reasons = [
    "CubaLIF": "is a CubaLIF: SpikeIR's neurons have a membrane and no synaptic current",
    "CubaLI": "is a CubaLI: SpikeIR's neurons have a membrane and no synaptic current",
    "LI": "is an LI: SpikeIR has no membranes that do not fire",
    "I": "is an I: SpikeIR has no membranes that do not fire",
    "Delay": "is a Delay: SpikeIR has no values of earlier steps",
  ]

  /// A convolution over `axes`.
  private func convolution(axes: Int) throws(Diagnostic) -> NIRGraph.Convolution {
    let padding: NIRGraph.Convolution.Padding
    switch tree.datasets["\(path)/padding"]?.text {
    case "same": padding = .same
    case "valid": padding = .zeros([Int](repeating: 0, count: axes))
    default: padding = .zeros(try integers("padding", axes))
    }
    return NIRGraph.Convolution(
      axes: axes, input: try extents("input_shape"), weight: try numbers("weight"),
      stride: try integers("stride", axes), padding: padding,
      dilation: try integers("dilation", axes), groups: try integers("groups", 1)[0],
      bias: try numbers("bias"))
  }

  /// A layer of neurons.
  private func neurons(
    tau: HDF5Dataset?, leak: HDF5Dataset?
  ) throws(Diagnostic) -> NIRGraph.Neurons {
    let hasReset = tree.datasets["\(path)/v_reset"] != nil
    return NIRGraph.Neurons(
      tau: tau, resistance: try numbers("r"), leak: leak, threshold: try numbers("v_threshold"),
      reset: hasReset ? try numbers("v_reset") : nil)
  }

  /// The array of numbers `key`.
  private func numbers(_ key: String) throws(Diagnostic) -> HDF5Dataset {
    guard let dataset = tree.datasets["\(path)/\(key)"] else { throw .missing(name, key) }
    switch dataset.elements {
    case .texts, .other: throw .notNumbers(name, key)
    case .float32, .float64, .integers: return dataset
    }
  }

  /// The extents `key`; `nil` where the file does not say them.
  private func extents(_ key: String) throws(Diagnostic) -> [Int]? {
    guard tree.datasets["\(path)/\(key)"]?.isIntegers ?? false else { return nil }
    return try integers(key)
  }

  /// The integers `key`; one alone is taken for all of `count`.
  private func integers(_ key: String, _ count: Int? = nil) throws(Diagnostic) -> [Int] {
    guard let dataset = tree.datasets["\(path)/\(key)"] else { throw .missing(name, key) }
    guard dataset.count <= 1 << 10, let integers = dataset.integers else {
      throw .notNumbers(name, key)
    }
    guard let count, integers.count != count else { return integers }
    guard integers.count == 1 else { throw .integerCount(name, key, integers.count, count) }
    return [Int](repeating: integers[0], count: count)
  }
}

extension Diagnostic {
  /// The error of a node that cannot be carried; `reason` goes on after its name.
  static func nirNode(_ name: String, _ reason: String, notes: [String] = []) -> Diagnostic {
    .error("nir-node", "node '\(escaped(name))' \(reason)", notes: notes)
  }

  fileprivate static func graph(_ message: String) -> Diagnostic {
    .error("nir-graph", message, notes: ["write the file again with nir.write of the package nir"])
  }

  fileprivate static func noGraph(_ path: String) -> Diagnostic {
    .graph("'\(escaped(path))' must be a NIRGraph with nodes, and it is none")
  }

  fileprivate static func noEdges(_ path: String) -> Diagnostic {
    .graph("'\(escaped(path))/edges' must be pairs of names, and it is none")
  }

  fileprivate static func noSuchNode(_ name: String) -> Diagnostic {
    .graph("an edge must join two nodes, and there is no node '\(escaped(name))'")
  }

  fileprivate static func edgeTwice(_ source: String, _ target: String) -> Diagnostic {
    .graph("the edge from '\(escaped(source))' to '\(escaped(target))' is given twice")
  }

  fileprivate static func missing(_ name: String, _ key: String) -> Diagnostic {
    .graph("node '\(escaped(name))' must have '\(key)', and has none")
  }

  fileprivate static func notNumbers(_ name: String, _ key: String) -> Diagnostic {
    .graph("'\(key)' of node '\(escaped(name))' must be numbers of the kind that NIR writes")
  }

  fileprivate static func integerCount(
    _ name: String, _ key: String, _ count: Int, _ expected: Int
  ) -> Diagnostic {
    .graph("'\(key)' of node '\(escaped(name))' must be \(expected) numbers, not \(count)")
  }

  fileprivate static func ends(_ name: String, _ inputs: Int, _ outputs: Int) -> Diagnostic {
    .nirNode(
      name, "is a graph of \(inputs) inputs and \(outputs) outputs, and one of each is read")
  }
}
