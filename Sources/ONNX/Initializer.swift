import SpikeIR

/// A constant tensor of an ONNX graph.
struct Initializer {
  /// The elements, in row-major order.
  enum Content {
    /// These integers.
    case integers([Int])
    /// These numbers.
    case floats([Float])
    /// The numbers of a weight, in their order.
    case weight(WeightData)
    /// The numbers of a weight `[taps, inputs, outputs]` as `[outputs, inputs, taps]`.
    case kernel(WeightData, taps: Int, outputs: Int)
  }

  /// The name, unique among all values.
  let name: String

  /// The extents.
  let extents: [Int]

  /// The elements.
  let content: Content

  /// The number of bytes of the elements.
  var byteCount: Int {
    switch content {
    case .integers(let values): values.count * MemoryLayout<Int64>.stride
    case .floats(let values): values.count * MemoryLayout<Float>.stride
    case .weight(let data), .kernel(let data, _, _): data.count * MemoryLayout<Float>.stride
    }
  }

  /// Writes the elements to `memory`, which has `byteCount` bytes, little-endian.
  @unsafe
  func copy(to memory: UnsafeMutableRawPointer) {
    switch content {
    case .integers(let values):
      let integers = unsafe memory.bindMemory(to: Int64.self, capacity: values.count)
      for (index, value) in values.enumerated() {
        unsafe integers[index] = Int64(value).littleEndian
      }
    case .floats(let values):
      let numbers = unsafe memory.bindMemory(to: UInt32.self, capacity: values.count)
      for (index, value) in values.enumerated() {
        unsafe numbers[index] = value.bitPattern.littleEndian
      }
    case .weight(let data):
      // As in a `MODEL.snn`, whose mapped numbers are those of a little-endian machine.
      let bytes = unsafe UnsafeMutableRawBufferPointer(start: memory, count: byteCount)
      unsafe data.withFloats { unsafe bytes.copyMemory(from: UnsafeRawBufferPointer($0)) }
    case .kernel(let data, let taps, let outputs):
      let numbers = unsafe memory.bindMemory(to: Float.self, capacity: data.count)
      unsafe data.withFloats {
        unsafe Initializer.transpose($0, to: numbers, taps: taps, outputs: outputs)
      }
    }
  }

  /// Writes numbers `[taps, inputs, outputs]` as `[outputs, inputs, taps]`.
  ///
  /// Sixteen outputs at a time, the numbers of a cache line: each line is read once.
  private static func transpose(
    _ source: UnsafeBufferPointer<Float>, to target: UnsafeMutablePointer<Float>, taps: Int,
    outputs: Int
  ) {
    let inputs = source.count / taps / outputs
    for first in stride(from: 0, to: outputs, by: 16) {
      for input in 0..<inputs {
        for tap in 0..<taps {
          let line = (tap * inputs + input) * outputs
          for output in first..<min(first + 16, outputs) {
            unsafe target[(output * inputs + input) * taps + tap] = source[line + output]
          }
        }
      }
    }
  }
}
