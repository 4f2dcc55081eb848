import CSpikeKernels
import Testing

@Suite("Elementwise operations and sums")
struct ElementwiseTests {
  /// Elements outside of an axis, along it, and inside of it.
  static let axes = [(1, 1, 12), (1, 5, 7), (4, 3, 1), (2, 5, 16), (3, 1, 4)]

  @Test("products let one element meet all of an axis", arguments: axes)
  func products(outer: Int, extent: Int, inner: Int) {
    var dice = Dice(seed: 3)
    let steps = 3
    let (count, narrow) = (outer * extent * inner, outer * inner)
    for (leftSteps, rightSteps) in [(steps, steps), (1, steps), (steps, 1)] {
      let a = dice.reals(leftSteps * count)
      let b = dice.reals(rightSteps * narrow).map { dice.roll(0...3) == 0 ? -0.0 : $0 }
      var out = [Float](repeating: .nan, count: steps * count)
      snn_mul(
        a, Int32(leftSteps), b, Int32(rightSteps), Int32(steps), outer, extent, inner, &out)
      let expected = out.indices.map { index -> Float in
        let (step, element) = index.quotientAndRemainder(dividingBy: count)
        let right = element / (extent * inner) * inner + element % inner
        return a[(leftSteps > 1 ? step * count : 0) + element]
          * b[(rightSteps > 1 ? step * narrow : 0) + right]
      }
      #expect(bits(out) == bits(expected))
    }
  }

  @Test("sums along an axis add in ascending order, from +0", arguments: axes)
  func sums(outer: Int, extent: Int, inner: Int) {
    var dice = Dice(seed: 4)
    var a = dice.reals(outer * extent * inner)
    a[0] = -0.0
    var out = [Float](repeating: .nan, count: outer * inner)
    snn_sum(a, outer, extent, inner, &out)
    let expected = out.indices.map { index -> Float in
      let first = index / inner * extent * inner + index % inner
      return (0..<extent).map { a[first + $0 * inner] }.reduce(0, +)
    }
    #expect(bits(out) == bits(expected))
  }

  @Test("complements are one rounded difference, in place or not")
  func complements() {
    var dice = Dice(seed: 5)
    let a = dice.reals(37) + [0, -0.0, 1, -1, 0x1p24]
    let expected = a.map { 1 - $0 }
    var out = [Float](repeating: .nan, count: a.count)
    snn_complement(a, a.count, &out)
    #expect(bits(out) == bits(expected))
    var own = a
    own.withUnsafeMutableBufferPointer { snn_complement($0.baseAddress, $0.count, $0.baseAddress) }
    #expect(bits(own) == bits(expected))
  }

  @Test("bits become bytes in the order in which they lie", arguments: [1, 63, 64, 65, 130])
  func rows(channels: Int) {
    var dice = Dice(seed: UInt64(channels))
    let (steps, positions) = (2, 9)
    let spikes = Spikes(rows: steps * positions, channels: channels, oneIn: 3, dice: &dice)
    var bytes = [UInt8](repeating: 7, count: spikes.plain.count)
    snn_row_bits(spikes.packed, Int32(steps), Int32(positions), Int32(channels), &bytes)
    #expect(bytes == spikes.plain.map { $0 ? 1 : 0 })
  }

  @Test("each kind of neuron charges as the contract says")
  func kinds() {
    // Inputs of 1 over three steps at a threshold that only IF reaches: 1, 2 and 3.
    let expected: [(Int, Float, [UInt64])] = [
      (SNN_IF, 9, [0, 0, 1]), (SNN_LIF, 1.5, [0, 0, 0]), (SNN_PLIF, 0.75, [0, 0, 0]),
    ]
    for (kind, tau, spikes) in expected {
      var neuron = snn_neuron(tau: tau, threshold: 3, kind: Int32(kind))
      var fired = [UInt64](repeating: .max, count: 3)
      snn_neuron_run([1], 1, 3, 1, 1, &neuron, nil, &fired, nil)
      #expect(fired == spikes)
    }
  }

  @Test("a learned inverse multiplies, and a tau divides")
  func inverses() {
    // 0.9 / 1.5 rounds to a number below 0.6, and 0.9 * (1 / 1.5) to one that is not.
    let tau: Float = 1.5
    for (kind, number, spikes) in [(SNN_LIF, tau, 0), (SNN_PLIF, 1 / tau, 1)] {
      var neuron = snn_neuron(tau: number, threshold: 0.6, kind: Int32(kind))
      var fired: [UInt64] = [.max]
      snn_neuron_run([0.9], 1, 1, 1, 1, &neuron, nil, &fired, nil)
      #expect(fired == [UInt64(spikes)])
    }
  }
}
