/// The spikes of a run, packed as NumPy's `packbits` packs `[T, samples, ...]`.
struct SpikeRecorder {
  /// A neuron layer's spikes.
  struct Layer {
    /// The neuron's module path.
    let name: String
    /// The bits, most significant first.
    var bits: [UInt8]
  }

  /// The layers, in the order in which they were first seen.
  private(set) var layers: [Layer] = []

  private var positions: [String: Int] = [:]
  private let samples: Int
  private let steps: Int

  /// Creates a recorder for a number of samples and time steps.
  init(samples: Int, steps: Int) {
    self.samples = samples
    self.steps = steps
  }

  /// Records the spikes `[T][shape]` of one sample in one layer; `isSet` tells a spike.
  mutating func add<Spike>(
    _ name: String, sample: Int, _ spikes: [Spike], isSet: (Spike) -> Bool
  ) {
    let slice = spikes.count / steps
    let layer = layer(name, bitCount: spikes.count * samples)
    layers[layer].bits.withUnsafeMutableBufferPointer { bits in
      for step in 0..<steps {
        let start = (step * samples + sample) * slice
        for element in 0..<slice where isSet(spikes[step * slice + element]) {
          let bit = start + element
          bits[bit / 8] |= 0x80 >> UInt8(bit % 8)
        }
      }
    }
  }

  /// The position of the layer `name`, added where it is new.
  private mutating func layer(_ name: String, bitCount: Int) -> Int {
    if let known = positions[name] { return known }
    positions[name] = layers.count
    layers.append(Layer(name: name, bits: [UInt8](repeating: 0, count: (bitCount + 7) / 8)))
    return layers.count - 1
  }
}
