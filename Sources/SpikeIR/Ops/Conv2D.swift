public import Diagnostics

/// A two-dimensional convolution (a cross-correlation, as in every framework) with zero padding.
///
///     %2 = conv2d %1, @"conv.weight" {stride = [1, 1], padding = [1, 1]} : timed real [96, 56, 56]
///
/// The input is `[in, height, width]`, the kernel `[rows, columns, in / groups, out]`, the optional
/// bias `[out]`, the result `[out, height', width']`. Each result starts from the bias, or +0
/// without one, and adds its terms in ascending order of (kernel row, kernel column, input
/// channel). Padding contributes nothing. A spike contributes its weight where it is 1 and nothing
/// where it is 0; any other input is multiplied, rounded, then added.
///
/// With several groups, as in PyTorch, inputs and outputs are cut into as many runs of channels,
/// and each run of outputs sees its own run of inputs alone; as many as there are channels make a
/// depthwise convolution. `groups` is written only where it is not 1.
public struct Conv2D: Operation {
  public static let definition = OpDefinition(
    mnemonic: "conv2d", role: .product, summary: "A two-dimensional convolution with zero padding.",
    operands: ["input"], weights: ["kernel", "bias"], optionalWeights: 1,
    attributes: [
      .init("stride", .integers, "the steps in rows and columns"),
      .init("padding", .integers, "the rows and columns of padding on each side"),
      .init(
        "groups", .integer, "the runs of channels that do not see one another",
        default: .integer(1)),
    ])

  /// How the kernel moves over the input.
  public let window: Window

  /// How many runs of channels there are that do not see one another.
  public let groups: Int

  /// Creates the op.
  public init(stride: [Int] = [1, 1], padding: [Int] = [0, 0], groups: Int = 1) {
    window = Window(stride: stride, padding: padding)
    self.groups = groups
  }

  public init(_ attributes: AttributeList) {
    self.init(
      stride: attributes.integers("stride"), padding: attributes.integers("padding"),
      groups: attributes.integer("groups"))
  }

  public var attributes: [Attribute] {
    [
      Attribute("stride", .integers(window.stride)),
      Attribute("padding", .integers(window.padding)),
      Attribute("groups", .integer(groups)),
    ]
  }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    let (input, kernel) = (operands[0], weights[0])
    guard input.shape.rank == 3 else {
      throw Self.violation(1, "the input must be [channels, height, width], not \(input.shape)")
    }
    guard groups >= 1, input.shape[0].isMultiple(of: groups) else {
      throw Self.violation(5, "\(groups) groups do not divide \(input.shape[0]) channels")
    }
    let inputs = input.shape[0] / groups
    guard kernel.rank == 4, kernel[2] == inputs else {
      throw Self.violation(2, "the kernel must be [rows, columns, \(inputs), out], not \(kernel)")
    }
    guard kernel[3].isMultiple(of: groups) else {
      throw Self.violation(5, "\(groups) groups do not divide \(kernel[3]) output channels")
    }
    if weights.count > 1, weights[1] != [kernel[3]] {
      throw Self.violation(3, "the bias must be [\(kernel[3])], not \(weights[1])")
    }
    guard let extents = window.extents(of: input.shape, kernel: [kernel[0], kernel[1]]) else {
      throw Self.violation(
        4,
        "stride \(window.stride) and padding \(window.padding) do not fit a kernel of "
          + "\(kernel[0]) x \(kernel[1]) on \(input.shape)")
    }
    return ValueType(.real, Shape([kernel[3]] + extents), timed: input.isTimed)
  }
}

extension ModuleBuilder {
  /// Appends a `conv2d`.
  public mutating func conv2d(
    _ input: ValueID, kernel: WeightID, bias: WeightID? = nil, stride: [Int] = [1, 1],
    padding: [Int] = [0, 0], groups: Int = 1, from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(
      .conv2d(Conv2D(stride: stride, padding: padding, groups: groups)), [input],
      weights: [kernel] + (bias.map { [$0] } ?? []), from: [origin])
  }
}
