import Arrays
import Diagnostics
import OrderedCollections
import SpikeIR

/// The membranes of a run before their resets, `[T, samples, ...]` of each layer that was named.
struct MembraneRecorder {
  /// A layer's membranes.
  private struct Layer {
    let extents: [Int]
    var values: [Float]
  }

  private var layers: OrderedDictionary<String, Layer> = [:]
  private let samples: Int
  private let steps: Int

  /// The most numbers of all layers and samples: 1 GiB of them.
  private static let maximumCount = 1 << 28

  /// Creates a recorder for some neuron layers of `module`, in its order; for all where none is named.
  ///
  /// - Throws: `no-such-layer`, or `membrane-limit`.
  init(_ module: Module, layers names: [String], samples: Int) throws(Diagnostic) {
    self.samples = samples
    steps = module.timeSteps
    let known = module.neurons.map(\.name)
    if let name = names.first(where: { !known.contains($0) }) { throw .noSuchLayer(name, known) }
    let chosen = module.neurons.filter { names.isEmpty || names.contains($0.name) }
    guard module.elements(of: chosen, samples: samples) <= Double(Self.maximumCount) else {
      throw .membraneLimit(Self.maximumCount)
    }
    for (name, _, node) in chosen {
      let count = node.type.count(steps: steps) * samples
      layers[name] = Layer(
        extents: node.type.shape.extents, values: [Float](repeating: 0, count: count))
    }
  }

  /// Records the membranes `[T][shape]` of one sample in one layer, if it is one of those named.
  mutating func add(_ name: String, sample: Int, _ membranes: [Float]) {
    guard layers[name] != nil else { return }
    let slice = membranes.count / steps
    for step in 0..<steps {
      let start = (step * samples + sample) * slice
      layers[name]?.values.replaceSubrange(
        start..<start + slice, with: membranes[step * slice..<(step + 1) * slice])
    }
  }

  /// The members of an archive: `membranes/NAME`.
  var members: [(name: String, array: NumPyArray)] {
    layers.map { name, layer in
      (
        "membranes/\(name)",
        NumPyArray(shape: [steps, samples] + layer.extents, floats: layer.values)
      )
    }
  }
}

extension Diagnostic {
  fileprivate static func noSuchLayer(_ name: String, _ known: [String]) -> Diagnostic {
    .error(
      "no-such-layer", "the module has no layer of neurons called '\(escaped(name))'",
      notes: ["it has: " + known.prefix(100).map(escaped).joined(separator: ", ")], status: .usage)
  }

  fileprivate static func membraneLimit(_ limit: Int) -> Diagnostic {
    .error(
      "membrane-limit", "at most \(limit) membranes are written at once, and these are more",
      notes: ["name some of the layers with --layers, or give fewer samples or time steps"],
      status: .usage)
  }
}
