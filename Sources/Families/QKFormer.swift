import Diagnostics
import SpikeIR

/// QKFormer: a hierarchy of three stages, of which the first ones mask keys by spikes of tokens in
/// place of attention.
///
/// Source: zhouchenlin2096/QKFormer, `imagenet/qkformer.py`, and `model.py` of `cifar10`,
/// `cifar100`, `dvs128-gesture` and `cifar10-dvs` (arXiv 2403.16552).
struct QKFormer: Family {
  /// What one model is.
  struct Configuration: Sendable {
    /// The blocks that follow one embedding.
    struct Stage: Sendable {
      let width: Int
      let depth: Int
      let hidden: Int
      /// The attention over all tokens behind `stageN.M`; `nil` where tokens mask keys.
      let selfAttention: String?
    }

    let dataset: Dataset
    let channels: Int
    let classes: Int
    let stages: [Stage]
    let heads: Int
    let timeSteps: Int
    let imageSize: Int
    let tau: Double
    let attentionScale: Double
  }

  let name = "qkformer"

  let summary = "hierarchical spiking transformer with Q-K attention (zhouchenlin2096/QKFormer)"

  let needs = "heads for ImageNet widths that were not published, time steps for event cameras"

  let presets: [Preset] = [
    preset("10-384", .imagenet, 384, 10, heads: 6, parameters: 16.47),
    preset("10-512", .imagenet, 512, 10, heads: 8, parameters: 29.08),
    preset("10-768", .imagenet, 768, 10, heads: 12, parameters: 64.96),
    preset("cifar10-4-384", .cifar10, 384, 4, heads: 8),
    preset("cifar100-4-384", .cifar100, 384, 4, heads: 8),
    preset("dvs128-gesture-2-256", .dvs128Gesture, 256, 2, heads: 16),
    preset("cifar10-dvs-2-256", .cifar10DVS, 256, 2, heads: 16),
  ]

  private static func preset(
    _ name: String, _ dataset: Dataset, _ width: Int, _ depth: Int, heads: Int,
    parameters: Double? = nil
  ) -> Preset {
    Preset(
      "qkformer-\(name)", dataset, width: width, depth: depth, heads: heads,
      timeSteps: dataset.takesEvents ? 16 : 4, parameters: parameters,
      unsettled: dataset.takesEvents ? [.timeSteps] : [])
  }

  let landmarks = [
    ["head.weight"], [stem], ["stage1.0.tssa.q_conv.weight"], ["patch_embed2.proj4_conv.weight"],
  ]

  private static let stem = "patch_embed1.proj_conv.weight"

  func pictures(of dataset: Dataset, imageSize: Int) -> PicturePreset? {
    dataset == .imagenet ? .mae(imageSize: imageSize) : .usual(for: dataset)
  }

  func recognize(_ tensors: TensorShapes) -> Recognition? {
    guard let head = tensors["head.weight"], head.count == 2,
      let channels = tensors.extent(Self.stem, 1)
    else { return nil }
    let layout: String
    let datasets: [Dataset]
    if tensors["patch_embed1.proj3_conv.weight"] != nil {
      layout = "patch_embed1.proj3_conv is the tokenizer of event cameras"
      datasets = Dataset.events(classes: head[0])
    } else if tensors["patch_embed1.proj2_conv.weight"] != nil {
      (layout, datasets) = ("patch_embed1.proj2_conv is the ImageNet tokenizer", [.imagenet])
    } else {
      layout = "patch_embed1 of two convolutions is the CIFAR tokenizer"
      datasets = Dataset.cifar(classes: head[0])
    }
    let depth = (1...3).reduce(0) { $0 + Self.depth(of: $1, tensors, datasets[0]) }
    return Recognition(
      datasets, width: head[1], depth: depth,
      reason: "stage1.0.tssa; \(layout); \(channels) input channels, \(head[0]) classes")
  }

  /// The first layer of an MLP: `fc1` for ImageNet, `mlp1` otherwise.
  private static func mlpLayers(_ dataset: Dataset) -> [String] {
    dataset == .imagenet ? ["fc1", "fc2"] : ["mlp1", "mlp2"]
  }

  /// The number of blocks of a stage, from 1.
  private static func depth(
    of stage: Int, _ tensors: TensorShapes, _ dataset: Dataset
  ) -> Int {
    tensors.count("stage\(stage).", ".mlp.\(mlpLayers(dataset)[0])_conv.weight")
  }

  /// The depths of the stages before the last one, which has the rest.
  private static func firstDepths(_ dataset: Dataset) -> [Int] {
    dataset == .imagenet ? [1, 2] : dataset.isCIFAR ? [1, 1] : [1]
  }

