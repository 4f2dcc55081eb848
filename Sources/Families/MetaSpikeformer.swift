import Diagnostics
import SpikeIR

/// Meta-SpikeFormer (Spike-driven Transformer V2): stages of convolutions, then of attention whose
/// projections are chains of convolutions without neurons between them (RepConv, SepConv).
///
/// Source: BICLab/Spike-Driven-Transformer-V2, `classification/models.py` (arXiv 2404.03663).
struct MetaSpikeformer: Family {
  /// What one model is.
  struct Configuration: Sendable {
    let channels: Int
    let classes: Int
    /// The widths behind the five convolutions that halve the map (the last one keeps it).
    let widths: [Int]
    /// The number of blocks behind each.
    let depths: [[Int]]
    let heads: Int
    let timeSteps: Int
    let imageSize: Int
    let tau: Double
    let attentionScale: Double
    /// Whether there is a second head, which a teacher trained.
    let hasTeacher: Bool
    /// The extent of axis 0 of a tensor that decides the width within a block.
    let hidden: [String: Int]
  }

  let name = "meta-spikeformer"

  let summary = "Spike-driven Transformer V2 (BICLab/Spike-Driven-Transformer-V2)"

  let needs = "time steps (1 or 4), heads where 8 do not divide the width"

  let presets: [Preset] = [
    preset("8-384", 480, parameters: 31.3), preset("8-512", 640, parameters: 55.35),
    preset("8-768", 960),
  ]

  /// The authors name a size by its next to last width.
  private static func preset(
    _ name: String, _ width: Int, parameters: Double? = nil
  ) -> Preset {
    Preset(
      "meta-spikeformer-\(name)", .imagenet, width: width, depth: 8, heads: 8, timeSteps: 4,
      parameters: parameters, unsettled: [.timeSteps])
  }

  let landmarks = [
    ["head.weight"], ["downsample1_1.encode_conv.weight"], ["ConvBlock1_1.0.Conv.pwconv1.weight"],
    ["block3.0.attn.q_conv.0.body.0.weight"],
  ]

  /// The downsampling layers with the names of the lists of blocks behind each.
  fileprivate static let stages: [(downsample: String, blocks: [String])] = [
    ("downsample1_1", ["ConvBlock1_1"]), ("downsample1_2", ["ConvBlock1_2"]),
    ("downsample2", ["ConvBlock2_1", "ConvBlock2_2"]), ("downsample3", ["block3"]),
    ("downsample4", ["block4"]),
  ]

  /// The tensor of each block of a list that shows its width: behind `NAME.N`.
  private static func mark(_ list: String) -> String {
    list.hasPrefix("Conv") ? ".conv1.weight" : ".mlp.fc1_conv.weight"
  }

  func pictures(of dataset: Dataset, imageSize: Int) -> PicturePreset? {
    dataset == .imagenet ? .mae(imageSize: imageSize) : .usual(for: dataset)
  }

  func recognize(_ tensors: TensorShapes) -> Recognition? {
    guard let head = tensors["head.weight"], head.count == 2 else { return nil }
    let attention = ["block3", "block4"].map { tensors.count("\($0).", Self.mark($0)) }
    return Recognition(
      [.imagenet], width: head[1], depth: attention.reduce(0, +),
      reason: "ConvBlock1_1.0.Conv.pwconv1 with block3.0.attn.q_conv.0.body; "
        + "\(attention[0]) and \(attention[1]) blocks of attention, \(head[0]) classes"
        + (tensors["head_kd.weight"] == nil ? "" : ", two heads"))
  }

  func shapes(of preset: Preset) -> TensorShapes {
    // 96, 192, 384, 480 of the authors' 8_384, and in proportion.
    let last = preset.width
    let widths = [last / 10, last / 5, 2 * last / 5, 4 * last / 5, last]
    var shapes: [(name: String, shape: [Int])] = [
      ("head.weight", [1000, last]),
      ("block3.0.attn.q_conv.0.body.0.weight", [widths[3], widths[3], 1, 1]),
    ]
    var inputs = 3
    for ((downsample, blocks), width) in zip(Self.stages, widths) {
      let kernel = downsample == "downsample1_1" ? 7 : 3
      shapes.append(("\(downsample).encode_conv.weight", [width, inputs, kernel, kernel]))
      inputs = width
      for list in blocks {
        let taps = list.hasPrefix("Conv") ? [3, 3] : [1]
        let depth = list == "block3" ? 6 : list == "block4" ? 2 : 1
        for block in 0..<depth {
          let path = "\(list).\(block)"
          shapes.append((path + Self.mark(list), [4 * width, width] + taps))
          guard list.hasPrefix("Conv") else { continue }
          shapes.append(("\(path).Conv.pwconv1.weight", [2 * width, width, 1, 1]))
        }
      }
    }
    return TensorShapes(shapes)
  }

