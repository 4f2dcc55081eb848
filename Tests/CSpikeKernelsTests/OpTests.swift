import CSpikeKernels
import Testing

@Suite("Operations")
struct OpTests {
  @Test("neurons fire as the contract says", arguments: UInt64(1)...24)
  func neurons(seed: UInt64) {
    var dice = Dice(seed: seed)
    let steps = dice.roll(1...6)
    let positions = dice.roll(1...90)
    let channels = dice.pick([1, 3, 10, 64, 72, 130])
    var neuron = randomNeuron(&dice)
    let inputSteps = dice.roll(0...1) == 0 ? 1 : steps
    let count = positions * channels
    let input = dice.reals(inputSteps * count).map { $0 * 3 }
    var fired = [UInt64](repeating: .max, count: steps * positions * words(channels))
    withExecutor(workers: Int(seed % 3) + 1) { executor in
      snn_neuron_run(
        input, Int32(inputSteps), Int32(steps), Int32(positions), Int32(channels), &neuron, nil,
        &fired, executor)
    }
    var membranes = Membranes(neuron, count: count)
    var expected: [Bool] = []
    for step in 0..<steps {
      let start = inputSteps > 1 ? step * count : 0
      expected += membranes.step(Array(input[start..<start + count]))
    }
    #expect(fired == pack(expected, channels: channels))
  }

  @Test("a neuron at its threshold fires, and one that is not a number does not")
  func threshold() {
    var neuron = snn_neuron(tau: 2, threshold: 0.5, kind: Int32(SNN_LIF))
    var fired: [UInt64] = [0]
    snn_neuron_run([1, Float(1).nextDown, .nan, .infinity], 1, 1, 1, 4, &neuron, nil, &fired, nil)
    #expect(fired == [0b1001])
  }

  @Test("max pooling joins spikes and keeps the first of the largest", arguments: UInt64(1)...24)
  func pooling(seed: UInt64) {
    var dice = Dice(seed: seed)
    var pool = snn_pool()
    pool.steps = Int32(dice.roll(1...3))
    pool.channels = dice.pick([1, 3, 64, 72, 130])
    pool.kernel_height = Int32(dice.roll(1...3))
    pool.kernel_width = Int32(dice.roll(1...3))
    pool.stride_height = Int32(dice.roll(1...3))
    pool.stride_width = Int32(dice.roll(1...3))
    pool.pad_height = Int32(dice.roll(0...1))
    pool.pad_width = Int32(dice.roll(0...1))
    pool.in_height = Int32(dice.roll(3...9))
    pool.in_width = Int32(dice.roll(3...9))
    pool.out_height =
      (pool.in_height + 2 * pool.pad_height - pool.kernel_height) / pool.stride_height + 1
    pool.out_width =
      (pool.in_width + 2 * pool.pad_width - pool.kernel_width) / pool.stride_width + 1
    let channels = Int(pool.channels)
    let rows = Int(pool.steps * pool.in_height * pool.in_width)
    let spikes = Spikes(rows: rows, channels: channels, oneIn: 6, dice: &dice)
    let reals = dice.reals(rows * channels).map { dice.roll(0...9) == 0 ? .nan : $0 }
    let outRows = Int(pool.steps * pool.out_height * pool.out_width)
    var joined = [UInt64](repeating: .max, count: outRows * words(channels))
    var largest = [Float](repeating: 7, count: outRows * channels)
    withExecutor(workers: Int(seed % 2) + 1) { executor in
      snn_max_pool_spikes(&pool, spikes.packed, &joined, executor)
      snn_max_pool_reals(&pool, reals, &largest, executor)
    }
    var expectedSpikes: [Bool] = []
    var expectedReals: [Float] = []
    for out in 0..<outRows {
      for channel in 0..<channels {
        var any = false
        var best = -Float.infinity
        for index in window(of: out, pool) {
          any = any || spikes.plain[index * channels + channel]
          let value = reals[index * channels + channel]
          if value > best || value.isNaN { best = value }
        }
        expectedSpikes.append(any)
        expectedReals.append(best)
      }
    }
    #expect(joined == pack(expectedSpikes, channels: channels))
    #expect(bits(largest) == bits(expectedReals))
  }

