import CSpikeKernels
import Testing

/// One convolution of random geometry, with the loops that check it.
struct ConvCase {
  var conv = snn_conv()
  var steps = 1
  var input: [Float] = []
  var spikes: Spikes?
  /// Whether the input is given as counts, whose zeros add no term.
  var isCounting = false
  var weights: [Float] = []
  var bias: [Float]?
  var scale: [Float]?
  var shift: [Float]?
  var residual: [Float]?

  var positions: Int { Int(conv.out_height * conv.out_width) }
  var channels: Int { Int(conv.out_channels) }
  var realSteps: Int { max(Int(conv.steps), residual == nil ? 1 : Int(conv.residual_steps)) }

  init(seed: UInt64) {
    var dice = Dice(seed: seed)
    steps = dice.roll(1...5)
    conv.steps = Int32(dice.roll(0...2) == 0 ? 1 : steps)
    conv.out_steps = Int32(steps)
    conv.kernel_height = Int32(dice.roll(1...4))
    conv.kernel_width = Int32(dice.roll(1...4))
    conv.stride_height = Int32(dice.roll(1...3))
    conv.stride_width = Int32(dice.roll(1...3))
    // Up to beyond the kernel, so that whole windows are padding.
    conv.pad_height = Int32(dice.roll(0...5))
    conv.pad_width = Int32(dice.roll(0...5))
    conv.in_height = max(1, conv.kernel_height - 2 * conv.pad_height) + Int32(dice.roll(0...6))
    conv.in_width = max(1, conv.kernel_width - 2 * conv.pad_width) + Int32(dice.roll(0...6))
    let sizes: [Int32] = [1, 3, 4, 8, 10, 63, 64, 65, 72, 100, 130]
    conv.in_channels = dice.pick(sizes)
    conv.out_channels = dice.pick(sizes)
    finish(seed: seed, &dice)
  }

  /// A linear layer on `steps` steps of one position.
  init(linear inputs: Int32, to outputs: Int32, steps: Int, seed: UInt64) {
    var dice = Dice(seed: seed)
    self.steps = steps
    (conv.steps, conv.out_steps) = (Int32(steps), Int32(steps))
    (conv.kernel_height, conv.kernel_width) = (1, 1)
    (conv.stride_height, conv.stride_width) = (1, 1)
    (conv.in_height, conv.in_width) = (1, 1)
    (conv.in_channels, conv.out_channels) = (inputs, outputs)
    finish(seed: seed, &dice)
  }

  private mutating func finish(seed: UInt64, _ dice: inout Dice) {
    conv.out_height =
      (conv.in_height + 2 * conv.pad_height - conv.kernel_height) / conv.stride_height + 1
    conv.out_width =
      (conv.in_width + 2 * conv.pad_width - conv.kernel_width) / conv.stride_width + 1
    let inputs = Int(conv.in_channels)
    let rows = Int(conv.steps * conv.in_height * conv.in_width)
    if seed % 4 == 0 {
      input = dice.reals(rows * inputs)
    } else if seed % 4 == 1 {
      isCounting = true
      let most = dice.roll(2...17)
      input = (0..<rows * inputs).map { _ in Float(max(0, dice.roll(-2 * most...most))) }
    } else {
      let drawn = Spikes(
        rows: rows, channels: inputs, oneIn: dice.pick([1, 3, 10, 30]), dice: &dice)
      input = drawn.plain.map { $0 ? 1 : 0 }
      spikes = drawn
    }
    weights = dice.reals(Int(conv.kernel_height * conv.kernel_width) * inputs * channels)
    if dice.roll(0...1) == 1 { bias = dice.reals(channels) }
    if dice.roll(0...1) == 1 {
      scale = dice.reals(channels)
      shift = dice.reals(channels)
    }
    conv.residual_steps = Int32(dice.roll(0...1) == 0 ? 1 : steps)
    if dice.roll(0...1) == 1 {
      residual = dice.reals(Int(conv.residual_steps) * positions * channels)
    }
    conv.neuron = randomNeuron(&dice)
  }

  /// Calls a convolution, all of whose pointers are set, with its scratch memory and workers.
  typealias Call = (
    inout snn_conv, UnsafeMutableRawPointer, UnsafeMutablePointer<snn_executor>?
  ) -> Void

