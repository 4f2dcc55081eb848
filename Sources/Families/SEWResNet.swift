import Diagnostics
import SpikeIR

/// SEW-ResNet: a residual network of integrate-and-fire neurons whose shortcuts join spikes element
/// by element, by ADD, AND or IAND.
///
/// Source: fangwei123456/Spike-Element-Wise-ResNet, `imagenet/sew_resnet.py` (arXiv 2102.04159).
struct SEWResNet: Family {
  /// What one model is.
  struct Configuration: Sendable {
    /// How a block joins its spikes to those of its shortcut.
    enum Connect: String, CaseIterable, Sendable {
      case add = "ADD"
      case and = "AND"
      case iand = "IAND"
    }

    let channels: Int
    let classes: Int
    let width: Int
    /// For each of the four layers, the number of its blocks.
    let depths: [Int]
    /// Whether blocks have three convolutions.
    let isBottleneck: Bool
    /// What stands between a container's name and the number of the layer in it.
    let container: String
    let connect: Connect
    let timeSteps: Int
    let imageSize: Int
    /// The extents of the tensors, for the widths within and behind a block.
    let shapes: TensorShapes
  }

  let name = "sew-resnet"

  let summary = "spiking residual network (fangwei123456/Spike-Element-Wise-ResNet)"

  let needs = "connect function"

  let presets: [Preset] = [
    preset(18, parameters: 11.69), preset(34, parameters: 21.79), preset(50, parameters: 25.56),
    preset(101, parameters: 44.55), preset(152, parameters: 60.19),
  ]

  private static func preset(_ depth: Int, parameters: Double) -> Preset {
    Preset(
      "sew-resnet-\(depth)", .imagenet, width: 64, depth: depth, heads: nil, timeSteps: 4,
      parameters: parameters, connect: Configuration.Connect.add.rawValue)
  }

  let landmarks = [
    ["conv1.weight"], ["bn1.weight"], ["fc.weight"],
    ["layer1.0.conv1.0.weight", "layer1.0.conv1.module.0.weight"],
    ["layer4.0.conv1.0.weight", "layer4.0.conv1.module.0.weight"],
  ]

  /// Releases of spikingjelly put the layers of a container under this name, or right in it.
  private static func container(_ tensors: TensorShapes) -> String {
    tensors["layer1.0.conv1.module.0.weight"] == nil ? "" : ".module"
  }

  /// The blocks of the four layers, and whether they have three convolutions.
  private static func structure(_ tensors: TensorShapes) -> (depths: [Int], isBottleneck: Bool) {
    let container = container(tensors)
    return (
      (1...4).map { tensors.count("layer\($0).", ".conv1\(container).0.weight") },
      tensors["layer1.0.conv3\(container).0.weight"] != nil
    )
  }

  /// torchvision's transforms, whose `Resize(256)` and `CenterCrop(224)` are bilinear.
  func pictures(of dataset: Dataset, imageSize: Int) -> PicturePreset? {
    var preset = PicturePreset.usual(for: dataset)
    preset?.cropFraction = 0.875
    preset?.interpolation = .bilinear
    return preset
  }

  func recognize(_ tensors: TensorShapes) -> Recognition? {
    guard let head = tensors["fc.weight"], head.count == 2,
      let width = tensors.extent("conv1.weight", 0)
    else { return nil }
    let (depths, isBottleneck) = Self.structure(tensors)
    return Recognition(
      [.imagenet], width: width, depth: depths.reduce(2) { $0 + $1 * (isBottleneck ? 3 : 2) },
      reason: "layer1.0.conv1\(Self.container(tensors)).0; layers of \(depths) blocks with "
        + "\(isBottleneck ? "three" : "two") convolutions, \(head[0]) classes")
  }

  func shapes(of preset: Preset) -> TensorShapes {
    let isBottleneck = preset.depth >= 50
    let depths: [Int] =
      switch preset.depth {
      case 18: [2, 2, 2, 2]
      case 101: [3, 4, 23, 3]
      case 152: [3, 8, 36, 3]
      default: [3, 4, 6, 3]
      }
    var shapes: [(name: String, shape: [Int])] = [
      ("conv1.weight", [preset.width, 3, 7, 7]), ("bn1.weight", [preset.width]),
      ("fc.weight", [1000, 8 * preset.width * (isBottleneck ? 4 : 1)]),
    ]
    var inputs = preset.width
    for (layer, depth) in zip(1..., depths) {
      let width = preset.width << (layer - 1)
      let outputs = isBottleneck ? 4 * width : width
      for block in 0..<depth {
        let path = "layer\(layer).\(block)"
        let kernel = isBottleneck ? 1 : 3
        shapes.append(("\(path).conv1.0.weight", [width, inputs, kernel, kernel]))
        if isBottleneck { shapes.append(("\(path).conv3.0.weight", [outputs, width, 1, 1])) }
        if block == 0, layer > 1 || inputs != outputs {
          shapes.append(("\(path).downsample.0.0.weight", [outputs, inputs, 1, 1]))
        }
        inputs = outputs
      }
    }
    return TensorShapes(shapes)
  }

