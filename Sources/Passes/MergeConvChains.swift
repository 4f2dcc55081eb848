import Diagnostics
import SpikeIR

extension Pass {
  /// Turns chains of convolutions without neurons between them into one convolution each.
  ///
  ///     %2 = conv2d %1, @"1 x 1"             %2 = conv2d %1, @"3 x 3", @"bias"
  ///     %3 = batch_norm %2, ...
  ///     %4 = conv2d %3, @"depthwise 3 x 3"  ->
  ///     %5 = conv2d %4, @"1 x 1"
  ///
  /// The one kernel is the product of all, computed in binary64 and rounded once; what norms
  /// and biases add becomes its bias, if anything does. Padding ahead of a norm is padded with what
  /// the norm gives to zero, which is just what that bias adds. A merged layer reads spikes where its
  /// chain multiplied real numbers, and has more weights: `snnc opt --input` says what it costs and
  /// saves.
  public static let mergeConvChains = Pass(
    "merge-conv-chains",
    "Merges convolutions without neurons between them (RepConv, SepConv)."
  ) { module throws(Diagnostic) in
    let chains = module.convChains
    let ends = Dictionary(uniqueKeysWithValues: chains.map { ($0.output, $0) })
    let inner = Set(chains.flatMap { $0.values.dropLast() })
    var rewriter = Rewriter(module)
    for (value, node) in module.definitions where !inner.contains(value) {
      if let chain = ends[value] {
        rewriter[value] = try rewriter.merge(chain)
      } else {
        try rewriter.copy(value, node)
      }
    }
    return try rewriter.finish()
  }
}

extension Rewriter {
  /// Appends the one convolution that stands for `chain`.
  fileprivate mutating func merge(_ chain: ConvChain) throws(Diagnostic) -> ValueID {
    let nodes = chain.values.compactMap { module.definition(of: $0) }
    let (inputs, outputs) = (
      module.type(of: chain.input).shape[0], nodes[nodes.count - 1].type.shape[0]
    )
    let shape: Shape = [chain.kernel[0], chain.kernel[1], inputs, outputs]
    let (kernel, bias) = try module.product(of: nodes, inputs: inputs, shape)
    let name = module.weight(nodes[0].weights[0]).name
    var weights = [try add("\(name).merged", shape, kernel)]
    if chain.hasConstant { weights.append(try add("\(name).merged.bias", [outputs], bias)) }
    return try builder.append(
      .conv2d(Conv2D(stride: chain.window.stride, padding: chain.window.padding)),
      [self[chain.input]], weights: weights, from: nodes.allOrigins)
  }
}

extension Module {
  /// The kernel of `shape` and the bias of the one convolution that stands for `nodes`; absent where
  /// one of their weights is.
  fileprivate func product(
    of nodes: [Node], inputs: Int, _ shape: Shape
  ) throws(Diagnostic) -> (kernel: WeightData, bias: WeightData) {
    guard nodes.allSatisfy({ $0.weights.allSatisfy { !weight($0).data.isAbsent } }) else {
      return (WeightData(absent: shape.count), WeightData(absent: shape[3]))
    }
    var product = LinearMap(identityOf: inputs)
    for node in nodes { try product.append(node, in: self) }
    let kernel = WeightData(product.values.map { Float($0) })
    let bias = WeightData(product.constant.map { Float($0) })
    try kernel.requireFinite(mergedFrom: nodes)
    try bias.requireFinite(mergedFrom: nodes)
    return (kernel, bias)
  }
}

/// What a chain computes, so far: a kernel `[taps, in, out]` and a constant, in binary64.
private struct LinearMap {
  /// How many groups do not see one another; the kernel is `[taps, in / groups, out]`.
  private var groups: Int
  private let inputs: Int
  private var outputs: Int
  private var taps = 1
  /// The kernel's numbers.
  private(set) var values: [Double]
  /// What each output is where the input is zero.
  private(set) var constant: [Double]

