public import Diagnostics
public import SpikeIR

/// A module as a NIR graph, and what was lost; `ir-spec/nir.md` says what becomes of what.
public struct NIRExport {
  /// The graph.
  let graph: NIRGraph

  /// What the module says and the file does not, a line each.
  public let losses: [String]

  /// The number of nodes.
  public var nodeCount: Int { graph.nodes.count }

  /// The number of edges.
  public var edgeCount: Int { graph.edges.count }

  /// Makes the graph of `module`.
  ///
  /// - Parameters:
  ///   - module: the module.
  ///   - producer: the version of snnc, which the file names.
  ///   - step: the length of a time step, by which time constants become seconds.
  ///   - firing: which membranes fire in the engine that will read the file.
  ///   - limits: how large the graph may become.
  /// - Throws: `nir-op` or `nir-mean-steps` where NIR has no graph that computes the same,
  ///   `batch_norm-c4` and `batch_norm-c5` where a batch norm's numbers make no scale and shift, or
  ///   `nir-limit`.
  public init(
    _ module: Module, producer: String, step: NIRTimeStep = .standard, firing: NIRFiring = .above,
    limits: NIRLimits = .standard
  ) throws(Diagnostic) {
    var builder = ExportBuilder(module, step, firing, limits)
    graph = try builder.graph(producer: producer)
    losses = builder.losses
  }

  /// The tree of the file.
  package var tree: HDF5Tree { graph.tree }

  /// The bytes of the file; the same module gives the same bytes.
  ///
  /// - Throws: `nir-limit`, `nir-process` or, where libhdf5 fails, `nir-file`.
  public func bytes() throws(Diagnostic) -> [UInt8] {
    try tree.file()
  }
}

/// Makes the graph of a module node by node.
///
/// A sum has no node in NIR: what reads it has an edge from each of its terms.
struct ExportBuilder {
  /// A value of the module in the graph.
  struct Place {
    /// The nodes whose outputs it is the sum of, in this order.
    var terms: [Int]
    /// Whether it is the mean over the time steps of what the graph has there.
    var isMean = false
  }

  let module: Module
  let step: NIRTimeStep
  let firing: NIRFiring
  var graph = NIRGraph()
  let users: [[ValueID]]
  private let limits: NIRLimits
  private var places: [Place] = []
  private var names = NIRNames()

  /// The terms of all sums so far.
  private var termCount = 0

  /// How many nodes of the graph each loss is about, where it is about some.
  private var counts: [NIRLoss: Int] = [:]

  init(_ module: Module, _ step: NIRTimeStep, _ firing: NIRFiring, _ limits: NIRLimits) {
    self.module = module
    users = module.users
    self.limits = limits
    self.step = step
    self.firing = firing
  }

  /// The graph of the module.
  mutating func graph(producer: String) throws(Diagnostic) -> NIRGraph {
    let input = graph.add(
      names.unique("input"), .input(extents: module.input.shape.extents))
    // So that no node of the module takes it.
    let output = names.unique("output")
    places.append(Place(terms: [input]))
    // What NIR has not at all is said ahead of what it has in another form.
    for (value, node) in module.definitions {
      do throws(Diagnostic) { try check(node) } catch { throw error.at(module.place(of: value)) }
    }
    for (value, node) in module.definitions {
      do throws(Diagnostic) {
        let place = try place(of: node, value)
        places.append(place)
        termCount += place.terms.count
        try checkSize()
      } catch {
        throw error.at(module.place(of: value))
      }
    }
    let result = places[module.output.index]
    let extents = module.type(of: module.output).shape.extents
    _ = graph.add(output, .output(extents: extents), from: result.terms)
    describe(producer, isMean: result.isMean)
    return graph
  }

  /// Checks that what there is of the graph is no larger than what is read.
  ///
  /// - Throws: `nir-limit`.
  private func checkSize() throws(Diagnostic) {
    guard graph.nodes.count < limits.nodes else {
      throw .nirLimit("a graph has at most \(limits.nodes) nodes, and this one has more")
    }
    guard graph.edges.count <= limits.texts / 2 else {
      throw .nirLimit("a graph has at most \(limits.texts / 2) edges, and this one has more")
    }
    guard termCount <= limits.terms else {
      throw .nirLimit("sums have at most \(limits.terms) terms together, and these have more")
    }
  }

  /// The name of a node of the graph that a node of the module becomes.
  mutating func name(of node: Node, _ suffix: String = "") -> String {
    names.unique((node.origins.last ?? node.op.definition.mnemonic) + suffix)
  }

  /// Notes that a loss is about one more node.
  mutating func count(_ loss: NIRLoss) {
    counts[loss, default: 0] += 1
  }

