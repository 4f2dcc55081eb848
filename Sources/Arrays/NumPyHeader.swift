import Diagnostics
import Files

/// The header of an `.npy` file: a Python dictionary, of which only one form is allowed.
///
///     {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
struct NumPyHeader {
  /// The type of the elements.
  let elementType: NumPyArray.ElementType
  /// Whether the elements are in big-endian order.
  let isBigEndian: Bool
  /// Whether the first index runs fastest.
  let isFortranOrder: Bool
  /// The number of elements along each dimension.
  let shape: [Int]
  /// Where the elements start.
  let end: Int

  /// Bytes of the dictionary; NumPy itself reads no more than 10,000 from strangers.
  private static let longest = 10_000

  /// Dimensions; NumPy's own limit is 64.
  private static let highestRank = 32

  /// Reads the header at the start of `file`.
  init(of file: Span<UInt8>) throws(Diagnostic) {
    guard let magic = file.bytes(in: 0..<6), magic == [0x93] + Array("NUMPY".utf8),
      file.count > 6
    else { throw .noArray }
    let start: Int
    let count: Int?
    switch file[6] {
    case 1:
      start = 10
      count = file.littleEndian(UInt16.self, at: 8).map(Int.init)
    case 2, 3:
      start = 12
      count = file.littleEndian(UInt32.self, at: 8).map(Int.init)
    case let version: throw .unknownVersion(version)
    }
    guard let count, count <= Self.longest, let text = file.bytes(in: start..<start + count) else {
      throw .badHeader("it is cut short or too long")
    }
    end = start + count
    var fields = try HeaderFields(text)
    try fields.readAll()
    guard let type = fields.type, let isFortranOrder = fields.isFortranOrder,
      let shape = fields.shape
    else { throw .badHeader("it needs 'descr', 'fortran_order' and 'shape'") }
    guard shape.count <= Self.highestRank else {
      throw .badHeader("it has \(shape.count) dimensions, and \(Self.highestRank) are read")
    }
    (elementType, isBigEndian) = try Self.elementType(type)
    self.isFortranOrder = isFortranOrder
    self.shape = shape
  }

  /// Returns the type, and whether it is big-endian, that NumPy spells `text`, such as `<f4`.
  private static func elementType(
    _ text: String
  ) throws(Diagnostic) -> (NumPyArray.ElementType, Bool) {
    guard let order = text.first, "<>|".contains(order) else { throw .unknownType(text) }
    let name = text.dropFirst()
    let isBigEndian = order == ">"
    switch name {
    case "f2": return (.float16, isBigEndian)
    case "f4": return (.float32, isBigEndian)
    case "f8": return (.float64, isBigEndian)
    case "i1": return (.int8, isBigEndian)
    case "i2": return (.int16, isBigEndian)
    case "i4": return (.int32, isBigEndian)
    case "i8": return (.int64, isBigEndian)
    case "u1": return (.uint8, isBigEndian)
    case "u2": return (.uint16, isBigEndian)
    case "u4": return (.uint32, isBigEndian)
    case "u8": return (.uint64, isBigEndian)
    case "b1": return (.bool, isBigEndian)
    default:
      guard name.first == "U", let width = Int(name.dropFirst()), (1...1 << 20).contains(width)
      else { throw .unknownType(text) }
      return (.text(width), isBigEndian)
    }
  }
}

/// Reads the header's dictionary, token by token.
private struct HeaderFields {
  /// The value of `descr`.
  private(set) var type: String?
  /// The value of `fortran_order`.
  private(set) var isFortranOrder: Bool?
  /// The value of `shape`.
  private(set) var shape: [Int]?
  /// What is left of the text.
  private var rest: Substring

  /// Starts at the beginning of `text`.
  init(_ text: [UInt8]) throws(Diagnostic) {
    guard text.allSatisfy({ $0 < 0x80 }) else { throw .badHeader("it must be ASCII") }
    rest = String(decoding: text, as: UTF8.self)[...]
  }

  /// Reads the whole dictionary.
  mutating func readAll() throws(Diagnostic) {
    try expect("{")
    while !skip("}") {
      let key = try quoted()
      try expect(":")
      switch key {
      case "descr" where type == nil: type = try quoted()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try boolean()
      case "shape" where shape == nil: shape = try integers()
      default: throw .badHeader("'\(escaped(key))' is unknown or given twice")
      }
      if !skip(",") {
        try expect("}")
        break
      }
    }
    guard rest.allSatisfy(\.isWhitespace) else { throw .badHeader("text follows it") }
  }

  /// Takes `token` off the text, or says that it is not there.
  private mutating func skip(_ token: String) -> Bool {
    rest = rest.drop(while: \.isWhitespace)
    guard rest.hasPrefix(token) else { return false }
    rest = rest.dropFirst(token.count)
    return true
  }

  /// Takes `token` off the text, where it must be.
  private mutating func expect(_ token: String) throws(Diagnostic) {
    guard skip(token) else { throw .badHeader("'\(token)' is missing") }
  }

  /// Takes a quoted text without escapes.
  private mutating func quoted() throws(Diagnostic) -> String {
    try expect("'")
    guard let end = rest.firstIndex(of: "'") else { throw .badHeader("a quote is missing") }
    defer { rest = rest[end...].dropFirst() }
    return String(rest[..<end])
  }

  /// Takes a truth value.
  private mutating func boolean() throws(Diagnostic) -> Bool {
    if skip("True") { return true }
    try expect("False")
    return false
  }

  /// Takes a tuple of integers that are not negative.
  private mutating func integers() throws(Diagnostic) -> [Int] {
    try expect("(")
    var integers: [Int] = []
    while !skip(")") {
      rest = rest.drop(while: \.isWhitespace)
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let value = Int(digits) else { throw .badHeader("a size is no small integer") }
      integers.append(value)
      rest = rest.dropFirst(digits.count)
      if !skip(",") {
        try expect(")")
        break
      }
    }
    return integers
  }
}

extension Diagnostic {
  fileprivate static var noArray: Diagnostic {
    .error("not-an-array", "an .npy file starts with NumPy's magic bytes, and this one does not")
  }

  fileprivate static func unknownVersion(_ version: UInt8) -> Diagnostic {
    .error("array-header", "the .npy versions 1 to 3 are read, and this one is \(version)")
  }

  fileprivate static func badHeader(_ what: String) -> Diagnostic {
    .error("array-header", "the header of the array cannot be read: \(what)")
  }

  fileprivate static func unknownType(_ text: String) -> Diagnostic {
    .error(
      "array-type", "elements of the type '\(escaped(text))' are not supported",
      notes: ["floats, integers, truth values and Unicode texts are"])
  }
}
