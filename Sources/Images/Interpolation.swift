/// How samples between pixels are computed: the kernels of Pillow's `resize`.
public enum Interpolation: String, CaseIterable, Sendable {
  case bilinear
  case bicubic

  /// How far the kernel reaches, in pixels of the larger grid.
  var support: Double {
    switch self {
    case .bilinear: 1
    case .bicubic: 2
    }
  }

  /// The kernel's value at a distance.
  func weight(at distance: Double) -> Double {
    let x = distance.magnitude
    switch self {
    case .bilinear: return x < 1 ? 1 - x : 0
    case .bicubic:
      // Keys' convolution with a = -0.5, in the order of Pillow's operations.
      let a = -0.5
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
      return 0
    }
  }
}