  func configure(
    _ tensors: TensorShapes, for dataset: Dataset, _ settings: inout Settings
  ) throws(Diagnostic) -> Configuration {
    let widths = Self.stages.map { tensors.extent("\($0.downsample).encode_conv.weight", 0) ?? 1 }
    let heads = try settings.integer(.heads, fallback: 8)
    for width in widths[3...] where !width.isMultiple(of: heads) {
      throw .headsDoNotDivide(heads, width)
    }
    let timeSteps = try settings.integer(
      .timeSteps, fallback: nil, advice: "the models were published with 1 step, and with 4")
    let imageSize = try settings.integer(.imageSize, fallback: dataset.imageSize)
    let hidden = tensors.names.filter {
      $0.hasSuffix(".pwconv1.weight") || $0.hasSuffix(".conv1.weight")
        || $0.hasSuffix(".fc1_conv.weight")
    }
    return Configuration(
      channels: tensors.extent("downsample1_1.encode_conv.weight", 1) ?? dataset.channels,
      classes: tensors.extent("head.weight", 0) ?? dataset.classes, widths: widths,
      depths: Self.stages.map { stage in
        stage.blocks.map { tensors.count("\($0).", Self.mark($0)) }
      },
      heads: heads, timeSteps: timeSteps, imageSize: imageSize,
      tau: try settings.tau(fallback: 2),
      attentionScale: try settings.attentionScale(fallback: 0.125),
      hasTeacher: tensors["head_kd.weight"] != nil,
      hidden: Dictionary(
        uniqueKeysWithValues: hidden.map { ($0, tensors.extent($0, 0) ?? 1) }))
  }

  func build(
    _ model: Configuration, named name: String, from source: any TensorSource
  ) throws(Diagnostic) -> Module {
    let input = ValueType(.real, [model.channels, model.imageSize, model.imageSize], timed: false)
    var assembly = try Assembly(
      named: name, timeSteps: model.timeSteps, input: input, from: source)
    var x = try assembly.timed(.input, "downsample1_1")
    for (index, stage) in Self.stages.enumerated() {
      x = try assembly.downsample(x, index, model)
      for (list, depth) in zip(stage.blocks, model.depths[index]) {
        for block in 0..<depth {
          x =
            list.hasPrefix("Conv")
            ? try assembly.convBlock(x, "\(list).\(block)", model)
            : try assembly.attentionBlock(x, "\(list).\(block)", model)
        }
      }
    }
    let output = try assembly.heads(x, model)
    return try assembly.builder.finish(output: output)
  }
}

extension Assembly {
  /// `MS_DownSampling`: a convolution with a bias; all but the first have neurons ahead.
  fileprivate mutating func downsample(
    _ input: ValueID, _ stage: Int, _ model: MetaSpikeformer.Configuration
  ) throws(Diagnostic) -> ValueID {
    let path = MetaSpikeformer.stages[stage].downsample
    let isLast = stage == MetaSpikeformer.stages.count - 1
    var x = input
    if stage > 0 { x = try builder.lif(x, tau: model.tau, from: "\(path).encode_lif") }
    x = try conv(
      x, "\(path).encode_conv", outputs: model.widths[stage], kernel: stage == 0 ? 7 : 3,
      stride: isLast ? 1 : 2, bias: true)
    return try batchNorm(x, "\(path).encode_bn")
  }

  /// `MS_ConvBlock`: a SepConv and two 3 x 3 convolutions, each added to the membrane stream.
  fileprivate mutating func convBlock(
    _ input: ValueID, _ path: String, _ model: MetaSpikeformer.Configuration
  ) throws(Diagnostic) -> ValueID {
    let separated = try sepConv(input, "\(path).Conv", model)
    let stream = try builder.add(separated, input, from: "\(path).Conv")
    var x = stream
    for (number, outputs) in [
      ("1", model.hidden["\(path).conv1.weight"] ?? 1), ("2", channels(input)),
    ] {
      x = try builder.lif(x, tau: model.tau, from: "\(path).lif\(number)")
      x = try conv(x, "\(path).conv\(number)", outputs: outputs, kernel: 3)
      x = try batchNorm(x, "\(path).bn\(number)")
    }
    return try builder.add(stream, x, from: path)
  }

