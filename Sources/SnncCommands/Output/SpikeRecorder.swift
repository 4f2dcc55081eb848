import OrderedCollections

/// The spikes of a run, packed as NumPy's `packbits` packs `[T, samples, ...]`.
struct SpikeRecorder {
  /// Each layer's bits, most significant first, by the neuron's module path; in the order in which
  /// they were first seen.
  private(set) var layers: OrderedDictionary<String, [UInt8]> = [:]

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
    let byteCount = (spikes.count * samples + 7) / 8
    layers[name, default: [UInt8](repeating: 0, count: byteCount)].withUnsafeMutableBufferPointer {
      bits in
      for step in 0..<steps {
        let start = (step * samples + sample) * slice
        for element in 0..<slice where isSet(spikes[step * slice + element]) {
          let bit = start + element
          bits[bit / 8] |= 0x80 >> UInt8(bit % 8)
        }
      }
    }
  }
}
