/// The type of a tensor's elements, by PyTorch's name.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
  case float16, bfloat16, float32, float64
  case int8, int16, int32, int64, uint8, uint16, uint32, uint64
  case bool
  /// Eight bits with a scale of their own elsewhere: listed, and never taken for weights.
  case float8E4M3 = "float8_e4m3fn"
  case float8E5M2 = "float8_e5m2"
  case float8E4M3FNUZ = "float8_e4m3fnuz"
  case float8E5M2FNUZ = "float8_e5m2fnuz"
  case float8E8M0 = "float8_e8m0fnu"

  /// The number of bytes of an element.
  public var size: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float8E4M3, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ, .float8E8M0: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
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

  /// The type that safetensors calls `F32`, or the like.
  init?(safetensors name: String) {
    guard let type = Self.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
    self = type
  }

  /// What safetensors calls it.
  public var safetensorsName: String {
    switch self {
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .float32: "F32"
    case .float64: "F64"
    case .int8: "I8"
    case .int16: "I16"
    case .int32: "I32"
    case .int64: "I64"
    case .uint8: "U8"
    case .uint16: "U16"
    case .uint32: "U32"
    case .uint64: "U64"
    case .bool: "BOOL"
    case .float8E4M3: "F8_E4M3"
    case .float8E5M2: "F8_E5M2"
    case .float8E4M3FNUZ: "F8_E4M3FNUZ"
    case .float8E5M2FNUZ: "F8_E5M2FNUZ"
    case .float8E8M0: "F8_E8M0"
    }
  }
}
