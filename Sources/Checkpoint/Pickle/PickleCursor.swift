import Diagnostics
import Files

/// A place in a pickle's bytes; reads operands, and never beyond the bytes or the frame.
struct PickleCursor {
  /// The offset of the next byte.
  private(set) var position: Int

  /// The end of the current frame, which opcodes must not straddle.
  private var frameEnd: Int?

  /// Starts at `position`.
  init(at position: Int) {
    self.position = position
  }

  /// Whether a frame is open and not yet used up.
  var isInFrame: Bool {
    frameEnd.map { position < $0 } ?? false
  }

  /// Opens a frame of `count` bytes.
  mutating func openFrame(_ count: Int, in pickle: Span<UInt8>) throws(Diagnostic) {
    guard !isInFrame else { throw .badFrame("inside another") }
    guard count <= pickle.count - position else { throw .badFrame("beyond the end of the data") }
    frameEnd = position + count
  }

  /// Reads an opcode's byte.
  mutating func opcode(in pickle: Span<UInt8>) throws(Diagnostic) -> UInt8 {
    if !isInFrame { frameEnd = nil }
    return try number(in: pickle)
  }

  /// Reads a little-endian number.
  mutating func number<Number: FixedWidthInteger>(
    _ type: Number.Type = Number.self, in pickle: Span<UInt8>
  ) throws(Diagnostic) -> Number {
    let range = try take(Number.bitWidth / 8, of: pickle)
    return pickle.littleEndian(at: range.lowerBound) ?? 0
  }

  /// Reads a count of type `Width`, and that many bytes.
  mutating func counted<Width: FixedWidthInteger>(
    by type: Width.Type, atMost limit: Int, in pickle: Span<UInt8>
  ) throws(Diagnostic) -> [UInt8] {
    let count = try number(Width.self, in: pickle)
    guard count >= 0, count <= limit else { throw .tooLong(String(count), limit) }
    return pickle.bytes(in: try take(Int(count), of: pickle)) ?? []
  }

  /// Reads up to a line feed, and drops it.
  mutating func line(atMost limit: Int, in pickle: Span<UInt8>) throws(Diagnostic) -> [UInt8] {
    var line: [UInt8] = []
    while true {
      let byte: UInt8 = try number(in: pickle)
      guard byte != UInt8(ascii: "\n") else { return line }
      guard line.count < limit else { throw .tooLong("more", limit) }
      line.append(byte)
    }
  }

  /// Moves on by `count` bytes, and returns their range.
  private mutating func take(
    _ count: Int, of pickle: Span<UInt8>
  ) throws(Diagnostic) -> Range<Int> {
    guard count <= pickle.count - position else { throw .endsEarly }
    let range = position..<position + count
    if let frameEnd, range.upperBound > frameEnd { throw .badFrame("in the middle of an operand") }
    position = range.upperBound
    return range
  }
}

extension Diagnostic {
  fileprivate static var endsEarly: Diagnostic {
    .error("pickle-truncated", "a pickle must end with STOP, and this one ends before")
  }

  fileprivate static func badFrame(_ place: String) -> Diagnostic {
    .error("pickle-frame", "a frame must hold whole opcodes, and this one starts or ends \(place)")
  }

  fileprivate static func tooLong(_ count: String, _ limit: Int) -> Diagnostic {
    .error("pickle-limit", "an operand has at most \(limit) bytes, and this one has \(count)")
  }
}
