extension Span<UInt8> {
  /// Returns the little-endian number at `offset`, or `nil` where it would leave the span.
  ///
  /// Inlinable, so that the parsers of other modules get one copy for each type.
  @inlinable
  package func littleEndian<Number: FixedWidthInteger>(
    _ type: Number.Type = Number.self, at offset: Int
  ) -> Number? {
    let width = Number.bitWidth / 8
    guard offset >= 0, offset <= count - width else { return nil }
    var value: Number = 0
    for index in 0..<width {
      value |= Number(truncatingIfNeeded: self[offset + index]) << (8 * index)
    }
    return value
  }

  /// Returns a copy of the bytes in `range`, or `nil` where it would leave the span.
  package func bytes(in range: Range<Int>) -> [UInt8]? {
    guard range.lowerBound >= 0, range.upperBound <= count else { return nil }
    return unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      for (index, offset) in range.enumerated() { unsafe buffer[index] = self[offset] }
      initialized = range.count
    }
  }
}
