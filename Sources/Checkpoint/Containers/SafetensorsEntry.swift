import Diagnostics
import JSON

/// What a safetensors file's header says of a tensor, once it is found to agree with itself.
struct SafetensorsEntry {
  /// The name in the file, for messages.
  let name: String
  /// The type of the elements.
  let elementType: ElementType
  /// The number of elements along each dimension.
  let shape: [Int]
  /// The distance between neighbors along each dimension, in elements.
  let strides: [Int]
  /// The bytes of the elements, counted from the start of the data.
  let range: Range<Int>

  /// Reads a member of the header, in a file with `dataCount` bytes of data.
  init(_ member: JSONMember, dataCount: Int, limits: Limits) throws(Diagnostic) {
    do throws(Diagnostic) {
      let type = try Self.elementType(of: member.value)
      let shape = try Self.numbers("shape", of: member.value)
      try limits.check(rank: shape.count)
      let offsets = try Self.numbers("data_offsets", of: member.value)
      guard offsets.count == 2, offsets[0] <= offsets[1] else { throw .badOffsets(offsets) }
      guard offsets[1] <= dataCount else { throw .outOfBounds(offsets, dataCount) }
      let (strides, size) = try Self.layout(of: shape, type)
      guard size == offsets[1] - offsets[0] else { throw .otherSize(type, shape, size, offsets) }
      name = member.name
      elementType = type
      self.shape = shape
      self.strides = strides
      range = offsets[0]..<offsets[1]
    } catch {
      throw error.at(.tensor(member.name))
    }
  }

  /// Whether these bytes come before those of `other`; empty ones before others from the same place.
  func isBefore(_ other: SafetensorsEntry) -> Bool {
    (range.lowerBound, range.upperBound) < (other.range.lowerBound, other.range.upperBound)
  }

  /// Reads the type of the elements.
  private static func elementType(of entry: JSONValue) throws(Diagnostic) -> ElementType {
    guard entry.object != nil else { throw .noEntry(entry) }
    guard let name = entry["dtype"]?.string else { throw .badPart("dtype", "a string", entry) }
    guard let type = ElementType(safetensors: name) else { throw .unsupportedType(name) }
    return type
  }

  /// Reads the whole numbers of a list.
  private static func numbers(
    _ part: String, of entry: JSONValue
  ) throws(Diagnostic) -> [Int] {
    guard let list = entry[part]?.array else { throw .badPart(part, "an array", entry) }
    var numbers: [Int] = []
    for element in list {
      guard let number = element.integer, number >= 0 else { throw .badNumber(part, element) }
      numbers.append(number)
    }
    return numbers
  }

  /// Returns the strides of elements in C order, and the bytes that all of them take.
  private static func layout(
    of shape: [Int], _ type: ElementType
  ) throws(Diagnostic) -> (strides: [Int], size: Int) {
    var strides: [Int] = []
    var count = 1
    for size in shape.reversed() {
      strides.insert(count, at: 0)
      // An empty dimension counts as one here, so that the others cannot overflow unseen.
      let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 1))
      guard !overflow else { throw .tooLarge(shape) }
      count = product
    }
    let (size, overflow) = count.multipliedReportingOverflow(by: type.size)
    guard !overflow else { throw .tooLarge(shape) }
    return (strides, shape.contains(0) ? 0 : size)
  }
}

extension Diagnostic {
  fileprivate static func noEntry(_ entry: JSONValue) -> Diagnostic {
    .error("safetensors-entry", "a tensor must be described by an object, not by \(entry.kind)")
  }

  fileprivate static func badPart(
    _ part: String, _ expected: String, _ entry: JSONValue
  ) -> Diagnostic {
    let found = entry[part].map { "is \($0.kind)" } ?? "is missing"
    return .error("safetensors-entry", "a tensor's '\(part)' must be \(expected), and \(found)")
  }

  fileprivate static func badNumber(_ part: String, _ element: JSONValue) -> Diagnostic {
    let found = element.integer.map { "\($0)" } ?? element.kind
    return .error(
      "safetensors-entry", "a tensor's '\(part)' must be whole numbers from 0 on, not \(found)")
  }

  fileprivate static func unsupportedType(_ name: String) -> Diagnostic {
    .error("element-type", "the type of the elements is not supported: '\(escaped(name))'")
  }

  fileprivate static func badOffsets(_ offsets: [Int]) -> Diagnostic {
    .error(
      "safetensors-offsets",
      "a tensor's offsets are two numbers, the first not above the second, not \(offsets)")
  }

  fileprivate static func outOfBounds(_ offsets: [Int], _ count: Int) -> Diagnostic {
    .error(
      "safetensors-offsets",
      "a tensor must lie within the \(count) bytes of the data, and its offsets are \(offsets)",
      notes: ["the file may be incomplete: download or copy it again"])
  }

  fileprivate static func otherSize(
    _ type: ElementType, _ shape: [Int], _ size: Int, _ offsets: [Int]
  ) -> Diagnostic {
    .error(
      "safetensors-offsets",
      "\(type.rawValue) \(shape) takes \(size) bytes, and its offsets \(offsets) have "
        + "\(offsets[1] - offsets[0])")
  }

  fileprivate static func tooLarge(_ shape: [Int]) -> Diagnostic {
    .error("safetensors-offsets", "a tensor's bytes must be below 2^63, and its shape is \(shape)")
  }
}
