/// The most that a picture may ask for; each bounds memory or time on hostile input.
public struct ImageLimits: Sendable {
  /// The limits for pictures from strangers.
  public static let standard = ImageLimits(bytes: 1 << 30, pixels: 178_956_970)

  /// Bytes of the file.
  public var bytes: Int

  /// Pixels, which the file's header says before any memory is taken for them.
  ///
  /// Pillow, by which data sets are read, refuses more than the standard limit, too. A pixel takes 4
  /// bytes at most, and as much again while its colours are converted.
  public var pixels: Int

  /// Creates limits.
  public init(bytes: Int, pixels: Int) {
    self.bytes = bytes
    self.pixels = pixels
  }
}