  /// The input rows of an output row's window, without padding.
  private func window(of out: Int, _ pool: snn_pool) -> [Int] {
    let (row, x) = out.quotientAndRemainder(dividingBy: Int(pool.out_width))
    let (step, y) = row.quotientAndRemainder(dividingBy: Int(pool.out_height))
    var rows: [Int] = []
    for kernelY in 0..<Int(pool.kernel_height) {
      for kernelX in 0..<Int(pool.kernel_width) {
        let inY = y * Int(pool.stride_height) - Int(pool.pad_height) + kernelY
        let inX = x * Int(pool.stride_width) - Int(pool.pad_width) + kernelX
        guard (0..<Int(pool.in_height)).contains(inY) else { continue }
        guard (0..<Int(pool.in_width)).contains(inX) else { continue }
        rows.append((step * Int(pool.in_height) + inY) * Int(pool.in_width) + inX)
      }
    }
    return rows
  }

  @Test("attention is exact where heads straddle words", arguments: [1, 4, 16, 24, 64, 96, 130])
  func attention(width: Int) {
    for seed in UInt64(1)...4 {
      var dice = Dice(seed: seed)
      var attention = snn_attention()
      let steps = seed == 1 ? 1 : dice.roll(1...3)
      let outSteps = steps == 1 ? 3 : steps
      let tokens = dice.roll(1...40)
      let heads = dice.roll(1...9)
      let channels = heads * width
      attention.steps = Int32(steps)
      attention.tokens = Int32(tokens)
      attention.heads = Int32(heads)
      attention.width = Int32(width)
      attention.out_steps = Int32(outSteps)
      attention.factor = dice.pick([0.125, 0.3])
      attention.neuron = randomNeuron(&dice)
      let rows = steps * tokens
      let queries = Spikes(rows: rows, channels: channels, oneIn: 5, dice: &dice)
      let keys = Spikes(rows: rows, channels: channels, oneIn: 4, dice: &dice)
      let values = Spikes(rows: rows, channels: channels, oneIn: 3, dice: &dice)
      var reals = [Float](repeating: .nan, count: rows * channels)
      var fired = [UInt64](repeating: .max, count: outSteps * tokens * words(channels))
      let workspace = UnsafeMutableRawPointer.allocate(
        byteCount: snn_attention_bytes(attention.steps, attention.heads, attention.width),
        alignment: 64)
      defer { workspace.deallocate() }
      let workers = Int(seed % 3) + 1
      queries.packed.withUnsafeBufferPointer { q in
        keys.packed.withUnsafeBufferPointer { k in
          values.packed.withUnsafeBufferPointer { v in
            reals.withUnsafeMutableBufferPointer { reals in
              fired.withUnsafeMutableBufferPointer { fired in
                attention.queries = q.baseAddress
                attention.keys = k.baseAddress
                attention.values = v.baseAddress
                attention.real_out = reals.baseAddress
                attention.spikes_out = fired.baseAddress
                withExecutor(workers: workers) { executor in
                  withScratch(workers: workers) { scratch in
                    snn_attention_run(&attention, workspace, scratch, executor)
                  }
                }
              }
            }
          }
        }
      }
      let sums = attend(queries.plain, keys.plain, values.plain, steps, tokens, heads, width)
      let expected = sums.map { Float($0) * attention.factor }
      #expect(bits(reals) == bits(expected))
      var membranes = Membranes(attention.neuron, count: tokens * channels)
      var spikes: [Bool] = []
      for step in 0..<outSteps {
        let start = (steps > 1 ? step : 0) * tokens * channels
        spikes += membranes.step(Array(expected[start..<start + tokens * channels]))
      }
      #expect(fired == pack(spikes, channels: channels))
    }
  }

  /// The integer sums of attention, in the order (q k^T) v.
  private func attend(
    _ queries: [Bool], _ keys: [Bool], _ values: [Bool], _ steps: Int, _ tokens: Int, _ heads: Int,
    _ width: Int
  ) -> [Int] {
    let channels = heads * width
    var sums = [Int](repeating: 0, count: steps * tokens * channels)
    for step in 0..<steps {
      for head in 0..<heads {
        for n in 0..<tokens {
          let query = (step * tokens + n) * channels + head * width
          for m in 0..<tokens {
            let key = (step * tokens + m) * channels + head * width
            let score = (0..<width).count { queries[query + $0] && keys[key + $0] }
            guard score > 0 else { continue }
            for j in 0..<width where values[key + j] { sums[query + j] += score }
          }
        }
      }
    }
    return sums
  }