  /// The kernel's sums and spikes, in one call unless `calling` makes several.
  func run(
    workers: Int, calling: Call = { snn_conv_run(&$0, $1, $2) }
  ) -> (reals: [Float], spikes: [UInt64]) {
    var reals = [Float](repeating: .nan, count: realSteps * positions * channels)
    var fired = [UInt64](repeating: .max, count: steps * positions * words(channels))
    var conv = conv
    withExecutor(workers: workers) { executor in
      withScratch(workers: workers) { scratch in
        input.withUnsafeBufferPointer { input in
          (spikes?.packed ?? []).withUnsafeBufferPointer { packed in
            weights.withUnsafeBufferPointer { weights in
              withOptional(bias) { bias in
                withOptional(scale) { scale in
                  withOptional(shift) { shift in
                    withOptional(residual) { residual in
                      reals.withUnsafeMutableBufferPointer { reals in
                        fired.withUnsafeMutableBufferPointer { fired in
                          conv.spikes = spikes == nil ? nil : packed.baseAddress
                          conv.reals = spikes == nil && !isCounting ? input.baseAddress : nil
                          conv.counts = isCounting ? input.baseAddress : nil
                          conv.weights = weights.baseAddress
                          conv.bias = bias
                          conv.scale = scale
                          conv.shift = shift
                          conv.residual = residual
                          conv.real_out = reals.baseAddress
                          conv.spikes_out = fired.baseAddress
                          calling(&conv, scratch, executor)
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return (reals, fired)
  }

  /// One sum, in the contract's order.
  func sum(step: Int, position: Int, channel: Int) -> Float {
    var sum = bias?[channel] ?? 0
    let height = Int(conv.in_height)
    let width = Int(conv.in_width)
    let inputs = Int(conv.in_channels)
    let (outY, outX) = position.quotientAndRemainder(dividingBy: Int(conv.out_width))
    for kernelY in 0..<Int(conv.kernel_height) {
      for kernelX in 0..<Int(conv.kernel_width) {
        let y = outY * Int(conv.stride_height) - Int(conv.pad_height) + kernelY
        let x = outX * Int(conv.stride_width) - Int(conv.pad_width) + kernelX
        guard (0..<height).contains(y), (0..<width).contains(x) else { continue }
        let row = ((conv.steps > 1 ? step : 0) * height + y) * width + x
        let tap = kernelY * Int(conv.kernel_width) + kernelX
        for index in 0..<inputs {
          let value = input[row * inputs + index]
          let weight = weights[(tap * inputs + index) * channels + channel]
          if isCounting {
            if value != 0 { sum += value * weight }
          } else if spikes == nil {
            sum += value * weight
          } else if value == 1 {
            sum += weight
          }
        }
      }
    }
    return sum
  }

  /// What `run` must return, and the membranes after the last step.
  func expected() -> (reals: [Float], spikes: [UInt64], membranes: [Float]) {
    var membranes = Membranes(conv.neuron, count: positions * channels)
    var reals: [Float] = []
    var fired: [Bool] = []
    for step in 0..<steps {
      let y = (0..<positions * channels).map { index -> Float in
        let (position, channel) = index.quotientAndRemainder(dividingBy: channels)
        var y = sum(step: step, position: position, channel: channel)
        if let scale, let shift {
          y *= scale[channel]
          y += shift[channel]
        }
        if let residual {
          y += residual[conv.residual_steps > 1 ? step * positions * channels + index : index]
        }
        return y
      }
      if step < realSteps { reals += y }
      fired += membranes.step(y)
    }
    return (reals, pack(fired, channels: channels), membranes.values)
  }

  /// Checks one run against the loops.
  func check(workers: Int) {
    let result = run(workers: workers)
    let expected = expected()
    #expect(bits(result.reals) == bits(expected.reals))
    #expect(result.spikes == expected.spikes)
  }
}

@Suite("Convolution")
struct ConvTests {
  @Test("agrees with plain loops on random geometry", arguments: UInt64(1)...80)
  func randomGeometry(seed: UInt64) {
    ConvCase(seed: seed).check(workers: Int(seed % 3) + 1)
  }

  @Test("serves linear layers on few and on very many steps", arguments: [1, 4, 1025, 2500])
  func linear(steps: Int) {
    for seed in UInt64(1)...3 {
      ConvCase(linear: 72, to: 70, steps: steps, seed: seed).check(workers: 2)
      ConvCase(linear: 300, to: 128, steps: min(steps, 40), seed: seed).check(workers: 1)
    }
  }

  @Test("serves maps of more rows than a block holds, sorted by their spikes")
  func manyRows() {
    for seed in UInt64(1)...3 {
      var dice = Dice(seed: seed)
      var many = ConvCase(linear: 80, to: 65, steps: 4, seed: seed)
      many.conv.in_height = 20
      many.conv.in_width = 19
      (many.conv.kernel_height, many.conv.kernel_width) = (2, 2)
      (many.conv.pad_height, many.conv.pad_width) = (1, 1)
      (many.conv.out_height, many.conv.out_width) = (21, 20)
      let drawn = Spikes(rows: 4 * 20 * 19, channels: 80, oneIn: 8, dice: &dice)
      many.input = seed == 3 ? dice.reals(drawn.plain.count) : drawn.plain.map { $0 ? 1 : 0 }
      many.isCounting = seed == 1
      many.spikes = seed == 2 ? drawn : nil
      many.weights = dice.reals(4 * 80 * 65)
      many.residual = nil
      many.check(workers: Int(seed))
    }
  }

  @Test("finds its input behind as much padding as there may be", arguments: [true, false])
  func widePadding(ofSpikes: Bool) {
    // The channels of the padding alone are more than 2^31.
    var wide = ConvCase(linear: 40_000, to: 3, steps: 1, seed: ofSpikes ? 2 : 4)
    (wide.conv.stride_width, wide.conv.pad_width, wide.conv.out_width) = (65536, 65536, 3)
    wide.residual = nil
    #expect((wide.spikes != nil) == ofSpikes)
    wide.check(workers: 1)
  }

  @Test("starts from +0 without a bias, and an inactive spike leaves -0 alone")
  func signedZero() {
    var one = ConvCase(linear: 8, to: 3, steps: 1, seed: 2)
    one.input = [Float](repeating: 0, count: 8)
    one.spikes = Spikes([Bool](repeating: false, count: 8), channels: 8)
    (one.bias, one.scale, one.shift, one.residual) = ([-0.0, 0, -1], nil, nil, nil)
    #expect(bits(one.run(workers: 1).reals) == bits([-0.0, 0, -1]))
    one.bias = nil
    #expect(bits(one.run(workers: 1).reals) == bits([0, 0, 0]))
  }
}
