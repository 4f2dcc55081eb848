public import Diagnostics

/// Reading a tensor's elements.
extension Tensor {
  /// Returns the elements in C order as `Float`.
  ///
  /// Half, bfloat16 and single precision come out exactly. Double precision and integers beyond
  /// 2^24 are rounded once, to nearest even. NaN and infinity are refused, wherever they come
  /// from: no weight of a working network is one.
  ///
  /// - Throws: `not-finite`, `not-boolean`, `element-type` for floats of 8 bits, or what is wrong with
  ///   the storage's bytes.
  public func floats() throws(Diagnostic) -> [Float] {
    do throws(Diagnostic) {
      return try storage.withBytes { (bytes) throws(Diagnostic) in try floats(of: bytes) }
    } catch {
      throw error.inFile(file).at(.tensor(name.text))
    }
  }

  /// Returns the elements, out of the storage's bytes.
  private func floats(of bytes: Span<UInt8>) throws(Diagnostic) -> [Float] {
    let result =
      switch elementType {
      case .float32: gather(bytes, UInt32.self) { Float(bitPattern: $0) }
      case .float16: gather(bytes, UInt16.self, HalfPrecision.float)
      case .bfloat16: gather(bytes, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
      case .float64: gather(bytes, UInt64.self) { Float(Double(bitPattern: $0)) }
      case .int8: gather(bytes, Int8.self) { Float($0) }
      case .int16: gather(bytes, Int16.self) { Float($0) }
      case .int32: gather(bytes, Int32.self) { Float($0) }
      case .int64: gather(bytes, Int64.self) { Float($0) }
      case .uint8: gather(bytes, UInt8.self) { Float($0) }
      case .uint16: gather(bytes, UInt16.self) { Float($0) }
      case .uint32: gather(bytes, UInt32.self) { Float($0) }
      case .uint64: gather(bytes, UInt64.self) { Float($0) }
      // A truth value is 0 or 1; anything else becomes NaN here, and is refused below.
      case .bool: gather(bytes, UInt8.self) { $0 > 1 ? .nan : Float($0) }
      case .float8E4M3, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ, .float8E8M0:
        throw Diagnostic.noWeight(elementType)
      }
    guard !Self.hasNonFinite(result) else { throw nonFinite(among: result) }
    return result
  }

  /// Returns whether an element is NaN or infinite.
  private static func hasNonFinite(_ values: [Float]) -> Bool {
    // The largest exponent marks both; a plain maximum runs in vector registers.
    let exponent: UInt32 = 0x7F80_0000
    return values.reduce(0) { max($0, $1.bitPattern & exponent) } == exponent
  }

  /// Returns the error for the first element that is NaN or infinite.
  private func nonFinite(among values: [Float]) -> Diagnostic {
    var rest = values.firstIndex { !$0.isFinite } ?? 0
    let value = values.isEmpty ? 0 : values[rest]
    var indices: [Int] = []
    for size in shape.reversed() {
      indices.insert(rest % max(size, 1), at: 0)
      rest /= max(size, 1)
    }
    guard elementType != .bool else { return .notBoolean(indices) }
    return .notFinite(value, indices, elementType)
  }
}

extension Diagnostic {
  fileprivate static func noWeight(_ type: ElementType) -> Diagnostic {
    .error(
      "element-type",
      "a weight's elements must be of 16 bits or more, or integers, not \(type.rawValue)",
      notes: ["multiply them by their scale and save them as float16, bfloat16 or float32"])
  }

  fileprivate static func notFinite(
    _ value: Float, _ indices: [Int], _ type: ElementType
  ) -> Diagnostic {
    let what =
      type == .float64 && value.isInfinite
      ? "too large for single precision" : value.isNaN ? "NaN" : "infinite"
    return .error(
      "not-finite", "a tensor's elements must be finite, and the one at \(indices) is \(what)")
  }

  fileprivate static func notBoolean(_ indices: [Int]) -> Diagnostic {
    .error("not-boolean", "truth values must be 0 or 1, and the one at \(indices) is neither")
  }
}
