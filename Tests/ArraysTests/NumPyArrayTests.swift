import Arrays
import Diagnostics
import CheckpointTestSupport
import Testing

/// Arrays of NumPy, one file at a time.
@Suite struct NumPyArrayTests {
  /// An `.npy` file of version 1 with the header `text`, padded as NumPy does, and `bytes`.
  static func npy(_ text: String, _ bytes: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let preamble = version == 1 ? 10 : 12
    let padding = 63 - (preamble + text.utf8.count) % 64
    let header = Array(text.utf8) + [UInt8](repeating: 0x20, count: padding) + [0x0A]
    let count = version == 1 ? le(UInt16(header.count)) : le(UInt32(header.count))
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + count + header + bytes
  }

  /// The header of two floats.
  static let pair = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
  /// The bytes of two floats.
  static let pairBytes = le(Float(0.5).bitPattern) + le(Float(-3).bitPattern)

  @Test(arguments: [UInt8(1), 2, 3])
  func readsEachVersion(_ version: UInt8) throws {
    let file = Self.npy(Self.pair, Self.pairBytes, version: version)
    let array = try NumPyArray(npy: file.span)
    #expect(array.elementType == .float32 && array.shape == [2])
    #expect(try array.floats() == [0.5, -3])
  }

  @Test(arguments: [
    "{'shape': (2,), 'fortran_order': False, 'descr': '<f4'}",
    "{ 'descr' : '<f4' , 'fortran_order' : True , 'shape' : ( 2 , ) }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 1)}",
  ])
  func readsOtherSpellings(_ header: String) throws {
    let file = Self.npy(header, Self.pairBytes)
    #expect(try NumPyArray(npy: file.span).floats() == [0.5, -3])
  }

  /// Headers that are wrong or not supported, each before eight bytes of data.
  static let malformed: [(String, String)] = [
    ("", "array-header"),
    ("{", "array-header"),
    ("{}", "array-header"),
    ("{'descr': '<f4', 'shape': (2,)}", "array-header"),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", "array-header"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}", "array-header"),
    ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "array-header"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "array-header"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "array-header"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': 2}", "array-header"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x", "array-header"),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': ("
        + String(repeating: "1, ", count: 33) + ")}",
      "array-header"
    ),
    ("{'descr': '|O', 'fortran_order': False, 'shape': (2,)}", "array-type"),
    ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "array-type"),
    ("{'descr': '|S4', 'fortran_order': False, 'shape': (2,)}", "array-type"),
    ("{'descr': '<U0', 'fortran_order': False, 'shape': (2,)}", "array-type"),
    ("{'descr': '<U99999999', 'fortran_order': False, 'shape': (2,)}", "array-type"),
    ("{'descr': '', 'fortran_order': False, 'shape': (2,)}", "array-type"),
    ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", "array-header"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "array-size"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "array-size"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (0,)}", "array-size"),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 2)}",
      "array-size"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4294967296, 4294967296)}",
      "array-size"
    ),
  ]

  @Test(arguments: malformed)
  func refuses(header: String, id: String) {
    let file = Self.npy(header, Self.pairBytes)
    let error = #expect(throws: Diagnostic.self) { try NumPyArray(npy: file.span) }
    #expect(error?.id == id, "\(error?.message ?? "")")
  }

  @Test func everyTruncationIsAnError() {
    let file = Self.npy(Self.pair, Self.pairBytes)
    for count in 0..<file.count {
      let part = Array(file[..<count])
      #expect(throws: Diagnostic.self, "at \(count)") { try NumPyArray(npy: part.span) }
    }
  }

  @Test func noFlippedByteTraps() {
    let file = Self.npy(Self.pair, Self.pairBytes)
    for offset in file.indices {
      for mask in UInt8(1)...255 {
        var damaged = file
        damaged[offset] ^= mask
        let array = try? NumPyArray(npy: damaged.span)
        _ = try? array?.floats()
        _ = try? array?.strings()
      }
    }
  }

  @Test(arguments: [[], [1], [6], [2, 3], [0, 7], [1, 2, 3, 1]])
  func readsWhatItWrites(shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let floats = NumPyArray(shape: shape, floats: (0..<count).map { Float($0) / 3 })
    let bytes = NumPyArray(shape: shape, bytes: (0..<count).map { UInt8($0 * 40) })
    for array in [floats, bytes] {
      let file = try array.npy()
      #expect(try NumPyArray(npy: file.span) == array)
      #expect((file.count - array.bytes.count).isMultiple(of: 64))
    }
  }

  @Test func writesByteForByteWhatNumPyWrites() throws {
    let array = NumPyArray(shape: [2], floats: [0.5, -3])
    #expect(try array.npy() == Self.npy(Self.pair, Self.pairBytes))
  }

  @Test func refusesTextsThatAreNone() throws {
    let header = "{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }"
    let file = Self.npy(header, le(0xD800 as UInt32))
    let array = try NumPyArray(npy: file.span)
    let error = #expect(throws: Diagnostic.self) { try array.strings() }
    #expect(error?.id == "array-text")
    #expect(throws: Diagnostic.self) { try array.floats() }
    #expect(throws: Diagnostic.self) { try array.integers() }
  }
}
