import SpikeIR

/// Makes a graph node by node, with names of their own and each constant once.
struct GraphBuilder {
  /// How a weight lies in the graph.
  enum Layout: Hashable {
    /// As in the module.
    case plain
    /// `[rows, columns, in, out]` as `[out, in, rows, columns]`.
    case kernel
    /// `[channels]` with as many axes of extent 1 behind it, so that it meets `rank` axes.
    case channels(rank: Int)
  }

  /// A weight in a layout.
  private struct Placed: Hashable {
    let weight: WeightID
    let layout: Layout
  }

  /// What has been made.
  private(set) var graph: Graph

  private let module: Module
  private var names = Names()
  private var weights: [Placed: String] = [:]
  private var numbers: [UInt32: String] = [:]
  private var lists: [[Int]: String] = [:]

  /// Starts the graph of `module`.
  init(_ module: Module) {
    self.module = module
    var names = Names()
    graph = Graph(name: names.unique(module.name))
  }

  /// Declares an input.
  mutating func input(_ name: String, _ extents: [Int]) -> String {
    let name = names.unique(name)
    graph.inputs.append(Graph.Value(name: name, extents: extents))
    return name
  }

  /// Declares an output, which a node must define.
  mutating func output(_ name: String, _ extents: [Int]) -> String {
    let name = names.unique(name)
    graph.outputs.append(Graph.Value(name: name, extents: extents))
    return name
  }

  /// Says of a value between inputs and outputs which extents it has.
  mutating func declare(_ name: String, _ extents: [Int]) {
    graph.values.append(Graph.Value(name: name, extents: extents))
  }

  /// Appends a node at `place`, the module path and the step, and returns its one result.
  mutating func add(
    _ op: String, _ inputs: [String], _ attributes: [Graph.Attribute] = [], at place: String
  ) -> String {
    let name = names.unique("\(place)/\(op)")
    append(op, inputs, [name], attributes, name)
    return name
  }

  /// Appends a node that defines an output.
  mutating func define(
    _ output: String, _ op: String, _ inputs: [String], _ attributes: [Graph.Attribute] = []
  ) {
    append(op, inputs, [output], attributes, names.unique("\(output)/\(op)"))
  }

  /// Appends a node with several results.
  mutating func split(
    _ op: String, _ input: String, _ attributes: [Graph.Attribute], into places: [String]
  ) -> [String] {
    var outputs: [String] = []
    for place in places { outputs.append(names.unique(place)) }
    append(op, [input], outputs, attributes, names.unique("\(input)/\(op)"))
    return outputs
  }

  private mutating func append(
    _ op: String, _ inputs: [String], _ outputs: [String], _ attributes: [Graph.Attribute],
    _ name: String
  ) {
    graph.nodes.append(
      Graph.Node(name: name, op: op, inputs: inputs, outputs: outputs, attributes: attributes))
  }
}

// MARK: - Constants

extension GraphBuilder {
  /// The constant `value`.
  mutating func constant(_ value: Float) -> String {
    if let name = numbers[value.bitPattern] { return name }
    let name = add("constant/\(value)", [], .floats([value]))
    numbers[value.bitPattern] = name
    return name
  }

  /// The list of `values`: extents or axes.
  mutating func constant(_ values: [Int]) -> String {
    if let name = lists[values] { return name }
    let name = add("constant/\(values)", [values.count], .integers(values))
    lists[values] = name
    return name
  }

  /// A number for each channel, which meets `rank` axes.
  mutating func constant(_ values: [Float], rank: Int, named name: String) -> String {
    add(name, Layout.channels(rank: rank).extents(of: [values.count]), .floats(values))
  }

  /// A weight of the module in `layout`.
  mutating func constant(_ id: WeightID, _ layout: Layout = .plain) -> String {
    let placed = Placed(weight: id, layout: layout)
    if let name = weights[placed] { return name }
    let weight = module.weight(id)
    let name = add(
      weight.name, layout.extents(of: weight.shape), layout.content(weight.data, weight.shape))
    weights[placed] = name
    return name
  }

  private mutating func add(
    _ name: String, _ extents: [Int], _ content: Initializer.Content
  ) -> String {
    let name = names.unique(name)
    graph.initializers.append(Initializer(name: name, extents: extents, content: content))
    return name
  }
}

extension GraphBuilder.Layout {
  /// The extents of a weight of `shape` in this layout.
  fileprivate func extents(of shape: Shape) -> [Int] {
    switch self {
    case .plain: shape.extents
    case .kernel: [shape[3], shape[2], shape[0], shape[1]]
    case .channels(let rank): shape.extents + [Int](repeating: 1, count: rank - 1)
    }
  }

  /// The numbers of a weight of `shape` in this layout.
  fileprivate func content(_ data: WeightData, _ shape: Shape) -> Initializer.Content {
    switch self {
    case .plain, .channels: .weight(data)
    case .kernel: .kernel(data, taps: shape[0] * shape[1], outputs: shape[3])
    }
  }
}
