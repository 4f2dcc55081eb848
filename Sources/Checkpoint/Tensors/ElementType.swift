/// The type of a tensor's elements.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
  case float16, bfloat16, float32, float64
  case int8, int16, int32, int64, uint8
  case bool

  /// The number of bytes of an element.
  public var size: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16, .int16: 2
    case .float32, .int32: 4
    case .float64, .int64: 8
    }
  }

  /// The type that PyTorch's class of storages, such as `torch.HalfStorage`, holds.
  init?(storage symbol: Symbol) {
    switch symbol.text {
    case "torch HalfStorage": self = .float16
    case "torch BFloat16Storage": self = .bfloat16
    case "torch FloatStorage": self = .float32
    case "torch DoubleStorage": self = .float64
    case "torch CharStorage": self = .int8
    case "torch ShortStorage": self = .int16
    case "torch IntStorage": self = .int32
    case "torch LongStorage": self = .int64
    case "torch ByteStorage": self = .uint8
    case "torch BoolStorage": self = .bool
    default: return nil
    }
  }

  /// The type that PyTorch calls `torch.float32`, or the like.
  init?(type symbol: Symbol) {
    guard symbol.text.hasPrefix("torch ") else { return nil }
    self.init(rawValue: String(symbol.text.dropFirst("torch ".count)))
  }
}
