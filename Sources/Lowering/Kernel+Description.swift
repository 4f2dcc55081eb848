extension Kernel: CustomStringConvertible {
  /// What it is called.
  public var name: String {
    switch self {
    case .convolution: "convolution"
    case .attention: "attention"
    case .neuron: "neuron"
    case .maxPool: "max pool"
    case .groupedConvolution: "grouped convolution"
    case .add: "add"
    case .mul: "mul"
    case .sum: "sum"
    case .complement: "complement"
    case .divide: "divide"
    case .scale: "scale"
    case .affine: "affine"
    case .meanPositions: "mean positions"
    case .meanSteps: "mean steps"
    case .repeat: "repeat"
    case .unpack: "unpack"
    case .pack: "pack"
    case .transpose: "transpose"
    case .matmul: "matmul"
    case .output: "output"
    }
  }

  /// The name, and the rows and columns of its window where it has one.
  public var description: String {
    guard let window = geometry?.kernel else { return name }
    return "\(name) \(window[0]) x \(window[1])"
  }

  /// The extents, where there is a window.
  private var geometry: Geometry? {
    switch self {
    case .convolution(let conv): conv.geometry
    case .groupedConvolution(let conv): conv.geometry
    case .maxPool(_, let geometry, _): geometry
    case .attention, .neuron, .add, .mul, .sum, .complement, .divide, .scale, .affine,
      .meanPositions, .meanSteps, .repeat, .unpack, .pack, .transpose, .matmul, .output:
      nil
    }
  }
}
