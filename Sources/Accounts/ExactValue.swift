import SpikeIR

/// A value of an exact domain on one sample: spikes a byte each, other numbers as binary32, which
/// holds every number of these domains.
struct ExactValue {
  /// The elements, `[steps][shape]` in row-major order.
  enum Elements {
    case spikes([UInt8])
    case numbers([Float])
  }

  /// The extents of one slice.
  let shape: Shape

  /// The slices that are stored: T, or 1 where all are the same.
  let steps: Int

  /// The elements.
  let elements: Elements

  /// Takes elements as they are.
  init(_ shape: Shape, steps: Int, _ elements: Elements) {
    self.shape = shape
    self.steps = steps
    self.elements = elements
  }

  /// Takes numbers of the domain of `type`.
  init(_ type: ValueType, steps: Int, numbers: [Float]) {
    self.init(
      type.shape, steps: steps,
      type.domain == .spike ? .spikes(numbers.map { $0 == 0 ? 0 : 1 }) : .numbers(numbers))
  }

  /// The elements as numbers.
  var numbers: [Float] {
    switch elements {
    case .spikes(let bytes): bytes.map { Float($0) }
    case .numbers(let floats): floats
    }
  }

  /// Where the slice of `step` lies; where all are the same, one is there for each step.
  func range(of step: Int) -> Range<Int> {
    let start = steps == 1 ? 0 : step * shape.count
    return start..<start + shape.count
  }

  /// The elements of `range` that are not zero.
  func nonzeros(in range: Range<Int>) -> Int {
    switch elements {
    case .spikes(let bytes):
      bytes.withUnsafeBufferPointer { spikes(in: UnsafeBufferPointer(rebasing: $0[range])) }
    case .numbers(let floats):
      floats.withUnsafeBufferPointer { floats in
        var count = 0
        for index in range where floats[index] != 0 { count += 1 }
        return count
      }
    }
  }

  /// The element at `index`.
  subscript(index: Int) -> Float {
    switch elements {
    case .spikes(let bytes): Float(bytes[index])
    case .numbers(let floats): floats[index]
    }
  }
}

/// The ones among bytes that are 0 or 1.
///
/// Lanes of 8 bits add up to 255 vectors before they could overflow.
private func spikes(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
  typealias Lanes = SIMD32<UInt8>
  guard let base = UnsafeRawPointer(bytes.baseAddress) else { return 0 }
  var count = 0
  var start = 0
  while start + Lanes.scalarCount <= bytes.count {
    let vectors = min((bytes.count - start) / Lanes.scalarCount, 255)
    var lanes = Lanes()
    for vector in 0..<vectors {
      lanes &+= (base + start + vector * Lanes.scalarCount).loadUnaligned(as: Lanes.self)
    }
    for lane in 0..<Lanes.scalarCount { count += Int(lanes[lane]) }
    start += vectors * Lanes.scalarCount
  }
  for index in start..<bytes.count { count += Int(bytes[index]) }
  return count
}

extension ExactValue {
  /// The taps that come to lie over the elements of one slice that are not zero, as a window moves
  /// over a value `[channels, height, width]`.
  ///
  /// - Parameters:
  ///   - range: where the slice lies.
  ///   - rows, columns: the taps over each row and column of the input.
  func taps(over range: Range<Int>, _ rows: [Int], _ columns: [Int]) -> Int {
    // Most columns lie under as many taps; only the others are looked at one by one.
    let usual = columns.max() ?? 0
    let others = columns.indices.filter { columns[$0] != usual }
    let width = columns.count
    var taps = 0
    for line in 0..<range.count / width {
      let start = range.lowerBound + line * width
      var count = usual * nonzeros(in: start..<start + width)
      for column in others where self[start + column] != 0 { count -= usual - columns[column] }
      taps += rows[line % rows.count] * count
    }
    return taps
  }
}
