extension NIRGraph {
  /// The tree of a file of this graph, as `nir.write` makes it.
  var tree: HDF5Tree {
    var tree = HDF5Tree()
    tree.add("version", NIRGraph.version)
    tree.addGroup("node")
    tree.add(
      "node/edges",
      HDF5Dataset(
        [edges.count, 2],
        .texts(edges.flatMap { [nodes[$0.source].name, nodes[$0.target].name] })))
    tree.addGroup("node/metadata")
    for (key, value) in metadata { tree.add("node/metadata/\(key)", value) }
    tree.addGroup("node/nodes")
    for node in nodes { tree.add(node) }
    tree.add("node/type", "NIRGraph")
    return tree
  }
}

extension HDF5Tree {
  /// Adds a node of the graph.
  fileprivate mutating func add(_ node: NIRGraph.Node) {
    let path = "node/nodes/\(node.name)"
    addGroup(path)
    switch node.primitive {
    case .identity: preconditionFailure("a graph that is written has no graphs in it")
    case .input(let extents):
      add("\(path)/shape", extents)
      add("\(path)/type", "Input")
    case .output(let extents):
      add("\(path)/shape", extents)
      add("\(path)/type", "Output")
    case .convolution(let convolution): add(convolution, path)
    case .linear(let weight, let bias):
      add("\(path)/weight", weight)
      if let bias { add("\(path)/bias", bias) }
      add("\(path)/type", bias == nil ? "Linear" : "Affine")
    case .scale(let scale):
      add("\(path)/scale", scale)
      add("\(path)/type", "Scale")
    case .neurons(let neurons): add(neurons, path)
    case .pooling(let pooling):
      add("\(path)/kernel_size", pooling.kernel)
      add("\(path)/stride", pooling.stride)
      add("\(path)/padding", pooling.padding)
      add("\(path)/type", pooling.isMean ? "AvgPool2d" : "SumPool2d")
    case .flatten(let flattening):
      add("\(path)/start_dim", flattening.start)
      add("\(path)/end_dim", flattening.end)
      if let input = flattening.input { add("\(path)/input_type", input) }
      add("\(path)/type", "Flatten")
    case .threshold(let threshold):
      add("\(path)/threshold", threshold)
      add("\(path)/type", "Threshold")
    }
  }

  /// Adds what a convolution is.
  private mutating func add(_ convolution: NIRGraph.Convolution, _ path: String) {
    if let input = convolution.input { add("\(path)/input_shape", input) }
    add("\(path)/weight", convolution.weight)
    add("\(path)/stride", convolution.stride)
    switch convolution.padding {
    case .zeros(let padding): add("\(path)/padding", padding)
    case .same: add("\(path)/padding", "same")
    }
    add("\(path)/dilation", convolution.dilation)
    add("\(path)/groups", convolution.groups)
    add("\(path)/bias", convolution.bias)
    add("\(path)/type", "Conv\(convolution.axes)d")
  }

  /// Adds what a layer of neurons is.
  private mutating func add(_ neurons: NIRGraph.Neurons, _ path: String) {
    if let tau = neurons.tau { add("\(path)/tau", tau) }
    add("\(path)/r", neurons.resistance)
    if let leak = neurons.leak { add("\(path)/v_leak", leak) }
    add("\(path)/v_threshold", neurons.threshold)
    if let reset = neurons.reset { add("\(path)/v_reset", reset) }
    add("\(path)/type", neurons.tau == nil ? "IF" : "LIF")
  }
}
