public import Diagnostics
import Files

/// The elements as Swift's types.
extension NumPyArray {
  /// Returns the elements, in C order, as `Float`, rounded to nearest even where need be.
  ///
  /// - Throws: `array-type` for texts.
  public func floats() throws(Diagnostic) -> [Float] { try floats(in: 0..<count) }

  /// Returns the elements of some indices, counted in C order, as `Float`.
  ///
  /// - Precondition: The array has these elements.
  /// - Throws: `array-type` for texts.
  public func floats(in range: Range<Int>) throws(Diagnostic) -> [Float] {
    switch elementType {
    case .float16: map(UInt16.self, range) { Float(Float16(bitPattern: $0)) }
    case .float32: map(UInt32.self, range) { Float(bitPattern: $0) }
    case .float64: map(UInt64.self, range) { Float(Double(bitPattern: $0)) }
    case .int8: map(Int8.self, range) { Float($0) }
    case .int16: map(Int16.self, range) { Float($0) }
    case .int32: map(Int32.self, range) { Float($0) }
    case .int64: map(Int64.self, range) { Float($0) }
    case .uint8: map(UInt8.self, range) { Float($0) }
    case .uint16: map(UInt16.self, range) { Float($0) }
    case .uint32: map(UInt32.self, range) { Float($0) }
    case .uint64: map(UInt64.self, range) { Float($0) }
    case .bool: map(UInt8.self, range) { $0 == 0 ? 0 : 1 }
    case .text: throw .wrongType("numbers", self)
    }
  }

  /// Returns the elements, in C order, as `Double`; all types but 64-bit integers fit exactly.
  ///
  /// - Throws: `array-type` for texts.
  public func doubles() throws(Diagnostic) -> [Double] {
    switch elementType {
    case .float64: map(UInt64.self) { Double(bitPattern: $0) }
    case .int32: map(Int32.self) { Double($0) }
    case .int64: map(Int64.self) { Double($0) }
    case .uint32: map(UInt32.self) { Double($0) }
    case .uint64: map(UInt64.self) { Double($0) }
    default: try floats().map(Double.init)
    }
  }

  /// Returns the elements, in C order, as integers.
  ///
  /// - Throws: `array-type` for floats, texts and `uint64`, of which not every one fits.
  public func integers() throws(Diagnostic) -> [Int] {
    switch elementType {
    case .int8: map(Int8.self) { Int($0) }
    case .int16: map(Int16.self) { Int($0) }
    case .int32: map(Int32.self) { Int($0) }
    case .int64: map(Int64.self) { Int($0) }
    case .uint8, .bool: map(UInt8.self) { Int($0) }
    case .uint16: map(UInt16.self) { Int($0) }
    case .uint32: map(UInt32.self) { Int($0) }
    case .uint64, .float16, .float32, .float64, .text: throw .wrongType("integers", self)
    }
  }

  /// Returns the elements, in C order, as texts.
  ///
  /// - Throws: `array-type` for all other types, or `array-text`.
  public func strings() throws(Diagnostic) -> [String] {
    guard case .text(let width) = elementType else { throw .wrongType("texts", self) }
    let scalars = map(UInt32.self) { $0 }
    var result: [String] = []
    for index in 0..<count {
      var text = String.UnicodeScalarView()
      let padded = scalars[index * width..<(index + 1) * width]
      let end = padded.lastIndex { $0 != 0 }.map { $0 + 1 } ?? padded.startIndex
      for value in padded[..<end] {
        guard let scalar = Unicode.Scalar(value) else { throw .noScalar(value) }
        text.append(scalar)
      }
      result.append(String(text))
    }
    return result
  }

  /// Returns each number of type `Bits` among the bytes, or those of some indices, converted.
  @inline(__always)
  private func map<Bits: FixedWidthInteger, Value>(
    _ type: Bits.Type, _ range: Range<Int>? = nil, _ convert: (Bits) -> Value
  ) -> [Value] {
    let width = Bits.bitWidth / 8
    let all = 0..<bytes.count / width
    let range = range ?? all
    precondition(range.clamped(to: all) == range, "elements of the array")
    return unsafe bytes.withUnsafeBytes { buffer in
      range.map { index in
        let bits = unsafe buffer.loadUnaligned(fromByteOffset: index &* width, as: Bits.self)
        return convert(Bits(littleEndian: bits))
      }
    }
  }
}

extension Diagnostic {
  fileprivate static func wrongType(_ what: String, _ array: NumPyArray) -> Diagnostic {
    .error("array-type", "an array of \(what) is needed, and this one has \(array.elementType)")
  }

  fileprivate static func noScalar(_ value: UInt32) -> Diagnostic {
    .error("array-text", "a text must hold Unicode scalars, and \(value) is none")
  }
}
