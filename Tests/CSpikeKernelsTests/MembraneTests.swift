import CSpikeKernels
import Testing

/// Calls of some steps each, one after another on one membrane, are one call of all steps.
@Suite("Membranes") struct MembraneTests {
  /// The steps of successive calls: `most` in each, fewer in the last.
  static func runs(of steps: Int, most: Int) -> [Range<Int>] {
    stride(from: 0, to: steps, by: most).map { $0..<min($0 + most, steps) }
  }

  @Test("of a convolution", arguments: UInt64(1)...60)
  func convolution(seed: UInt64) {
    let whole = ConvCase(seed: seed)
    for most in 1...whole.steps { Self.check(whole, most: most, workers: Int(seed % 3) + 1) }
  }

  @Test("of a linear layer on more steps than a block holds rows")
  func manySteps() {
    for most in [1, 7, 1030, 2500] {
      Self.check(ConvCase(linear: 72, to: 70, steps: 2500, seed: 1), most: most, workers: 1)
    }
  }

  /// Expects what one call gives of calls of `most` steps each.
  static func check(_ whole: ConvCase, most: Int, workers: Int) {
    let slice = whole.positions * whole.channels
    var membrane = [Float](repeating: 0, count: slice)
    let inputs = Int(whole.conv.in_height * whole.conv.in_width)
    let result = whole.run(workers: workers) { conv, scratch, executor in
      for steps in runs(of: whole.steps, most: most) {
        var part = conv
        let (first, count) = (steps.lowerBound, Int32(steps.count))
        part.out_steps = count
        if whole.conv.steps > 1 {
          part.steps = count
          part.spikes = conv.spikes.map { $0 + first * inputs * words(Int(conv.in_channels)) }
          part.reals = conv.reals.map { $0 + first * inputs * Int(conv.in_channels) }
          part.counts = conv.counts.map { $0 + first * inputs * Int(conv.in_channels) }
        }
        if conv.residual_steps > 1 {
          part.residual_steps = count
          part.residual = conv.residual.map { $0 + first * slice }
        }
        // What is the same at every step is stored once.
        let isStored = first < whole.realSteps
        part.real_out = isStored ? conv.real_out.map { $0 + first * slice } : nil
        part.spikes_out = conv.spikes_out.map {
          $0 + first * whole.positions * words(whole.channels)
        }
        membrane.withUnsafeMutableBufferPointer { membrane in
          part.membrane = membrane.baseAddress
          snn_conv_run(&part, scratch, executor)
        }
      }
    }
    let expected = whole.expected()
    #expect(bits(result.reals) == bits(expected.reals))
    #expect(result.spikes == expected.spikes)
    #expect(bits(membrane) == bits(expected.membranes))
  }

  @Test("of neurons on stored sums", arguments: UInt64(1)...24)
  func neurons(seed: UInt64) {
    var dice = Dice(seed: seed)
    let (steps, positions) = (dice.roll(1...6), dice.roll(1...90))
    let channels = dice.pick([1, 3, 10, 64, 72, 130])
    var neuron = randomNeuron(&dice)
    let isStatic = dice.roll(0...1) == 0
    let slice = positions * channels
    let input = dice.reals((isStatic ? 1 : steps) * slice).map { $0 * 3 }
    for most in 1...steps {
      var membrane = [Float](repeating: 0, count: slice)
      var fired: [UInt64] = []
      for part in Self.runs(of: steps, most: most) {
        let count = Int32(part.count)
        let seen =
          isStatic ? input : Array(input[part.lowerBound * slice..<part.upperBound * slice])
        var spikes = [UInt64](repeating: .max, count: part.count * positions * words(channels))
        withExecutor(workers: Int(seed % 3) + 1) { executor in
          snn_neuron_run(
            seen, isStatic ? 1 : count, count, Int32(positions), Int32(channels), &neuron,
            &membrane, &spikes, executor)
        }
        fired += spikes
      }
      var expected = Membranes(neuron, count: slice)
      var plain: [Bool] = []
      for step in 0..<steps {
        let start = isStatic ? 0 : step * slice
        plain += expected.step(Array(input[start..<start + slice]))
      }
      #expect(fired == pack(plain, channels: channels))
      #expect(bits(membrane) == bits(expected.values))
    }
  }

  @Test("of an attention", arguments: UInt64(1)...24)
  func attention(seed: UInt64) {
    var dice = Dice(seed: seed)
    let (steps, tokens) = (dice.roll(1...4), dice.roll(1...40))
    let (heads, width) = (dice.roll(1...9), dice.pick([1, 4, 24, 64, 96]))
    let channels = heads * width
    var operation = snn_attention()
    (operation.tokens, operation.heads, operation.width) = (
      Int32(tokens), Int32(heads), Int32(width)
    )
    operation.factor = dice.pick([0.125, 0.3])
    operation.neuron = randomNeuron(&dice)
    let operands = (0..<3).map { _ in
      Spikes(rows: steps * tokens, channels: channels, oneIn: dice.roll(2...5), dice: &dice).packed
    }
    let whole = Self.fire(operation, operands, [0..<steps], workers: 1, keeps: false)
    for most in 1...steps {
      let found = Self.fire(
        operation, operands, Self.runs(of: steps, most: most), workers: Int(seed % 3) + 1,
        keeps: true)
      #expect(found == whole)
    }
  }

  /// The spikes behind an attention whose steps are computed in some calls, on one membrane if it
  /// `keeps` any.
  static func fire(
    _ attention: snn_attention, _ operands: [[UInt64]], _ runs: [Range<Int>], workers: Int,
    keeps: Bool
  ) -> [UInt64] {
    let channels = Int(attention.heads * attention.width)
    let slice = Int(attention.tokens) * words(channels)
    var membrane = [Float](repeating: 0, count: Int(attention.tokens) * channels)
    var fired: [UInt64] = []
    for steps in runs {
      var call = attention
      (call.steps, call.out_steps) = (Int32(steps.count), Int32(steps.count))
      let parts = operands.map { Array($0[steps.lowerBound * slice..<steps.upperBound * slice]) }
      var spikes = [UInt64](repeating: .max, count: steps.count * slice)
      let workspace = UnsafeMutableRawPointer.allocate(
        byteCount: snn_attention_bytes(call.steps, call.heads, call.width), alignment: 64)
      defer { workspace.deallocate() }
      parts[0].withUnsafeBufferPointer { q in
        parts[1].withUnsafeBufferPointer { k in
          parts[2].withUnsafeBufferPointer { v in
            membrane.withUnsafeMutableBufferPointer { membrane in
              spikes.withUnsafeMutableBufferPointer { spikes in
                (call.queries, call.keys, call.values) = (
                  q.baseAddress, k.baseAddress, v.baseAddress
                )
                call.membrane = keeps ? membrane.baseAddress : nil
                call.spikes_out = spikes.baseAddress
                withExecutor(workers: workers) { executor in
                  withScratch(workers: workers) { scratch in
                    snn_attention_run(&call, workspace, scratch, executor)
                  }
                }
              }
            }
          }
        }
      }
      fired += spikes
    }
    return fired
  }
}