  /// The map of `channels` onto themselves.
  init(identityOf channels: Int) {
    (inputs, outputs, groups) = (channels, channels, channels)
    values = [Double](repeating: 1, count: channels)
    constant = [Double](repeating: 0, count: channels)
  }

  /// Takes the convolution or norm `node` behind what there is.
  mutating func append(_ node: Node, in module: Module) throws(Diagnostic) {
    guard case .conv2d(let op) = node.op else {
      scale(try module.scaleAndShift(of: node))
      return
    }
    let kernel = module.weight(node.weights[0])
    multiply(kernel, groups: op.groups)
    if node.weights.count > 1 {
      let bias = module.weight(node.weights[1]).data.floats
      for output in 0..<outputs { constant[output] += Double(bias[output]) }
    }
  }

  /// Multiplies each output by a scale and adds a shift.
  private mutating func scale(_ pairs: [(scale: Double, shift: Double)]) {
    for index in values.indices { values[index] *= pairs[index % outputs].scale }
    for output in 0..<outputs {
      constant[output] = constant[output] * pairs[output].scale + pairs[output].shift
    }
  }

  /// Takes the kernel `[rows, columns, in / groups, out]`; of the two kernels one has one tap.
  private mutating func multiply(_ kernel: Weight, groups others: Int) {
    let (width, ends) = (kernel.shape[2], kernel.shape[3])
    let count = kernel.shape[0] * kernel.shape[1]
    let numbers = kernel.data.floats.map(Double.init)
    /// The outputs that see the middle channel, and where its weights for all start.
    func seen(by middle: Int, _ tap: Int) -> (ends: Range<Int>, from: Int) {
      let group = middle / width
      return (
        group * ends / others..<(group + 1) * ends / others,
        (tap * width + middle % width) * ends
      )
    }
    var product = [Double](repeating: 0, count: taps * count * inputs * ends)
    product.withUnsafeMutableBufferPointer { product in
      for tap in 0..<taps * count {
        // Some inputs at a time, so that a row of numbers is fetched once for all of them.
        for first in stride(from: 0, to: inputs, by: 16) {
          for middle in 0..<outputs {
            let (seen, from) = seen(by: middle, tap % count)
            for input in first..<min(first + 16, inputs) where middles(of: input).contains(middle) {
              add(
                numbers, from + seen.lowerBound,
                times: values[index(tap / count, input, middle)], to: product,
                (tap * inputs + input) * ends + seen.lowerBound, seen.count)
            }
          }
        }
      }
    }
    var sums = [Double](repeating: 0, count: ends)
    sums.withUnsafeMutableBufferPointer { sums in
      for tap in 0..<count {
        for middle in 0..<outputs {
          let (ends, from) = seen(by: middle, tap)
          add(
            numbers, from + ends.lowerBound, times: constant[middle], to: sums, ends.lowerBound,
            ends.count)
        }
      }
    }
    (values, constant) = (product, sums)
    (groups, outputs, taps) = (1, ends, taps * count)
  }

  /// Adds `count` numbers times `factor`: the loop in which merging spends its time.
  private func add(
    _ numbers: [Double], _ from: Int, times factor: Double,
    to sums: UnsafeMutableBufferPointer<Double>, _ start: Int, _ count: Int
  ) {
    guard factor != 0 else { return }
    numbers.withUnsafeBufferPointer { numbers in
      guard let target = sums.baseAddress.map({ $0 + start }),
        let terms = numbers.baseAddress.map({ $0 + from })
      else { return }
      // No sum of offsets in the loop, which then runs in vector lanes.
      for index in 0..<count { target[index] += factor * terms[index] }
    }
  }

  /// The outputs so far that see `input`.
  private func middles(of input: Int) -> Range<Int> {
    let group = input / (inputs / groups)
    return group * outputs / groups..<(group + 1) * outputs / groups
  }

  /// Where the number of an input and one of its outputs stands.
  private func index(_ tap: Int, _ input: Int, _ output: Int) -> Int {
    let width = inputs / groups
    return (tap * width + input % width) * outputs + output
  }
}
