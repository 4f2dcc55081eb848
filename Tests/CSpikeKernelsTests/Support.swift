import CSpikeKernels

/// A small deterministic generator (xorshift64), so that every run tests the same cases.
struct Dice {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  /// An integer of the range.
  mutating func roll(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  /// One of the choices.
  mutating func pick<T>(_ choices: [T]) -> T { choices[roll(0...choices.count - 1)] }

  /// A real in -1 ..< 1, one in eight of them subnormal.
  mutating func real() -> Float {
    let value = Float(Int(next() >> 40) - 1 << 23) / Float(1 << 23)
    return roll(0...7) == 0 ? value * Float.leastNormalMagnitude : value
  }

  mutating func reals(_ count: Int) -> [Float] { (0..<count).map { _ in real() } }
}

/// The words that hold one bit a channel.
func words(_ channels: Int) -> Int { (channels + 63) / 64 }

/// Spikes in both forms: packed for the kernels, plain for the loops that check them.
struct Spikes {
  let packed: [UInt64]
  let plain: [Bool]

  init(_ plain: [Bool], channels: Int) {
    self.plain = plain
    packed = pack(plain, channels: channels)
  }

  init(rows: Int, channels: Int, oneIn: Int, dice: inout Dice) {
    self.init((0..<rows * channels).map { _ in dice.roll(1...oneIn) == 1 }, channels: channels)
  }
}

/// Packs rows of `channels` spikes into words.
func pack(_ spikes: [Bool], channels: Int) -> [UInt64] {
  var packed = [UInt64](repeating: 0, count: spikes.count / channels * words(channels))
  for (index, spike) in spikes.enumerated() where spike {
    let (row, channel) = index.quotientAndRemainder(dividingBy: channels)
    packed[row * words(channels) + channel / 64] |= 1 << UInt64(channel % 64)
  }
  return packed
}

/// The membranes of a layer, stepped as the contract says.
struct Membranes {
  let neuron: snn_neuron
  var values: [Float]

  init(_ neuron: snn_neuron, count: Int) {
    self.neuron = neuron
    values = [Float](repeating: 0, count: count)
  }

  mutating func step(_ input: [Float]) -> [Bool] {
    input.indices.map { index in
      let charged = charged(values[index], by: input[index])
      let fires = charged >= neuron.threshold
      values[index] = fires ? 0 : charged
      return fires
    }
  }

  /// The membrane `v` after it has taken the input `x`.
  private func charged(_ v: Float, by x: Float) -> Float {
    switch Int(neuron.kind) {
    case SNN_IF: return v + x
    case SNN_PLIF:
      let change = (x - v) * neuron.tau
      return v + change
    default: return v + (x - v) / neuron.tau
    }
  }
}

/// A neuron of any kind, with a tau that is no power of two more often than not.
func randomNeuron(_ dice: inout Dice) -> snn_neuron {
  let kind = dice.pick([SNN_LIF, SNN_LIF, SNN_IF, SNN_PLIF])
  return snn_neuron(
    tau: dice.pick(kind == SNN_PLIF ? [0.5, 1, 0.3, 0.731_058_6] : [2, 1.5, 1.75, 1.0 / 0.3]),
    threshold: dice.pick([1, 0.5, 0.25]), kind: Int32(kind))
}

/// Calls `body` with the place of `values`; with `nil` where there are none.
func withOptional<R>(_ values: [Float]?, _ body: (UnsafePointer<Float>?) -> R) -> R {
  guard let values else { return body(nil) }
  return values.withUnsafeBufferPointer { body($0.baseAddress) }
}

/// Memory for `workers` workers, aligned as the kernels ask; freed with the closure's end.
func withScratch<R>(workers: Int, _ body: (UnsafeMutableRawPointer) -> R) -> R {
  let memory = UnsafeMutableRawPointer.allocate(
    byteCount: workers * snn_scratch_bytes(), alignment: 64)
  defer { memory.deallocate() }
  return body(memory)
}

/// Runs the closure with an executor of `workers` threads; none for one worker.
func withExecutor<R>(
  workers: Int, _ body: (UnsafeMutablePointer<snn_executor>?) -> R
) -> R {
  let threads = workers > 1 ? snn_threads_create(Int32(workers)) : nil
  defer { snn_threads_destroy(threads) }
  return body(snn_threads_executor(threads))
}

/// The bits of floats, so that comparisons tell +0 from -0.
func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }
