import Checkpoint
import CheckpointTestSupport
import Diagnostics

extension FuzzTarget {
  /// Views of a storage of 64 numbers, against a model in 128 bits that looks at each element.
  ///
  /// The input is an offset and up to four sizes and strides of eight bytes each.
  static let view = FuzzTarget(
    name: "view",
    run: { bytes in
      var numbers = stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).map { start in
        (0..<8).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
      }
      guard let offset = numbers.popLast() else { return }
      let rank = min(numbers.count / 2, 4)
      let (shape, strides) = (
        Array(numbers.prefix(rank)), Array(numbers.dropFirst(rank).prefix(rank))
      )
      let storage = (0..<64).map { Float($0) }
      let tiny = TinyCheckpoint.view(
        bytes: TinyCheckpoint.bytes(of: storage), count: 64, offset: offset, shape: shape,
        strides: strides)
      let path = MemoryFile.path(of: tiny.zip.bytes)
      let tensor = try? Checkpoint(path: path).stateDict["w"]
      // Larger ones are read as these are, and only take longer.
      if let tensor, tensor.count > largest { return }
      let read = try? tensor?.floats()
      let expected = naive(storage, offset, shape, strides)
      if let read, read != expected { finding("\(shape) \(strides) \(offset) gives \(read)") }
      if read == nil, let expected, expected.count <= largest {
        finding("\(shape) \(strides) \(offset) is refused")
      }
    },
    seeds: {
      [
        ("whole", [8, 8, 8, 1, 0]), ("transposed", [8, 8, 1, 8, 0]),
        ("repeated", [4, 16, 0, 1, 3]),
        ("empty", [0, 5, 5, 1, 0]), ("single", [63]),
      ].map { (name: String, numbers: [Int]) in (name, numbers.flatMap { le($0) }) }
    })

  /// The most elements that are looked at.
  private static let largest = 1 << 12

  /// The elements of a view, or `nil` where one of them is none, or there are more than `largest`.
  private static func naive(
    _ storage: [Float], _ offset: Int, _ shape: [Int], _ strides: [Int]
  ) -> [Float]? {
    guard offset >= 0, zip(shape, strides).allSatisfy({ $0 >= 0 && $1 >= 0 }) else { return nil }
    // Empty dimensions count as one, so that the others cannot overflow unseen.
    var (count, last) = (Int128(1), Int128(offset))
    for (size, stride) in zip(shape, strides) {
      count *= Int128(max(size, 1))
      last += Int128(max(size, 1) - 1) * Int128(stride)
      guard max(count, last) <= Int128(Int.max) else { return nil }
    }
    guard !shape.contains(0) else { return offset <= storage.count ? [] : nil }
    guard last < storage.count, count <= largest else { return nil }
    return (0..<Int(count)).reduce(into: [Float]?([])) { result, element in
      var (rest, place) = (element, Int128(offset))
      for (size, stride) in zip(shape, strides).reversed() {
        place += Int128(rest % size) * Int128(stride)
        rest /= size
      }
      guard place < storage.count else { return result = nil }
      result?.append(storage[Int(place)])
    }
  }
}
