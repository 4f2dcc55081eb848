import NIR

/// A graph of NIR as the datasets of its file, right or wrong.
struct GraphFile {
  /// The nodes by their names, and the datasets of each.
  var nodes: [String: [String: HDF5Dataset]]

  /// The edges.
  var edges: [(String, String)]

  /// The tree of the file.
  var tree: HDF5Tree {
    var tree = HDF5Tree()
    tree.add("version", "1.0.8")
    tree.addGroup("node")
    tree.add("node/type", "NIRGraph")
    tree.add(
      "node/edges", HDF5Dataset([edges.count, 2], .texts(edges.flatMap { [$0.0, $0.1] })))
    tree.addGroup("node/nodes")
    for (name, datasets) in nodes.sorted(by: { $0.key < $1.key }) {
      tree.addGroup("node/nodes/\(name)")
      for (key, dataset) in datasets.sorted(by: { $0.key < $1.key }) {
        tree.add("node/nodes/\(name)/\(key)", dataset)
      }
    }
    return tree
  }
}

extension HDF5Dataset {
  /// A text.
  static func text(_ text: String) -> HDF5Dataset { HDF5Dataset([], .texts([text])) }

  /// A list of integers.
  static func integers(_ values: [Int64]) -> HDF5Dataset {
    HDF5Dataset([values.count], .integers(values))
  }

  /// A list of binary64 numbers.
  static func reals(_ values: [Double]) -> HDF5Dataset {
    HDF5Dataset([values.count], .float64(values))
  }
}
