import CSpikeKernels
import Testing

/// One convolution in groups, of random geometry, with the loops that check it.
struct GroupedConvCase {
  var conv = snn_conv()
  let groups: Int
  var input: [Float]
  var spikes: Spikes?
  let weights: [Float]
  var bias: [Float]?

  private var inputs: Int { Int(conv.in_channels) / groups }
  private var outputs: Int { Int(conv.out_channels) / groups }
  private var outRows: Int { Int(conv.steps * conv.out_height * conv.out_width) }

  /// A case of `groups` groups, of `inputs` and `outputs` channels each.
  init(groups: Int, inputs: Int, outputs: Int, ofSpikes: Bool, seed: UInt64) {
    var dice = Dice(seed: seed)
    self.groups = groups
    conv.steps = Int32(dice.roll(1...3))
    (conv.kernel_height, conv.kernel_width) = (Int32(dice.roll(1...4)), Int32(dice.roll(1...4)))
    (conv.stride_height, conv.stride_width) = (Int32(dice.roll(1...3)), Int32(dice.roll(1...3)))
    // Up to beyond the kernel, so that whole windows are padding.
    (conv.pad_height, conv.pad_width) = (Int32(dice.roll(0...5)), Int32(dice.roll(0...5)))
    conv.in_height = max(1, conv.kernel_height - 2 * conv.pad_height) + Int32(dice.roll(0...4))
    conv.in_width = max(1, conv.kernel_width - 2 * conv.pad_width) + Int32(dice.roll(0...4))
    conv.out_height =
      (conv.in_height + 2 * conv.pad_height - conv.kernel_height) / conv.stride_height + 1
    conv.out_width =
      (conv.in_width + 2 * conv.pad_width - conv.kernel_width) / conv.stride_width + 1
    (conv.in_channels, conv.out_channels) = (Int32(groups * inputs), Int32(groups * outputs))
    let rows = Int(conv.steps * conv.in_height * conv.in_width)
    if ofSpikes {
      let drawn = Spikes(
        rows: rows, channels: groups * inputs, oneIn: dice.pick([1, 2, 5]), dice: &dice)
      input = drawn.plain.map { $0 ? 1 : 0 }
      spikes = drawn
    } else {
      input = dice.reals(rows * groups * inputs)
    }
    let taps = Int(conv.kernel_height * conv.kernel_width)
    weights = dice.reals(taps * inputs * groups * outputs)
    bias = dice.roll(0...1) == 0 ? nil : dice.reals(groups * outputs)
  }

  /// The kernel's sums.
  func run(workers: Int) -> [Float] {
    var conv = conv
    var sums = [Float](repeating: .nan, count: outRows * Int(conv.out_channels))
    withExecutor(workers: workers) { executor in
      input.withUnsafeBufferPointer { input in
        (spikes?.packed ?? []).withUnsafeBufferPointer { packed in
          weights.withUnsafeBufferPointer { weights in
            withOptional(bias) { bias in
              sums.withUnsafeMutableBufferPointer { sums in
                conv.spikes = spikes == nil ? nil : packed.baseAddress
                conv.reals = spikes == nil ? input.baseAddress : nil
                conv.weights = weights.baseAddress
                conv.bias = bias
                conv.real_out = sums.baseAddress
                snn_grouped_run(&conv, Int32(groups), executor)
              }
            }
          }
        }
      }
    }
    return sums
  }

  /// What `run` must return.
  func expected() -> [Float] {
    (0..<outRows).flatMap { row in
      (0..<Int(conv.out_channels)).map { sum(row: row, channel: $0) }
    }
  }

  /// One sum, in the contract's order.
  private func sum(row: Int, channel: Int) -> Float {
    let (line, outX) = row.quotientAndRemainder(dividingBy: Int(conv.out_width))
    let (step, outY) = line.quotientAndRemainder(dividingBy: Int(conv.out_height))
    var sum = bias?[channel] ?? 0
    for kernelY in 0..<Int(conv.kernel_height) {
      let y = outY * Int(conv.stride_height) - Int(conv.pad_height) + kernelY
      guard (0..<Int(conv.in_height)).contains(y) else { continue }
      for kernelX in 0..<Int(conv.kernel_width) {
        let x = outX * Int(conv.stride_width) - Int(conv.pad_width) + kernelX
        guard (0..<Int(conv.in_width)).contains(x) else { continue }
        let position = (step * Int(conv.in_height) + y) * Int(conv.in_width) + x
        let first = position * Int(conv.in_channels) + channel / outputs * inputs
        let tap = kernelY * Int(conv.kernel_width) + kernelX
        for index in 0..<inputs {
          let weight = weights[(tap * inputs + index) * Int(conv.out_channels) + channel]
          add(input[first + index], weight, to: &sum)
        }
      }
    }
    return sum
  }

  /// Adds one term: a weight where it is gated, a rounded product otherwise.
  private func add(_ value: Float, _ weight: Float, to sum: inout Float) {
    if spikes == nil {
      let product = value * weight
      sum += product
    } else if value == 1 {
      sum += weight
    }
  }

  /// Checks runs on one and on two workers against the loops.
  func check() {
    let expected = bits(expected())
    for workers in 1...2 { #expect(bits(run(workers: workers)) == expected) }
  }
}

@Suite("Convolution in groups")
struct GroupedConvTests {
  @Test(
    "depthwise ones agree with plain loops, whatever the lanes",
    arguments: [1, 3, 4, 7, 8, 15, 16, 17, 63, 64, 65, 72, 100, 130])
  func depthwise(channels: Int) {
    for seed in UInt64(1)...4 {
      for ofSpikes in [true, false] {
        GroupedConvCase(
          groups: channels, inputs: 1, outputs: 1, ofSpikes: ofSpikes, seed: seed
        ).check()
      }
    }
  }

  @Test("others agree with plain loops", arguments: UInt64(1)...24)
  func groups(seed: UInt64) {
    var dice = Dice(seed: seed)
    GroupedConvCase(
      groups: dice.roll(1...9), inputs: dice.roll(1...20), outputs: dice.roll(1...20),
      ofSpikes: seed.isMultiple(of: 2), seed: seed
    ).check()
    GroupedConvCase(
      groups: dice.pick([5, 16, 70]), inputs: 1, outputs: dice.roll(2...3),
      ofSpikes: seed.isMultiple(of: 2), seed: seed
    ).check()
  }

  @Test("an inactive spike leaves -0 alone")
  func signedZero() {
    for channels in [1, 16, 17] {
      var silent = GroupedConvCase(
        groups: channels, inputs: 1, outputs: 1, ofSpikes: true, seed: 3)
      let plain = [Bool](repeating: false, count: silent.input.count)
      silent.spikes = Spikes(plain, channels: channels)
      silent.input = plain.map { _ in 0 }
      silent.bias = [Float](repeating: -0.0, count: channels)
      silent.check()
    }
  }

  @Test("a window of nothing but padding gives the bias")
  func onlyPadding() {
    for seed in UInt64(1)...8 {
      var padded = GroupedConvCase(
        groups: 17, inputs: 1, outputs: 1, ofSpikes: seed.isMultiple(of: 2), seed: seed)
      padded.conv.pad_height += padded.conv.kernel_height + padded.conv.in_height
      padded.conv.out_height =
        (padded.conv.in_height + 2 * padded.conv.pad_height - padded.conv.kernel_height)
        / padded.conv.stride_height + 1
      padded.check()
      let bias = padded.bias ?? [Float](repeating: 0, count: 17)
      #expect(bits(Array(padded.run(workers: 1).prefix(17))) == bits(bias))
    }
  }
}
