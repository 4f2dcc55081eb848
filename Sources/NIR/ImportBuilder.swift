import Diagnostics
import SpikeIR

/// Makes the module of a graph node by node, each behind those that it reads.
struct ImportBuilder {
  let graph: NIRGraph
  let settings: ImportSettings
  var builder: ModuleBuilder

  /// The nodes that each node reads, and those that read it, in the order of the edges.
  let sources: [[Int]]
  let targets: [[Int]]

  /// What is pooled by nodes that are a part of the next.
  var parts: [Int: Pooled] = [:]

  /// The bytes that further weights may take.
  private var room: Int

  /// What each node gives; `nil` for one that is not reached yet, or is a part of the next.
  private var values: [ValueID?]

  /// A sum of two values.
  private struct Pair: Hashable {
    let lhs: ValueID
    let rhs: ValueID
  }

  /// The sums that are there, since several nodes may read the same.
  private var sums: [Pair: ValueID] = [:]

  /// How many nodes each loss is about.
  private var counts: [ImportLoss: Int] = [:]

  /// Checks that the graph has one input and one output; its weights may take `room` bytes.
  ///
  /// - Throws: `nir-ends`, or what is wrong with the input's shape or the time steps.
  init(
    _ graph: NIRGraph, _ settings: ImportSettings, named name: String, room: Int
  ) throws(Diagnostic) {
    self.room = room
    self.graph = graph
    self.settings = settings
    var extents: [[Int]] = []
    var outputs = 0
    for node in graph.nodes {
      if case .input(let shape) = node.primitive { extents.append(shape) }
      if case .output = node.primitive { outputs += 1 }
    }
    guard extents.count == 1, outputs == 1 else { throw .ends(extents.count, outputs) }
    let type = ValueType(settings.input.domain, Shape(extents[0]), timed: settings.input.isTimed)
    builder = try ModuleBuilder(name: name, timeSteps: settings.timeSteps, input: type)
    var (sources, targets) = (
      [[Int]](repeating: [], count: graph.nodes.count),
      [[Int]](repeating: [], count: graph.nodes.count)
    )
    for edge in graph.edges {
      sources[edge.target].append(edge.source)
      targets[edge.source].append(edge.target)
    }
    (self.sources, self.targets) = (sources, targets)
    values = [ValueID?](repeating: nil, count: graph.nodes.count)
  }

  /// The module of the graph.
  mutating func module() throws(Diagnostic) -> Module {
    builder.setMetadata("source", "NIR \(graph.writtenBy)")
    for decision in settings.decisions {
      builder.setMetadata(decision.name, "\(decision.value) (\(decision.source))")
    }
    var output = ValueID.input
    for index in try order() {
      let node = graph.nodes[index]
      do throws(Diagnostic) {
        values[index] = try value(of: index)
        if case .output(let extents) = node.primitive, let value = values[index] {
          try check(extents, value, "the output")
          output = value
        }
      } catch {
        throw error.at(.node(escaped(node.name), origins: []))
      }
    }
    if settings.readout == .mean {
      guard builder.type(of: output).isTimed else { throw .staticMean }
      output = try builder.append(.meanSteps(MeanSteps()), [output], from: ["readout"])
    }
    return try builder.finish(output: output)
  }

  /// The nodes, each behind those that it reads.
  ///
  /// - Throws: `nir-cycle`.
  private func order() throws(Diagnostic) -> [Int] {
    var missing = sources.map(\.count)
    var order = missing.indices.filter { missing[$0] == 0 }
    var next = 0
    while next < order.count {
      for target in targets[order[next]] {
        missing[target] -= 1
        if missing[target] == 0 { order.append(target) }
      }
      next += 1
    }
    guard order.count == graph.nodes.count else {
      // What waits waits for another that does, so the way back ends in a loop.
      var index = missing.indices.first { missing[$0] > 0 } ?? 0
      var seen: Set<Int> = []
      while seen.insert(index).inserted {
        index = sources[index].first { missing[$0] > 0 } ?? index
      }
      throw .cycle(graph.nodes[index].name)
    }
    return order
  }

