/// The most that a recording may ask for; each bounds memory or time on hostile input.
///
/// A recording of DVS128 Gesture has some 40 MB and 5 million events; one of CIFAR10-DVS some 2 MB.
public struct EventLimits: Sendable {
  /// The limits for files of unknown origin.
  public static let standard = EventLimits()

  /// Bytes of a recording.
  public var bytes = 4 << 30

  /// Bytes of an AEDAT file's header, where jAER may put all of a camera's settings.
  public var headerBytes = 1 << 20

  /// Events of a recording; each takes 16 bytes.
  public var events = 1 << 26

  /// The highest row or column: AEDAT 3.1 has 15 bits for each.
  public var coordinate = 1 << 15 - 1

  /// Bytes of a table of gestures.
  public var tableBytes = 1 << 20

  /// The highest class in such a table.
  public var classes = 1 << 16
}
