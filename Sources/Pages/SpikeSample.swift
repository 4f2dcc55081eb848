import SpikeIR

/// What some neurons of each layer did at each time step of one sample.
///
/// Of a layer of n neurons, in the row-major order of its shape, the k that are looked at are number
/// `floor(n * frac(i / φ))` for i from 1 to k, φ being the golden ratio: spread evenly, and in no
/// step with rows, columns or channels. The same for every run. Of a layer of fewer than 3 k, where
/// two of these could be one, they are number `floor(n * i / k)`; of one of at most k, all.
public struct SpikeSample: Sendable {
  /// The neurons that are looked at in one layer.
  public struct Layer: Sendable {
    /// The layer's name.
    public let name: String
    /// How many neurons it has.
    public let neuronCount: Int
    /// The spikes of all of them, over all steps.
    public let spikeCount: Int
    /// Which are looked at, by their positions in row-major order, ascending.
    public let neurons: [Int]
    /// For each of these, the steps at which it fired, from 0.
    public let firings: [[Int]]
  }

  /// How many neurons of a layer are looked at, at most.
  public static let neuronsPerLayer = 48

  /// The number of time steps.
  public let timeSteps: Int

  /// The layers, in the order in which they were added.
  public private(set) var layers: [Layer] = []

  /// Begins a sample of `timeSteps` steps.
  public init(timeSteps: Int) {
    self.timeSteps = timeSteps
  }

  /// Looks at a layer; `spikes` has a byte, 0 or 1, for each neuron at each step, steps outermost.
  public mutating func add(_ name: String, _ spikes: [UInt8]) {
    let count = spikes.count / timeSteps
    let neurons = Self.chosen(of: count)
    layers.append(
      Layer(
        name: name, neuronCount: count, spikeCount: spikes.reduce(0) { $0 + Int($1) },
        neurons: neurons,
        firings: neurons.map { neuron in
          (0..<timeSteps).filter { spikes[$0 * count + neuron] != 0 }
        }))
  }

  /// 2^64 divided by the golden ratio, so that multiples of it, modulo 2^64, are fractions of 1.
  private static let inverseGoldenRatio: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The neurons that are looked at, of `count`.
  package static func chosen(of count: Int) -> [Int] {
    let chosen = neuronsPerLayer
    guard count > chosen else { return Array(0..<count) }
    guard count >= 3 * chosen else { return (0..<chosen).map { $0 * count / chosen } }
    return (1...chosen).map { index in
      Int((UInt64(index) &* inverseGoldenRatio).multipliedFullWidth(by: UInt64(count)).high)
    }.sorted()
  }
}
