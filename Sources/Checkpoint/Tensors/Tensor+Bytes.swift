public import Diagnostics

/// Reading a tensor's elements as they are.
extension Tensor {
  /// Returns the elements in C order, each in little-endian order, with every bit of them.
  ///
  /// - Throws: what is wrong with the storage's bytes: `zip-checksum`, `zip-no-data`, `zip-inflate`.
  public func bytes() throws(Diagnostic) -> [UInt8] {
    do throws(Diagnostic) {
      return try storage.withBytes { (bytes) in
        switch elementType.size {
        case 1: gather(bytes, UInt8.self) { $0 }
        case 2: Self.bytes(of: gather(bytes, UInt16.self) { $0.littleEndian })
        case 4: Self.bytes(of: gather(bytes, UInt32.self) { $0.littleEndian })
        default: Self.bytes(of: gather(bytes, UInt64.self) { $0.littleEndian })
        }
      }
    } catch {
      throw error.inFile(file).at(.tensor(name.text))
    }
  }

  /// Returns the bytes of numbers.
  private static func bytes(of numbers: [some FixedWidthInteger]) -> [UInt8] {
    unsafe numbers.withUnsafeBytes { unsafe Array($0) }
  }
}
