public import Diagnostics

/// The maximum over a moving window; of spikes, their OR.
///
///     %5 = max_pool2d %4 {kernel = [3, 3], stride = [2, 2], padding = [1, 1]}
///          : timed spike [96, 112, 112]
///
/// The input is `[channels, height, width]`. Padding contributes nothing, so the result is one of
/// the window's elements and the domain stays: the first, in row-major order, that none exceeds.
public struct MaxPool2D: Operation {
  public static let definition = OpDefinition(
    mnemonic: "max_pool2d", summary: "The maximum over a moving window.",
    operands: ["input"],
    attributes: [
      .init("kernel", .integers, "the rows and columns of the window"),
      .init("stride", .integers, "the steps in rows and columns"),
      .init("padding", .integers, "the rows and columns of padding on each side"),
    ])

  /// The window's rows and columns.
  public let kernel: [Int]

  /// How the window moves over the input.
  public let window: Window

  /// Creates the op.
  public init(kernel: [Int], stride: [Int], padding: [Int]) {
    self.kernel = kernel
    window = Window(stride: stride, padding: padding)
  }

  public init(_ attributes: AttributeList) {
    self.init(
      kernel: attributes.integers("kernel"), stride: attributes.integers("stride"),
      padding: attributes.integers("padding"))
  }

  public var attributes: [Attribute] {
    [
      Attribute("kernel", .integers(kernel)), Attribute("stride", .integers(window.stride)),
      Attribute("padding", .integers(window.padding)),
    ]
  }

  public func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType {
    let input = operands[0]
    guard input.shape.rank == 3 else {
      throw Self.violation(1, "the input must be [channels, height, width], not \(input.shape)")
    }
    guard let extents = window.extents(of: input.shape, kernel: kernel),
      zip(window.padding, kernel).allSatisfy({ $0 * 2 <= $1 })
    else {
      throw Self.violation(
        2,
        "stride \(window.stride) and padding \(window.padding) do not fit a window of "
          + "\(kernel) on \(input.shape); padding is at most half the window")
    }
    return ValueType(input.domain, Shape([input.shape[0]] + extents), timed: input.isTimed)
  }
}

extension ModuleBuilder {
  /// Appends a `max_pool2d`.
  public mutating func maxPool2d(
    _ input: ValueID, kernel: [Int], stride: [Int], padding: [Int], from origin: String
  ) throws(Diagnostic) -> ValueID {
    try append(
      .maxPool2d(MaxPool2D(kernel: kernel, stride: stride, padding: padding)), [input],
      from: [origin])
  }
}