  /// `SepConv`: a 1 x 1 convolution, and behind neurons a depthwise 7 x 7 and another 1 x 1.
  private mutating func sepConv(
    _ input: ValueID, _ path: String, _ model: MetaSpikeformer.Configuration
  ) throws(Diagnostic) -> ValueID {
    let width = model.hidden["\(path).pwconv1.weight"] ?? 1
    var x = try builder.lif(input, tau: model.tau, from: "\(path).lif1")
    x = try conv(x, "\(path).pwconv1", outputs: width)
    x = try batchNorm(x, "\(path).bn1")
    x = try builder.lif(x, tau: model.tau, from: "\(path).lif2")
    x = try conv(x, "\(path).dwconv", outputs: width, kernel: 7, groups: width)
    x = try conv(x, "\(path).pwconv2", outputs: channels(input))
    return try batchNorm(x, "\(path).bn2")
  }

  /// `MS_Block`: attention and MLP, each added to the membrane stream.
  fileprivate mutating func attentionBlock(
    _ input: ValueID, _ path: String, _ model: MetaSpikeformer.Configuration
  ) throws(Diagnostic) -> ValueID {
    let attention = try attention(input, "\(path).attn", model)
    let stream = try builder.add(input, attention, from: "\(path).attn")
    var x = stream
    for (layer, outputs) in [
      ("fc1", model.hidden["\(path).mlp.fc1_conv.weight"] ?? 1), ("fc2", channels(input)),
    ] {
      x = try builder.lif(x, tau: model.tau, from: "\(path).mlp.\(layer)_lif")
      x = try conv(x, "\(path).mlp.\(layer)_conv", outputs: outputs, bias: true, dimensions: 1)
      x = try batchNorm(x, "\(path).mlp.\(layer)_bn")
    }
    return try builder.add(stream, x, from: "\(path).mlp")
  }

  /// `MS_Attention_RepConv_qkv_id`: attention of spikes whose projections are RepConvs.
  private mutating func attention(
    _ input: ValueID, _ path: String, _ model: MetaSpikeformer.Configuration
  ) throws(Diagnostic) -> ValueID {
    let spikes = try builder.lif(input, tau: model.tau, from: "\(path).head_lif")
    var projections: [ValueID] = []
    for name in ["q", "k", "v"] {
      let x = try repConv(spikes, "\(path).\(name)_conv")
      projections.append(try builder.lif(x, tau: model.tau, from: "\(path).\(name)_lif"))
    }
    var x = try spikeAttention(
      projections[0], projections[1], projections[2], path, heads: model.heads,
      scale: model.attentionScale, keysFirst: true)
    x = try builder.lif(x, tau: model.tau, threshold: 0.5, from: "\(path).attn_lif")
    return try repConv(x, "\(path).proj_conv")
  }

  /// `RepConv` and the batch norm behind it.
  ///
  /// `BNAndPadLayer` pads what its batch norm gives with the value that this gives to zero: just
  /// what comes of padding the 1 x 1 convolution before it with zeros.
  private mutating func repConv(_ input: ValueID, _ path: String) throws(Diagnostic) -> ValueID {
    let width = channels(input)
    var x = try conv(input, "\(path).0.body.0", outputs: width, padding: 1)
    x = try batchNorm(x, "\(path).0.body.1.bn")
    x = try conv(
      x, "\(path).0.body.2.0", outputs: width, kernel: 3, padding: 0, groups: width)
    x = try conv(x, "\(path).0.body.2.1", outputs: width)
    x = try batchNorm(x, "\(path).0.body.2.2")
    return try batchNorm(x, "\(path).1")
  }

  /// Neurons on the mean over space, and the mean over the steps of one head or two.
  fileprivate mutating func heads(
    _ input: ValueID, _ model: MetaSpikeformer.Configuration
  ) throws(Diagnostic) -> ValueID {
    var x = try builder.mean(input, from: "lif")
    x = try builder.lif(x, tau: model.tau, from: "lif")
    var means: [ValueID] = []
    for head in model.hasTeacher ? ["head", "head_kd"] : ["head"] {
      let logits = try linear(x, head, outputs: model.classes)
      means.append(try builder.meanSteps(logits, from: head))
    }
    guard means.count > 1 else { return means[0] }
    let sum = try builder.add(means[0], means[1], from: "head_kd")
    return try builder.scale(sum, by: 0.5, from: "head_kd")
  }
}