  func configure(
    _ tensors: TensorShapes, for dataset: Dataset, _ settings: inout Settings
  ) throws(Diagnostic) -> Configuration {
    let (depths, isBottleneck) = Self.structure(tensors)
    let connect = try settings.word(
      .connect, of: Configuration.Connect.allCases.map(\.rawValue), isInName: true,
      advice: "ADD (as most were published), AND or IAND")
    return Configuration(
      channels: tensors.extent("conv1.weight", 1) ?? dataset.channels,
      classes: tensors.extent("fc.weight", 0) ?? dataset.classes,
      width: tensors.extent("conv1.weight", 0) ?? 64, depths: depths, isBottleneck: isBottleneck,
      container: Self.container(tensors), connect: Configuration.Connect(rawValue: connect) ?? .add,
      timeSteps: try settings.integer(.timeSteps, fallback: 4),
      imageSize: try settings.integer(.imageSize, fallback: dataset.imageSize),
      shapes: tensors)
  }

  func build(
    _ model: Configuration, named name: String, from source: any TensorSource
  ) throws(Diagnostic) -> Module {
    let input = ValueType(.real, [model.channels, model.imageSize, model.imageSize], timed: false)
    var assembly = try Assembly(
      named: name, timeSteps: model.timeSteps, input: input, from: source)
    var x = try assembly.conv(.input, "conv1", outputs: model.width, kernel: 7, stride: 2)
    x = try assembly.timed(try assembly.batchNorm(x, "bn1"), "sn1")
    x = try assembly.builder.if(x, from: "sn1")
    x = try assembly.maxPool(x, "maxpool")
    for (layer, depth) in zip(1..., model.depths) {
      for block in 0..<depth {
        x = try assembly.block(
          x, "layer\(layer).\(block)", stride: layer > 1 && block == 0 ? 2 : 1, model)
      }
    }
    x = try assembly.headOfMeans(x, "fc", classes: model.classes)
    return try assembly.builder.finish(output: x)
  }
}

extension Assembly {
  /// `BasicBlock` or `Bottleneck`: two or three convolutions, and a shortcut of spikes.
  fileprivate mutating func block(
    _ input: ValueID, _ path: String, stride: Int, _ model: SEWResNet.Configuration
  ) throws(Diagnostic) -> ValueID {
    // The authors stride in the 3 x 3 convolution: the first of two, the second of three.
    let kernels = model.isBottleneck ? [1, 3, 1] : [3, 3]
    let strided = model.isBottleneck ? 1 : 0
    var x = input
    for (index, kernel) in kernels.enumerated() {
      x = try layer(
        x, "\(path).conv\(index + 1)", neurons: "\(path).sn\(index + 1)",
        kernel: kernel, stride: index == strided ? stride : 1, model)
    }
    var identity = input
    let shortcut = "\(path).downsample"
    if model.shapes["\(shortcut).0\(model.container).0.weight"] != nil {
      identity = try layer(
        input, "\(shortcut).0", neurons: "\(shortcut).1", kernel: 1, stride: stride, model)
    }
    switch model.connect {
    case .add: return try builder.add(x, identity, from: path)
    case .and: return try builder.mul(x, identity, from: path)
    case .iand:
      return try builder.mul(identity, try builder.complement(x, from: path), from: path)
    }
  }

  /// A container of a convolution and its batch norm, and neurons.
  private mutating func layer(
    _ input: ValueID, _ path: String, neurons: String, kernel: Int, stride: Int,
    _ model: SEWResNet.Configuration
  ) throws(Diagnostic) -> ValueID {
    let container = path + model.container
    // Where the tensor is missing, the input's width serves to say so.
    let outputs = model.shapes.extent("\(container).0.weight", 0) ?? channels(input)
    var x = try conv(
      input, "\(container).0", outputs: outputs, kernel: kernel, stride: stride)
    x = try batchNorm(x, "\(container).1")
    return try builder.if(x, from: neurons)
  }
}
