public import Diagnostics
import Dispatch
public import Interpreter
public import SpikeIR
import Synchronization

/// Where a module's spikes part from a reference's, layer by layer.
///
/// The module is run twice. *Free*, differences travel on. *Forced*, each neuron layer's spikes,
/// and the resets they cause, are replaced by the reference's, so that a difference shows where it
/// arises and nowhere else. These networks are chaotic: one spike that flips by a rounding tie can
/// change many thousands behind it.
public struct Comparison: Sendable {
  /// The reference's spikes.
  public struct Reference: Sendable {
    /// For each layer, by its name, the spikes `[T][samples][shape]`, most significant bit first.
    public let spikes: [String: [UInt8]]
    /// The number of samples.
    public let samples: Int

    /// Creates a reference.
    public init(spikes: [String: [UInt8]], samples: Int) {
      self.spikes = spikes
      self.samples = samples
    }
  }

  /// A spike that differs in the forced run.
  public struct Flip: Sendable {
    /// The sample's number.
    public let sample: Int
    /// The time step, from 0.
    public let step: Int
    /// The neuron's indices in the layer's shape.
    public let neuron: [Int]
    /// The membrane before its reset.
    public let membrane: Float
    /// The threshold.
    public let threshold: Float
  }

  /// How many flips a layer keeps; their number is counted in full.
  public static let keptFlips = 100

  /// What was found in one neuron layer, over all samples and steps.
  public struct Layer: Sendable {
    /// The layer's name.
    public let name: String
    /// The number of spikes that could be.
    public internal(set) var count = 0
    /// The differing spikes of the free run.
    public internal(set) var free = 0
    /// The differing spikes of the forced run.
    public internal(set) var forced = 0
    /// The largest distance of a differing membrane from its threshold in the forced run.
    public internal(set) var largestMargin: Float = 0
    /// The first differing spikes of the forced run.
    public internal(set) var flips: [Flip] = []
  }

  /// The layers that the reference knows, in the module's order.
  public private(set) var layers: [Layer] = []

  /// The outputs of the free run, one a sample.
  public private(set) var outputs: [[Float]] = []

  /// The differing spikes of the free run.
  public var free: Int { layers.reduce(0) { $0 + $1.free } }

  /// The differing spikes of the forced run.
  public var forced: Int { layers.reduce(0) { $0 + $1.forced } }

  /// All spikes that could be.
  public var count: Int { layers.reduce(0) { $0 + $1.count } }

  /// The largest distance of a differing membrane from its threshold in the forced run.
  public var largestMargin: Float { layers.map(\.largestMargin).max() ?? 0 }

  /// The first layer that differs in the free run.
  public var firstFree: Layer? { layers.first { $0.free > 0 } }

  /// Compares `module` with `reference` on `samples`.
  ///
  /// - Parameters:
  ///   - module: What is compared.
  ///   - reference: The spikes that it should fire.
  ///   - samples: The inputs that both see.
  ///   - progress: Is called after each sample with how many are done.
  /// - Throws: `missing-spikes` or `spikes-size` where the reference does not fit the module.
  public init(
    of module: Module, with reference: Reference, on samples: [Tensor],
    progress: (Int) -> Void = { _ in }
  ) throws(Diagnostic) {
    for (name, value, node) in module.neurons {
      let count = node.type.count(steps: module.timeSteps) * reference.samples
      guard let bits = reference.spikes[name] else { throw .missing(name, module.place(of: value)) }
      guard bits.count == (count + 7) / 8 else { throw .wrongSize(name, bits.count, count) }
      layers.append(Layer(name: name, count: count))
    }
    for (index, sample) in samples.enumerated() {
      try add(sample, index, module, reference)
      progress(index + 1)
    }
  }

