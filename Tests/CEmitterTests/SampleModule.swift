import IRTestSupport
import SpikeIR

/// Small modules in which each kernel is called.
enum SampleModule {
  /// A module of dense layers and attention, with a name of the test's own in every place, whose
  /// weights `seed` determines.
  static func make(
    name: String = "sample_model", origin: String? = nil, seed: UInt64 = 1
  ) throws -> Module {
    var random = SeededRandom(seed)
    var builder = try ModuleBuilder(
      name: name, timeSteps: 3, input: ValueType(.real, [3, 4, 4], timed: false))
    func weight(_ name: String, _ shape: Shape) throws -> WeightID {
      try builder.add(
        Weight((origin ?? "") + name, shape, random.values(shape.count, of: .real)))
    }
    /// The test's name, or one that says what is meant.
    func path(_ plain: String) -> String {
      // In front of the hostile text, so that layers of neurons keep names of their own.
      origin.map { "\(plain)\($0)" } ?? plain
    }
    let encoder = try weight("encoder", [3, 3, 3, 6])
    let (scale, shift) = (try weight("scale", [6]), try weight("shift", [6]))
    let (middle, bias) = (try weight("middle", [1, 1, 6, 6]), try weight("bias", [6]))
    let head = try weight("head", [6, 5])
    var x = try builder.conv2d(.input, kernel: encoder, padding: [1, 1], from: path("conv"))
    x = try builder.affine(x, scale: scale, shift: shift, from: [path("bn")])
    let spikes = try builder.lif(x, tau: 1.5, threshold: 0.5, from: path("lif"))
    let pooled = try builder.maxPool2d(
      spikes, kernel: [2, 2], stride: [2, 2], padding: [0, 0], from: path("pool"))
    let split = try builder.reshape(pooled, [2, 3, 4], from: path("split"))
    let products = try builder.matmul(split, split, transposeRHS: true, from: path("kv"))
    var y = try builder.matmul(products, split, transposeLHS: true, from: path("qkv"))
    y = try builder.scale(y, by: 0.125, from: path("scale"))
    y = try builder.reshape(y, [6, 2, 2], from: path("join"))
    y = try builder.lif(y, tau: 2, threshold: 0.25, from: path("attn_lif"))
    y = try builder.conv2d(y, kernel: middle, bias: bias, from: path("proj"))
    y = try builder.add(y, pooled, from: path("add"))
    let squares = try builder.reshape(y, [6, 2, 2], from: path("same"))
    let fallback = try builder.matmul(squares, squares, from: path("matmul"))
    y = try builder.add(fallback, y, from: path("add2"))
    y = try builder.mean(y, from: path("mean"))
    y = try builder.meanSteps(y, from: path("steps"))
    y = try builder.linear(y, weight: head, from: path("head"))
    return try builder.finish(output: y)
  }

  /// A module for event cameras: frames in, a shortcut, an attention, and a mean over time out.
  static func frames() throws -> Module {
    var random = SeededRandom(3)
    var builder = try ModuleBuilder(
      name: "frames_model", timeSteps: 3, input: ValueType(.real, [2, 4, 4], timed: true))
    func weight(_ name: String, _ shape: Shape) throws -> WeightID {
      try builder.add(Weight(name, shape, random.values(shape.count, of: .real)))
    }
    let (encoder, middle) = (
      try weight("encoder", [3, 3, 2, 6]), try weight("middle", [1, 1, 6, 6])
    )
    let head = try weight("head", [6, 5])
    let sum = try builder.conv2d(
      .input, kernel: encoder, stride: [2, 2], padding: [1, 1], from: "conv")
    let spikes = try builder.lif(sum, tau: 1.5, threshold: 0.25, from: "lif")
    let split = try builder.reshape(spikes, [2, 3, 4], from: "split")
    let products = try builder.matmul(split, split, transposeRHS: true, from: "kv")
    var x = try builder.matmul(products, split, transposeLHS: true, from: "qkv")
    x = try builder.reshape(x, [6, 2, 2], from: "join")
    x = try builder.plif(x, inverseTau: 0.625, threshold: 0.5, from: "attn_lif")
    x = try builder.conv2d(x, kernel: middle, from: "proj")
    x = try builder.add(x, sum, from: "add")
    x = try builder.if(x, threshold: 0.5, from: "if")
    x = try builder.meanSteps(try builder.mean(x, from: "mean"), from: "steps")
    x = try builder.linear(x, weight: head, from: "head")
    return try builder.finish(output: x)
  }

  /// A module of convolutions in groups, neurons of every kind on channels and on tokens, and spikes
  /// that mask others.
  static func masked() throws -> Module {
    var random = SeededRandom(1)
    var builder = try ModuleBuilder(
      name: "masked_model", timeSteps: 2, input: ValueType(.real, [4, 4, 4], timed: false))
    func weight(_ name: String, _ shape: Shape) throws -> WeightID {
      try builder.add(Weight(name, shape, random.values(shape.count, of: .real)))
    }
    let depthwise = try weight("depthwise", [3, 3, 1, 4])
    let (projection, bias) = (try weight("projection", [1, 1, 4, 4]), try weight("bias", [8]))
    let groups = try weight("groups", [2, 2, 2, 8])
    var x = try builder.conv2d(
      .input, kernel: depthwise, padding: [1, 1], groups: 4, from: "depthwise")
    x = try builder.plif(x, inverseTau: 0.625, threshold: 0.5, from: "plif")
    x = try builder.conv2d(x, kernel: projection, from: "projection")
    x = try builder.transpose(try builder.reshape(x, [4, 16], from: "flat"), from: "tokens")
    x = try builder.if(x, threshold: 0.5, from: "tokens_if")
    x = try builder.transpose(x, from: "channels")
    let heads = try builder.reshape(x, [2, 2, 16], from: "heads")
    var mask = try builder.sum(heads, axis: 1, from: "sum")
    mask = try builder.lif(mask, tau: 1.5, threshold: 0.5, from: "mask")
    x = try builder.mul(heads, mask, from: "masked")
    x = try builder.complement(x, from: "not")
    x = try builder.reshape(x, [4, 4, 4], from: "map")
    x = try builder.conv2d(
      x, kernel: groups, bias: bias, stride: [2, 2], padding: [3, 3], groups: 2, from: "groups")
    x = try builder.meanSteps(try builder.mean(x, from: "mean"), from: "steps")
    return try builder.finish(output: x)
  }
}
