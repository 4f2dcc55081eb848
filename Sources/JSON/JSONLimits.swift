/// The most that a JSON text may ask for; each bounds memory or time on hostile input.
///
/// All are checked before a value is made.
public struct JSONLimits: Sendable {
  /// The limits for texts that people write.
  public static let standard = JSONLimits(bytes: 16 << 20, depth: 64, values: 1 << 20)

  /// Bytes of the text.
  public var bytes: Int

  /// Arrays and objects within each other, 512 at most; jansson itself has a limit of 2048.
  public var depth: Int

  /// Values in the text, with those that hold others; each takes some 150 bytes while it is read.
  public var values: Int

  /// Creates limits; of `depth` no more than 512 is taken, since the reader calls itself that deep.
  public init(bytes: Int, depth: Int, values: Int) {
    self.bytes = bytes
    self.depth = min(depth, 512)
    self.values = values
  }
}