  func shapes(of preset: Preset) -> TensorShapes {
    let (width, dataset) = (preset.width, preset.dataset)
    let first = Self.firstDepths(dataset)
    let depths = first + [preset.depth - first.reduce(0, +)]
    let layer = Self.mlpLayers(dataset)[0]
    let stem = dataset.takesEvents ? width / 16 : width / 8
    var shapes: [(name: String, shape: [Int])] = [
      (Self.stem, [stem, dataset.channels, 3, 3]), ("head.weight", [dataset.classes, width]),
      ("patch_embed2.proj4_conv.weight", Self.embedding(width >> (depths.count - 2))),
    ]
    if dataset == .imagenet {
      shapes.append(("patch_embed1.proj2_conv.weight", Self.embedding(width / 4)))
    } else if dataset.takesEvents {
      shapes.append(("patch_embed1.proj3_conv.weight", [width / 2, width / 4, 3, 3]))
    }
    for (index, depth) in depths.enumerated() {
      let width = width >> (depths.count - 1 - index)
      // Of event cameras, CIFAR10-DVS alone has no expansion in its MLPs.
      let hidden = dataset == .cifar10DVS ? width : 4 * width
      if index == 0 { shapes.append(("stage1.0.tssa.q_conv.weight", [width, width, 1])) }
      for block in 0..<depth {
        shapes.append(
          ("stage\(index + 1).\(block).mlp.\(layer)_conv.weight", [hidden, width, 1, 1]))
      }
    }
    return TensorShapes(shapes)
  }

  private static func embedding(_ width: Int) -> [Int] { [width, width, 3, 3] }

  func configure(
    _ tensors: TensorShapes, for dataset: Dataset, _ settings: inout Settings
  ) throws(Diagnostic) -> Configuration {
    let layer = Self.mlpLayers(dataset)[0]
    var stages: [Configuration.Stage] = []
    for stage in 1...3 {
      let depth = Self.depth(of: stage, tensors, dataset)
      guard depth > 0 else { continue }
      let shape = tensors["stage\(stage).0.mlp.\(layer)_conv.weight"] ?? []
      let width = shape.count > 1 ? shape[1] : 1
      let isLast = stage == Self.firstDepths(dataset).count + 1
      stages.append(
        .init(
          width: width, depth: depth, hidden: shape.first ?? 4 * width,
          selfAttention: isLast ? dataset == .imagenet ? "attn" : "ssa" : nil))
    }
    let heads =
      dataset == .imagenet
      ? try settings.integer(
        .heads, fallback: nil,
        advice: "widths of 384, 512 and 768 were published with 6, 8 and 12 heads")
      : try settings.integer(.heads, constant: dataset.takesEvents ? 16 : 8)
    for stage in stages where !stage.width.isMultiple(of: heads) {
      throw .headsDoNotDivide(heads, stage.width)
    }
    let timeSteps = try settings.integer(
      .timeSteps, fallback: dataset.takesEvents ? nil : 4,
      advice: "models of event cameras were published with 16 steps")
    let imageSize = try settings.integer(.imageSize, fallback: dataset.imageSize)
    let patch = dataset.isCIFAR ? 4 : 16
    guard imageSize.isMultiple(of: patch) else { throw .imageSize(imageSize, patch) }
    return Configuration(
      dataset: dataset, channels: tensors.extent(Self.stem, 1) ?? dataset.channels,
      classes: tensors.extent("head.weight", 0) ?? dataset.classes, stages: stages, heads: heads,
      timeSteps: timeSteps, imageSize: imageSize, tau: try settings.tau(fallback: 2),
      attentionScale: try settings.attentionScale(fallback: 0.125))
  }

  func notes(on model: Configuration) -> [String] {
    [
      "the authors' self-attention runs its last neurons over time and batch together, and their "
        + "accuracies were measured so; this is the model at a batch of 1, where the two agree"
    ]
  }

