/// An array as NumPy keeps it: a type, a shape, and elements in C order.
public struct NumPyArray: Hashable, Sendable {
  /// The type of an array's elements.
  public enum ElementType: Hashable, Sendable {
    case float16, float32, float64
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case bool
    /// Texts of a fixed number of Unicode scalars, padded with zeros.
    case text(Int)

    /// The number of bytes of an element.
    public var size: Int {
      switch self {
      case .int8, .uint8, .bool: 1
      case .float16, .int16, .uint16: 2
      case .float32, .int32, .uint32: 4
      case .float64, .int64, .uint64: 8
      case .text(let scalars): 4 * scalars
      }
    }
  }

  /// The type of the elements.
  public let elementType: ElementType

  /// The number of elements along each dimension; empty for a single value.
  public let shape: [Int]

  /// The elements: little-endian, the last index running fastest.
  public let bytes: [UInt8]

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// Puts together parts that fit.
  init(checked elementType: ElementType, shape: [Int], bytes: [UInt8]) {
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
  }

  /// An array of single-precision numbers.
  ///
  /// - Precondition: `floats` has as many elements as `shape` says.
  public init(shape: [Int], floats: [Float]) {
    precondition(floats.count == shape.reduce(1, *), "as many elements as the shape says")
    elementType = .float32
    self.shape = shape
    bytes = floats.flatMap { value in
      let bits = value.bitPattern
      return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    }
  }

  /// An array of bytes.
  ///
  /// - Precondition: `bytes` has as many elements as `shape` says.
  public init(shape: [Int], bytes: [UInt8]) {
    precondition(bytes.count == shape.reduce(1, *), "as many elements as the shape says")
    elementType = .uint8
    self.shape = shape
    self.bytes = bytes
  }
}
