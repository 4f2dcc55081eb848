/// A graph of NIR: primitives that compute on signals over time, and edges that carry them.
///
/// What several edges bring to a node is summed. The graphs within a graph are part of it here:
/// their nodes have the names `GRAPH.NODE`, and their inputs and outputs are identities.
struct NIRGraph {
  /// The version of NIR, which is that of its Python package, whose files are written.
  static let version = "1.0.8"

  /// What a node computes.
  enum Primitive {
    case input(extents: [Int])
    case output(extents: [Int])
    case identity
    case convolution(Convolution)
    /// A weight `[out, in]`, and a bias where it is an `Affine`.
    case linear(weight: HDF5Dataset, bias: HDF5Dataset?)
    /// A factor for each element.
    case scale(HDF5Dataset)
    case neurons(Neurons)
    case pooling(Pooling)
    case flatten(Flattening)
    /// Whether an element is above its threshold.
    case threshold(HDF5Dataset)
  }

  /// A `Conv1d` or a `Conv2d`.
  struct Convolution {
    /// What lies around the input.
    enum Padding {
      /// Zeros on each side of each axis.
      case zeros([Int])
      /// As many zeros as keep the extents.
      case same
    }

    /// The axes that the kernel moves over, 1 or 2.
    let axes: Int
    /// The extents of these axes of the input, where the file says them.
    let input: [Int]?
    /// `[out, in / groups, extents of the kernel]`.
    let weight: HDF5Dataset
    let stride: [Int]
    let padding: Padding
    let dilation: [Int]
    let groups: Int
    let bias: HDF5Dataset
  }

  /// A layer of `LIF` neurons, or of `IF` neurons where there is no `tau`.
  struct Neurons {
    let tau: HDF5Dataset?
    let resistance: HDF5Dataset
    let leak: HDF5Dataset?
    let threshold: HDF5Dataset
    /// What the membrane is reset to; files of the first versions do not say it.
    let reset: HDF5Dataset?
  }

  /// A `SumPool2d`, or an `AvgPool2d`.
  struct Pooling {
    let isMean: Bool
    let kernel: [Int]
    let stride: [Int]
    let padding: [Int]
  }

  /// A `Flatten`: some axes become one.
  struct Flattening {
    /// The first of the axes, from the end where it is negative.
    let start: Int
    /// The last of them, likewise.
    let end: Int
    /// The extents of what is flattened, where the file says them.
    let input: [Int]?
  }

  /// A primitive with its name.
  struct Node {
    let name: String
    let primitive: Primitive
  }

  /// An edge from a node to another, by their positions.
  struct Edge: Hashable {
    let source: Int
    let target: Int
  }

  /// The nodes.
  var nodes: [Node] = []

  /// The edges in the order of the file, in which what they bring is summed here.
  var edges: [Edge] = []

  /// What the file says of itself.
  var metadata: [(key: String, value: HDF5Dataset)] = []

  /// The version of NIR that wrote the file.
  var writtenBy = NIRGraph.version

  /// Whether snnc wrote it, by what it says of itself.
  var isOwn: Bool {
    metadata.first { $0.key == "producer" }?.value.text?.hasPrefix("snnc ") ?? false
  }

  /// Creates an empty graph.
  init() {}

  /// Adds a node and the edges to it; returns its position.
  mutating func add(_ name: String, _ primitive: Primitive, from sources: [Int] = []) -> Int {
    nodes.append(Node(name: name, primitive: primitive))
    let target = nodes.count - 1
    edges += sources.map { Edge(source: $0, target: target) }
    return target
  }
}
