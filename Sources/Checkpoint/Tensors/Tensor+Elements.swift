/// Walking a tensor's elements.
extension Tensor {
  /// Returns the elements in C order, each read as `Bits` and then converted.
  ///
  /// Generic and inlined, so that each type of elements gets a loop of its own.
  @inline(__always)
  func gather<Bits: FixedWidthInteger, Element: BitwiseCopyable>(
    _ bytes: Span<UInt8>, _ type: Bits.Type, _ convert: (Bits) -> Element
  ) -> [Element] {
    let count = count
    let isContiguous = isContiguous
    return unsafe [Element](unsafeUninitializedCapacity: count) { output, initialized in
      unsafe bytes.withUnsafeBytes { storage in
        guard count > 0, let base = storage.baseAddress else { return }
        // In bounds: the reader of the checkpoint checked the view's extent against the storage.
        if isContiguous {
          let first = unsafe base + offset * MemoryLayout<Bits>.size
          unsafe run(output, first, stride: 1, convert)
        } else {
          var rows = IndexWalk(shape: shape.dropLast(), strides: strides.dropLast())
          let width = shape.last ?? 1
          for row in 0..<(count / width) {
            let first = unsafe base + (offset + rows.offset) * MemoryLayout<Bits>.size
            let target = unsafe UnsafeMutableBufferPointer(
              rebasing: output[row * width..<(row + 1) * width])
            unsafe run(target, first, stride: strides.last ?? 1, convert)
            rows.advance()
          }
        }
        initialized = count
      }
    }
  }

  /// Fills `output` with elements that are `stride` apart from `first` on.
  @inline(__always)
  private func run<Bits: FixedWidthInteger, Element: BitwiseCopyable>(
    _ output: UnsafeMutableBufferPointer<Element>, _ first: UnsafeRawPointer, stride: Int,
    _ convert: (Bits) -> Element
  ) {
    let step = stride &* MemoryLayout<Bits>.size
    for index in 0..<output.count {
      let bits = unsafe first.loadUnaligned(fromByteOffset: index &* step, as: Bits.self)
      unsafe output[index] = convert(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
    }
  }
}

/// Walks the indices of a view in C order, and knows where in the storage each element is.
private struct IndexWalk {
  /// The sizes of the dimensions.
  private let shape: ArraySlice<Int>
  /// The distances between neighbors.
  private let strides: ArraySlice<Int>
  /// The current indices.
  private var indices: [Int]
  /// The current element's distance from the first one.
  private(set) var offset = 0

  /// Starts at the first element.
  init(shape: ArraySlice<Int>, strides: ArraySlice<Int>) {
    self.shape = shape
    // A dimension of size 1 is never walked along, and its stride may be any number.
    self.strides = zip(shape, strides).map { $0 == 1 ? 0 : $1 }[...]
    indices = Array(repeating: 0, count: shape.count)
  }

  /// Moves to the next element; after the last one comes the first.
  mutating func advance() {
    for dimension in shape.indices.reversed() {
      indices[dimension] += 1
      offset += strides[dimension]
      guard indices[dimension] == shape[dimension] else { return }
      offset -= strides[dimension] * shape[dimension]
      indices[dimension] = 0
    }
  }
}