  /// Runs one sample both ways, each on a thread of its own, and counts.
  private mutating func add(
    _ sample: Tensor, _ index: Int, _ module: Module, _ reference: Reference
  ) throws(Diagnostic) {
    let interpreter = Interpreter(module)
    let results = Mutex<[Bool: Result<Run, Diagnostic>]>([:])
    DispatchQueue.concurrentPerform(iterations: 2) { pass in
      let result = Result { () throws(Diagnostic) in
        try Run(interpreter, sample, index, reference, isForced: pass == 1)
      }
      results.withLock { $0[pass == 1] = result }
    }
    let runs = results.withLock { $0 }
    guard let free = try runs[false]?.get(), let forced = try runs[true]?.get() else { return }
    outputs.append(free.output)
    for layer in layers.indices {
      layers[layer].free += free.layers[layer].differences
      layers[layer].forced += forced.layers[layer].differences
      layers[layer].largestMargin = max(
        layers[layer].largestMargin, forced.layers[layer].largestMargin)
      layers[layer].flips += forced.layers[layer].flips.prefix(
        Self.keptFlips - layers[layer].flips.count)
    }
  }
}

/// One run of one sample against a reference.
private struct Run {
  /// The differences in one layer.
  struct Layer {
    var differences = 0
    var largestMargin: Float = 0
    var flips: [Comparison.Flip] = []
  }

  var layers: [Layer] = []
  var output: [Float] = []

  /// Runs `sample`, the reference's sample number `index`.
  init(
    _ interpreter: Interpreter, _ sample: Tensor, _ index: Int, _ reference: Comparison.Reference,
    isForced: Bool
  ) throws(Diagnostic) {
    let steps = interpreter.module.timeSteps
    let slices = Dictionary(
      uniqueKeysWithValues: interpreter.module.neurons.map { ($0.name, $0.node.type.shape.count) })
    var layers: [Layer] = []
    let result = try interpreter.run(
      sample,
      forcing: { name in
        isForced
          ? reference.spikes(of: name, slices[name] ?? 0, sample: index, steps: steps) : nil
      },
      observing: { layer in
        var found = Layer()
        let expected = reference.spikes(
          of: layer.name, layer.spikes.shape.count, sample: index, steps: steps)
        for (element, spike) in layer.spikes.values.enumerated() where spike != expected[element] {
          found.differences += 1
          let membrane = layer.membrane.values[element]
          found.largestMargin = max(found.largestMargin, (membrane - layer.threshold).magnitude)
          guard found.flips.count < Comparison.keptFlips else { continue }
          let shape = layer.spikes.shape
          found.flips.append(
            Comparison.Flip(
              sample: index, step: element / shape.count,
              neuron: shape.indices(of: element % shape.count), membrane: membrane,
              threshold: layer.threshold))
        }
        layers.append(found)
      })
    self.layers = layers
    output = result.values
  }
}

extension Comparison.Reference {
  /// One sample's spikes of a layer, `[T][shape]`, 1 or 0.
  ///
  /// - Parameter slice: the neurons of the layer.
  fileprivate func spikes(
    of name: String, _ slice: Int, sample: Int, steps: Int
  ) -> [Float] {
    guard let bits = spikes[name] else { return [] }
    var result: [Float] = []
    result.reserveCapacity(steps * slice)
    for step in 0..<steps {
      let start = (step * samples + sample) * slice
      for bit in start..<start + slice {
        result.append(bits[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0 ? 1 : 0)
      }
    }
    return result
  }
}

extension Diagnostic {
  fileprivate static func missing(_ name: String, _ place: Location.Place) -> Diagnostic {
    .error(
      "missing-spikes", "the reference has no spikes of the layer '\(escaped(name))'",
      at: Location(place: place),
      notes: ["it must have a member 'spikes/\(escaped(name))'"])
  }

  fileprivate static func wrongSize(_ name: String, _ bytes: Int, _ count: Int) -> Diagnostic {
    .error(
      "spikes-size",
      "the reference's 'spikes/\(escaped(name))' has \(bytes) bytes where \(count) bits take "
        + "\((count + 7) / 8)")
  }
}
