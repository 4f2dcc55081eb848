/// A tensor of a checkpoint: a view of a storage, whose bytes are read when they are asked for.
///
/// The element with the indices `i` is number `offset + sum of i[d] * strides[d]` of the storage.
/// All of a tensor's elements are known to lie within its storage.
public struct Tensor: Sendable {
  /// The tensor's name.
  public let name: TensorName
  /// The type of the elements.
  public let elementType: ElementType
  /// The number of elements along each dimension.
  public let shape: [Int]
  /// The distance between neighbors along each dimension, in elements.
  public let strides: [Int]
  /// The place of the first element in the storage, in elements.
  public let offset: Int
  /// The storage.
  let storage: StorageBytes
  /// Whether the bytes of the storage's elements are in big-endian order.
  let isBigEndian: Bool
  /// The checkpoint's file, for messages.
  let file: String

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// Whether the elements lie in the storage one after another, the last index running fastest.
  var isContiguous: Bool {
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      guard stride == expected else { return false }
      expected *= size
    }
    return true
  }
}
