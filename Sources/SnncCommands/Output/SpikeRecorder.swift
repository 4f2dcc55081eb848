import Arrays
import Diagnostics
import OrderedCollections
import SpikeIR

/// The spikes of a run, packed as NumPy's `packbits` packs `[T, samples, ...]`.
struct SpikeRecorder {
  /// Each layer's bits, most significant first, by the layer's name.
  private var layers: OrderedDictionary<String, [UInt8]> = [:]

  private let samples: Int
  private let steps: Int

  /// The most spikes of all layers and samples: 1 GiB of bits.
  private static let maximumCount = 1 << 33

  /// Creates a recorder for all neuron layers of `module`, in its order.
  ///
  /// - Throws: `spikes-limit`.
  init(_ module: Module, samples: Int) throws(Diagnostic) {
    guard module.elements(of: module.neurons, samples: samples) <= Double(Self.maximumCount) else {
      throw .spikesLimit(Self.maximumCount)
    }
    self.samples = samples
    steps = module.timeSteps
    for (name, _, node) in module.neurons {
      let bitCount = node.type.count(steps: steps) * samples
      layers[name] = [UInt8](repeating: 0, count: (bitCount + 7) / 8)
    }
  }

  /// Records the spikes `[T][shape]` of one sample in one layer; `isSet` tells a spike.
  mutating func add<Spike>(
    _ name: String, sample: Int, _ spikes: [Spike], isSet: (Spike) -> Bool
  ) {
    let slice = spikes.count / steps
    precondition(
      layers[name]?.count == (spikes.count * samples + 7) / 8, "the layer's spikes must fill it")
    layers[name]?.withUnsafeMutableBufferPointer { bits in
      for step in 0..<steps {
        let start = (step * samples + sample) * slice
        for element in 0..<slice where isSet(spikes[step * slice + element]) {
          let bit = start + element
          bits[bit / 8] |= 0x80 >> UInt8(bit % 8)
        }
      }
    }
  }

  /// The members of an archive: `spikes/NAME`.
  var members: [(name: String, array: NumPyArray)] {
    layers.map { ("spikes/\($0)", NumPyArray(shape: [$1.count], bytes: $1)) }
  }
}

extension Module {
  /// How many spikes, or membranes, some layers of neurons have over all steps of `samples` samples;
  /// hostile numbers would overflow an integer.
  func elements(of layers: [(name: String, value: ValueID, node: Node)], samples: Int) -> Double {
    layers.reduce(0) { $0 + Double($1.node.type.count(steps: timeSteps)) * Double(samples) }
  }
}

extension Diagnostic {
  fileprivate static func spikesLimit(_ limit: Int) -> Diagnostic {
    .error(
      "spikes-limit", "at most \(limit) spikes are written at once, and these are more",
      notes: ["give fewer samples or time steps"], status: .usage)
  }
}