  func build(
    _ model: Configuration, named name: String, from source: any TensorSource
  ) throws(Diagnostic) -> Module {
    let input = ValueType(
      .real, [model.channels, model.imageSize, model.imageSize], timed: model.dataset.takesEvents)
    var assembly = try Assembly(
      named: name, timeSteps: model.timeSteps, input: input, from: source)
    var x = try assembly.timed(.input, "patch_embed1")
    for (index, stage) in model.stages.enumerated() {
      let embedding = "patch_embed\(index + 1)"
      x =
        index == 0
        ? try assembly.firstEmbedding(x, embedding, model)
        : try assembly.embedding(x, embedding, width: stage.width, model)
      let style = SpikeBlockStyle(
        attention: .conv1d, mlp: .conv2d, mlpLayers: Self.mlpLayers(model.dataset),
        hidden: stage.hidden, heads: model.heads, tau: model.tau,
        attentionScale: model.attentionScale, keysFirst: true)
      for block in 0..<stage.depth {
        let path = "stage\(index + 1).\(block)"
        if let attention = stage.selfAttention {
          x = try assembly.spikeBlock(
            x, attention: "\(path).\(attention)", mlp: "\(path).mlp", style)
        } else {
          let masked = try assembly.tokenAttention(x, "\(path).tssa", style)
          x = try assembly.builder.add(x, masked, from: "\(path).tssa")
          x = try assembly.builder.add(
            x, try assembly.spikingMLP(x, "\(path).mlp", style), from: "\(path).mlp")
        }
      }
    }
    x = try assembly.headOfMeans(x, "head", classes: model.classes)
    return try assembly.builder.finish(output: x)
  }
}

extension Assembly {
  /// `Token_QK_Attention`: neurons on each token's number of queries in a head mask its keys.
  fileprivate mutating func tokenAttention(
    _ input: ValueID, _ path: String, _ style: SpikeBlockStyle
  ) throws(Diagnostic) -> ValueID {
    let shape = builder.type(of: input).shape
    let split: Shape = [style.heads, shape[0] / style.heads, shape[1] * shape[2]]
    let q = try spikingProjection(input, path, "q", style, bias: false)
    let k = try spikingProjection(input, path, "k", style, bias: false)
    var x = try builder.sum(try builder.reshape(q, split, from: path), axis: 1, from: path)
    x = try builder.lif(x, tau: style.tau, threshold: 0.5, from: "\(path).attn_lif")
    x = try builder.mul(try builder.reshape(k, split, from: path), x, from: path)
    x = try builder.reshape(x, shape, from: path)
    return try spikingProjection(x, path, "proj", style, bias: true)
  }

  /// `PatchEmbedInit`: convolutions down to the first tokens, with a shortcut around the last ones.
  fileprivate mutating func firstEmbedding(
    _ input: ValueID, _ path: String, _ model: QKFormer.Configuration
  ) throws(Diagnostic) -> ValueID {
    let width = model.stages[0].width
    // Of each convolution: its outputs, and whether it pools ahead of its neurons.
    let layers: [(outputs: Int, pools: Bool)]
    // The convolution from whose spikes the shortcut starts, and how far that strides.
    let shortcut: (layer: Int, stride: Int)
    switch model.dataset {
    case .imagenet:
      layers = [(width / 2, true), (width, true), (width, false)]
      shortcut = (0, 2)
    case .cifar10, .cifar100:
      layers = [(width / 2, false), (width, false)]
      shortcut = (0, 1)
    case .dvs128Gesture, .cifar10DVS:
      layers = [(width / 8, false), (width / 4, true), (width / 2, true), (width, true)]
      shortcut = (1, 4)
    }
    var (x, start) = (input, input)
    for (index, layer) in layers.enumerated() {
      let number = index == 0 ? "" : "\(index)"
      x = try spikingConv(
        x, { "\(path).proj\(number)_\($0)" }, outputs: layer.outputs,
        pooling: layer.pools ? .beforeNeurons : .none, tau: model.tau)
      if index == shortcut.layer { start = x }
    }
    return try withShortcut(x, start, path, stride: shortcut.stride, model)
  }

  /// `PatchEmbeddingStage`: two convolutions that halve the map, with a shortcut around them.
  fileprivate mutating func embedding(
    _ input: ValueID, _ path: String, width: Int, _ model: QKFormer.Configuration
  ) throws(Diagnostic) -> ValueID {
    let poolsFirst = model.dataset == .imagenet
    let first = model.dataset.takesEvents ? "proj" : "proj3"
    var x = try spikingConv(
      input, { "\(path).\(first)_\($0)" }, outputs: width,
      pooling: poolsFirst ? .beforeNeurons : .none, tau: model.tau)
    x = try spikingConv(
      x, { "\(path).proj4_\($0)" }, outputs: width,
      pooling: poolsFirst ? .none : .beforeNeurons, tau: model.tau)
    return try withShortcut(x, input, path, stride: 2, model)
  }

  /// Adds the spikes of `proj_res`, a 1 x 1 convolution of `start`, to those of `x`.
  private mutating func withShortcut(
    _ x: ValueID, _ start: ValueID, _ path: String, stride: Int, _ model: QKFormer.Configuration
  ) throws(Diagnostic) -> ValueID {
    let shortcut = try spikingConv(
      start, { "\(path).proj_res_\($0)" }, outputs: channels(x), kernel: 1, stride: stride,
      tau: model.tau)
    return try builder.add(x, shortcut, from: path)
  }
}