  /// What becomes of a node.
  private mutating func place(of node: Node, _ value: ValueID) throws(Diagnostic) -> Place {
    let operands = node.operands.map { places[$0.index] }
    let isMean = operands.contains(where: \.isMean)
    guard !isMean || node.commutesWithMean,
      zip(node.operands, operands).allSatisfy({
        !isMean || !module.type(of: $0).isTimed || $1.isMean
      })
    else { throw .afterMean(node) }
    switch node.op {
    case .repeat: return operands[0]
    case .meanSteps: return Place(terms: operands[0].terms, isMean: true)
    case .add: return Place(terms: sum(operands[0].terms, operands[1].terms), isMean: isMean)
    default:
      return Place(terms: try append(node, value, operands[0].terms), isMean: isMean)
    }
  }

  /// The terms of a sum of sums, which are added in their order, so that no rounding changes.
  private mutating func sum(_ lhs: [Int], _ rhs: [Int]) -> [Int] {
    // A sum of two is the same in either order.
    let (long, short) = rhs.count > lhs.count ? (rhs, lhs) : (lhs, rhs)
    let terms = short.count > 1 ? [junction(short)] : short
    // An edge can be there once.
    return long + (long.contains(terms[0]) ? [junction(terms)] : terms)
  }

  /// A node that gives the sum of `terms` as it is.
  private mutating func junction(_ terms: [Int]) -> Int {
    let extents = self.extents(of: terms[0])
    return add(
      names.unique("sum"), .scale(HDF5Dataset(extents, .float32([1]))), from: terms,
      giving: extents)
  }

  /// The extents of what each node gives.
  private var outputs: [Int: [Int]] = [:]

  /// The extents of what a node gives.
  func extents(of node: Int) -> [Int] {
    outputs[node] ?? module.input.shape.extents
  }

  /// Adds a node of the graph whose output has `extents`.
  mutating func add(
    _ name: String, _ primitive: NIRGraph.Primitive, from sources: [Int], giving extents: [Int]
  ) -> Int {
    let position = graph.add(name, primitive, from: sources)
    outputs[position] = extents
    return position
  }
}

extension Node {
  /// Whether the mean over the time steps of what it gives is what it gives for the mean.
  fileprivate var commutesWithMean: Bool {
    switch op {
    case .add, .affine, .batchNorm, .conv2d, .linear, .mean, .reshape, .scale: true
    default: false
    }
  }
}

// MARK: - What the file says of itself, and what it does not

extension ExportBuilder {
  /// What the module says and the file does not.
  var losses: [String] {
    var lines = [
      "arithmetic: NIR leaves the order of additions and every rounding to the reader",
      "time steps: NIR has none, and this module has \(module.timeSteps)",
    ]
    if !module.input.isTimed { lines.append("input: the module's is the same at every step") }
    if module.input.domain != .real {
      lines.append("input: NIR does not say that it is \(module.input.domain)")
    }
    for loss in NIRLoss.allCases {
      if let count = counts[loss] { lines.append("\(loss.rawValue) (x \(count))") }
    }
    return lines
  }

  /// Writes what only the file's metadata can say.
  private mutating func describe(_ producer: String, isMean: Bool) {
    if isMean { count(.meanSteps) }
    let texts = [
      ("producer", "snnc \(producer)"), ("module", module.name),
      ("input", "\(module.input.isTimed ? "timed " : "")\(module.input.domain)"),
      ("fires", firing.rawValue), ("readout", isMean ? "mean" : "steps"),
    ]
    graph.metadata = texts.map { ($0.0, HDF5Dataset([], .texts([$0.1]))) }
    graph.metadata.append(("dt", HDF5Dataset([], .float64([step.seconds]))))
    graph.metadata.append(
      ("time_steps", HDF5Dataset([], .integers([Int64(module.timeSteps)]))))
  }
}

/// What is lost of single nodes.
enum NIRLoss: String, CaseIterable {
  case meanSteps = "mean over the time steps: average what the graph gives at each step"
  case plif = "plif: its product with 1 / tau is a quotient by tau"
  case firing = "neurons: they fire at their threshold, and NIR's above it"
  case grouped = "type check: nir.read takes type_check=False, since its check knows no groups"
  case rectangular =
    "type check: nir.read takes type_check=False, since its check knows square kernels"
}

extension Diagnostic {
  fileprivate static func afterMean(_ node: Node) -> Diagnostic {
    .error(
      "nir-mean-steps",
      "NIR has no mean over the time steps, and '\(node.op.definition.mnemonic)' of one is not the "
        + "mean of what it gives at each step",
      notes: ["only what is linear may follow a mean over the time steps"])
  }
}