  @Test("plain arithmetic and its broadcasts")
  func arithmetic() {
    var dice = Dice(seed: 5)
    let (steps, positions, channels) = (3, 7, 10)
    let count = positions * channels
    let a = dice.reals(steps * count)
    let b = dice.reals(count)
    var out = [Float](repeating: .nan, count: steps * count)
    snn_add(b, 1, a, Int32(steps), Int32(steps), count, &out)
    #expect(bits(out) == bits(a.indices.map { b[$0 % count] + a[$0] }))
    snn_scale(a, 0.3, a.count, &out)
    #expect(bits(out) == bits(a.map { $0 * 0.3 }))
    snn_affine(a, b, Array(b[channels...]), steps * positions, Int32(channels), &out)
    let affine = a.indices.map { index -> Float in
      let product = a[index] * b[index % channels]
      return product + b[channels + index % channels]
    }
    #expect(bits(out) == bits(affine))
  }

  @Test("means add in ascending order and divide once")
  func means() {
    var dice = Dice(seed: 6)
    let (steps, positions, channels) = (3, 7, 10)
    let count = positions * channels
    let a = dice.reals(steps * count)
    var out = [Float](repeating: .nan, count: steps * channels)
    snn_mean_positions(a, Int32(steps), Int32(positions), Int32(channels), &out)
    let overPositions = (0..<steps * channels).map { index -> Float in
      let (step, channel) = index.quotientAndRemainder(dividingBy: channels)
      let terms = (0..<positions).map { a[step * count + $0 * channels + channel] }
      return terms.reduce(0, +) / Float(positions)
    }
    #expect(bits(out) == bits(overPositions))
    out = [Float](repeating: .nan, count: count)
    snn_mean_steps(a, Int32(steps), count, &out)
    let overSteps = (0..<count).map { index in
      (0..<steps).map { a[$0 * count + index] }.reduce(0, +) / Float(steps)
    }
    #expect(bits(out) == bits(overSteps))
    // The same, added step by step and divided at the end.
    var sums = [Float](repeating: 0, count: count)
    for step in 0..<steps {
      snn_add(sums, 1, Array(a[(step * count)...]), 1, 1, count, &sums)
    }
    snn_divide(sums, Float(steps), count, &out)
    #expect(bits(out) == bits(overSteps))
  }

  @Test("layouts turn into one another", arguments: [1, 4, 64, 72, 130])
  func layouts(channels: Int) {
    var dice = Dice(seed: UInt64(channels))
    let (steps, positions) = (2, 9)
    let spikes = Spikes(rows: steps * positions, channels: channels, oneIn: 3, dice: &dice)
    let plain: [Float] = spikes.plain.map { $0 ? 1 : 0 }
    var reals = [Float](repeating: .nan, count: plain.count)
    snn_unpack_spikes(spikes.packed, steps * positions, Int32(channels), &reals)
    #expect(bits(reals) == bits(plain))
    var packed = [UInt64](repeating: .max, count: spikes.packed.count)
    let signs: [Float] = plain.map { $0 == 0 ? -0.0 : -2 }
    snn_pack_spikes(signs, steps * positions, Int32(channels), &packed)
    #expect(packed == spikes.packed)
    var planar = [UInt8](repeating: 7, count: plain.count)
    snn_planar_bits(
      spikes.packed, Int32(steps), Int32(positions), Int32(channels), &planar)
    snn_channels_last(
      planar.map { Float($0) }, Int32(steps), Int32(channels), Int32(positions), &reals)
    #expect(bits(reals) == bits(plain))
    #expect(planar[positions - 1] == (spikes.plain[(positions - 1) * channels] ? 1 : 0))
  }

  @Test("matrices multiply in ascending order, whatever their strides")
  func matmul() {
    var dice = Dice(seed: 8)
    let (batches, rows, columns, inner) = (2, 5, 6, 33)
    let a = dice.reals(batches * rows * inner)
    let b = dice.reals(columns * inner)
    var out = [Float](repeating: .nan, count: batches * rows * columns)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        var left = snn_matrix(
          data: a.baseAddress, batch_stride: rows * inner, row_stride: inner, column_stride: 1)
        var right = snn_matrix(
          data: b.baseAddress, batch_stride: 0, row_stride: 1, column_stride: inner)
        snn_matmul(
          &left, &right, Int32(batches), Int32(rows), Int32(columns), Int32(inner), &out)
      }
    }
    let expected = out.indices.map { index -> Float in
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      var sum: Float = 0
      for i in 0..<inner {
        let product = a[row * inner + i] * b[column * inner + i]
        sum += product
      }
      return sum
    }
    #expect(bits(out) == bits(expected))
  }
}
