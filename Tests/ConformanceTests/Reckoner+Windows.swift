import SpikeIR

// Ops with more to them than a formula: windows, matrices and neurons.
extension Reckoner {
  /// One element of a convolution, at channel, row and column `i`.
  func convolved(_ node: Node, _ op: Conv2D, _ x: Value, _ t: Int, _ i: [Int]) -> Float {
    let kernel = weight(node, 0)
    let (rows, columns, inputs) = (kernel.type.shape[0], kernel.type.shape[1], kernel.type.shape[2])
    let perGroup = node.type.shape[0] / op.groups
    let group = mistake == .interleavedGroups ? i[0] % op.groups : i[0] / perGroup
    var terms: [(place: [Int], pair: (Float, Float))] = []
    for r in 0..<rows {
      for c in 0..<columns {
        let y = i[1] * op.window.stride[0] + r - op.window.padding[0]
        let column = i[2] * op.window.stride[1] + c - op.window.padding[1]
        let isInside =
          (0..<x.type.shape[1]).contains(y) && (0..<x.type.shape[2]).contains(column)
        guard isInside || mistake == .paddingAdded else { continue }
        for channel in 0..<inputs {
          let place =
            mistake == .flipped
            ? [rows - 1 - r, columns - 1 - c, channel, i[0]] : [r, c, channel, i[0]]
          let value = isInside ? x(t, [group * inputs + channel, y, column]) : 0
          terms.append(([r, c, channel], (value, kernel(0, place))))
        }
      }
    }
    // Where nothing is wrong, the loops above have the right order.
    if mistake == .channelFirst {
      terms.sort {
        [$0.place[2], $0.place[0], $0.place[1]].lexicographicallyPrecedes([
          $1.place[2], $1.place[0], $1.place[1],
        ])
      }
    } else if mistake == .columnFirst {
      terms.sort {
        [$0.place[1], $0.place[0], $0.place[2]].lexicographicallyPrecedes([
          $1.place[1], $1.place[0], $1.place[2],
        ])
      }
    }
    let isGated = x.type.domain == .spike && mistake != .paddingAdded
    return sum(terms.map(\.pair), from: bias(node, i[0]), gated: isGated)
  }

  /// One element of a product of matrices.
  func product(_ op: Matmul, _ operands: [Value], _ t: Int, _ i: [Int]) -> Float {
    let isIgnored = mistake == .transposeIgnored
    let isTurned = [op.transposeLHS && !isIgnored, op.transposeRHS && !isIgnored]
    let inner = operands[0].type.shape[op.transposeLHS ? 1 : 2]
    return sum(
      (0..<inner).map { k in
        (
          operands[0](t, isTurned[0] ? [i[0], k, i[1]] : [i[0], i[1], k]),
          operands[1](t, isTurned[1] ? [i[0], i[2], k] : [i[0], k, i[2]])
        )
      }, from: nil)
  }

  /// The largest element of a window.
  func maximum(_ op: MaxPool2D, _ x: Value, _ t: Int, _ i: [Int]) -> Float {
    var largest = mistake == .zeroPadding ? 0 as Float? : nil
    var isPadded = false
    for r in 0..<op.kernel[0] {
      for c in 0..<op.kernel[1] {
        let y = i[1] * op.window.stride[0] + r - op.window.padding[0]
        let column = i[2] * op.window.stride[1] + c - op.window.padding[1]
        guard (0..<x.type.shape[1]).contains(y), (0..<x.type.shape[2]).contains(column) else {
          isPadded = true
          continue
        }
        let value = x(t, [i[0], y, column])
        let isLarger = largest.map { mistake == .lastMaximum ? value >= $0 : value > $0 } ?? true
        if isLarger { largest = value }
      }
    }
    guard mistake == .zeroPadding, !isPadded else { return largest ?? 0 }
    return Reckoner(module: module).maximum(op, x, t, i)
  }

  /// A layer of neurons.
  func fired(_ node: Node, _ x: Value) -> Value {
    guard let neuron = node.op.neuron else { return x }
    let (count, steps) = (node.type.shape.count, module.timeSteps)
    var spikes = [Float](repeating: 0, count: count * steps)
    for index in 0..<count {
      // In binary64 only by mistake; otherwise each number is one of binary32.
      var membrane = 0.0
      for step in 0..<steps {
        let time = mistake == .backwards ? steps - 1 - step : step
        let input =
          x.type.isTimed
          ? x.elements[time * count + index]
          : step > 0 && mistake == .seenOnce ? 0 : x.elements[index]
        membrane =
          mistake == .binary64
          ? charged(membrane, Double(input), neuron.charge)
          : Double(flushedMembrane(charged(Float(membrane), input, neuron.charge)))
        let threshold = Double(neuron.threshold)
        guard mistake == .aboveThreshold ? membrane > threshold : membrane >= threshold else {
          continue
        }
        spikes[time * count + index] = 1
        if mistake == .softReset {
          membrane = Double(Float(membrane) - neuron.threshold)
        } else if mistake != .noReset {
          membrane = 0
        }
      }
    }
    return Value(type: node.type, elements: spikes)
  }

  private func flushedMembrane(_ v: Float) -> Float {
    mistake == .flushed && v.isSubnormal ? 0 : v
  }

  /// The membrane after an input, in binary32.
  private func charged(_ v: Float, _ x: Float, _ charge: NeuronDynamics.Charge) -> Float {
    switch (charge, mistake) {
    case (.integrating, _): return v + x
    case (.leaky(let tau), .reciprocal): return v + (x - v) * (1 / tau)
    case (.leaky(let tau), .leakFirst): return v * (1 - 1 / tau) + x / tau
    case (.leaky(let tau), .inputUndivided): return v - v / tau + x
    case (.leaky(let tau), _): return v + (x - v) / tau
    case (.learned(let k), .fused): return v.addingProduct(x - v, k)
    case (.learned(let k), .leakFirst): return v * (1 - k) + x * k
    case (.learned(let k), .inputUndivided): return v - v * k + x
    case (.learned(let k), _): return v + (x - v) * k
    }
  }

  /// The membrane after an input, in binary64.
  private func charged(_ v: Double, _ x: Double, _ charge: NeuronDynamics.Charge) -> Double {
    switch charge {
    case .integrating: v + x
    case .leaky(let tau): v + (x - v) / Double(tau)
    case .learned(let k): v + (x - v) * Double(k)
    }
  }
}