  /// What a node reads: the sum of what comes to it.
  func inputs(of index: Int) throws(Diagnostic) -> [ValueID] {
    let terms = sources[index].compactMap { values[$0] }
    guard !terms.isEmpty, terms.count == sources[index].count else {
      throw .noInput(graph.nodes[index].name)
    }
    return terms
  }

  /// The sum of what comes to a node, in the order of the edges.
  mutating func input(of index: Int) throws(Diagnostic) -> ValueID {
    let terms = try inputs(of: index)
    var sum = terms[0]
    for term in terms.dropFirst() {
      let pair = Pair(lhs: sum, rhs: term)
      if let known = sums[pair] {
        sum = known
      } else {
        sum = try builder.append(.add(Add()), [sum, term], from: [graph.nodes[index].name])
        sums[pair] = sum
      }
    }
    return sum
  }

  /// Checks that a value has the extents that the file says.
  ///
  /// - Throws: `nir-shape`.
  func check(_ extents: [Int], _ value: ValueID, _ what: String) throws(Diagnostic) {
    let shape = builder.type(of: value).shape
    guard shape.extents == extents else { throw .shape(what, extents, shape) }
  }

  /// Takes room for a weight, before there is any of it: one element stands for all in a file, and
  /// several nodes may have the same.
  ///
  /// - Throws: `nir-shape` or `nir-limit`.
  mutating func takeRoom(_ name: String, _ shape: Shape) throws(Diagnostic) {
    guard shape.isValid else {
      throw .error("nir-shape", "'\(escaped(name))' must have elements, and has \(shape)")
    }
    guard shape.count <= room / 4 else {
      throw .nirLimit("the weights up to '\(escaped(name))' take more than the file may ask for")
    }
    room -= shape.count * 4
  }

  /// Notes that a loss is about one more node.
  mutating func count(_ loss: ImportLoss) {
    counts[loss, default: 0] += 1
  }

  /// What the file says and the module does not.
  var losses: [String] {
    ImportLoss.allCases.compactMap { loss in counts[loss].map { "\(loss.rawValue) (x \($0))" } }
  }
}

/// What is lost of single nodes.
enum ImportLoss: String, CaseIterable {
  case rounding = "weights: numbers that binary32 has not are rounded"
  case resistance =
    "neurons: membranes are counted in units of the resistance, and thresholds divided by it"
  case dilation = "convolutions: a dilation is a kernel with zeros in it, which count as products"
  case quotient = "pooling: a mean's quotient is a product, rounded once more"
}

extension NIRImport.Input {
  /// The domain of the module's input.
  var domain: Domain { self == .timedSpike || self == .spike ? .spike : .real }

  /// Whether it differs from step to step.
  var isTimed: Bool { self == .timedReal || self == .timedSpike }
}

extension Diagnostic {
  /// The error of a value that has another shape than the file says.
  static func shape(_ what: String, _ extents: [Int], _ shape: Shape) -> Diagnostic {
    .error("nir-shape", "\(what) must have the shape of the values there, \(shape), not \(extents)")
  }

  fileprivate static func ends(_ inputs: Int, _ outputs: Int) -> Diagnostic {
    .error(
      "nir-ends", "a module has one input and one output, and the graph \(inputs) and \(outputs)")
  }

  fileprivate static func cycle(_ name: String) -> Diagnostic {
    .error(
      "nir-cycle", "a module has no loops, and node '\(escaped(name))' waits for its own output",
      notes: ["recurrent connections cannot be carried"])
  }

  fileprivate static func noInput(_ name: String) -> Diagnostic {
    .error("nir-graph", "an edge must lead to node '\(escaped(name))', and none does")
  }

  fileprivate static let staticMean = Diagnostic.error(
    "nir-readout", "the output is the same at every step, so it has no mean over the steps",
    notes: ["leave out --readout"], status: .usage)
}
