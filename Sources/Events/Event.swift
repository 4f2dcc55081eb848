/// What one pixel of an event camera saw: that its light changed.
public struct Event: Hashable, Sendable {
  /// When, in microseconds of the recording's clock.
  public let time: Int

  /// The column, from the left.
  public let x: UInt16

  /// The row, from the top.
  public let y: UInt16

  /// The channel of the frames that counts it: 0 or 1, as the authors' reader of its format has it.
  public let polarity: UInt8

  /// An event.
  public init(time: Int, x: UInt16, y: UInt16, polarity: UInt8) {
    self.time = time
    self.x = x
    self.y = y
    self.polarity = polarity
  }
}
