/// A picture of one or three channels of 8 bits: grey, or red, green and blue.
public struct Image: Hashable, Sendable {
  /// The number of columns.
  public let width: Int

  /// The number of rows.
  public let height: Int

  /// The number of channels: 1 or 3.
  public let channels: Int

  /// The samples, `[height][width][channels]`.
  public let samples: [UInt8]

  /// Creates a picture.
  ///
  /// - Precondition: There are as many samples as the other parameters say, and not none.
  public init(width: Int, height: Int, channels: Int, samples: [UInt8]) {
    precondition(channels == 1 || channels == 3, "a picture is grey or has three colours")
    precondition(width > 0 && height > 0, "a picture has pixels")
    precondition(samples.count == width * height * channels, "as many samples as it takes")
    self.width = width
    self.height = height
    self.channels = channels
    self.samples = samples
  }

  /// This picture in grey: (19595 R + 38470 G + 7471 B) / 65536, rounded, which is ITU-R 601-2's
  /// luma and what Pillow's `convert('L')` computes.
  public var grey: Image {
    guard channels == 3 else { return self }
    let values = (0..<width * height).map { pixel in
      let (red, green) = (Int(samples[3 * pixel]), Int(samples[3 * pixel + 1]))
      let sum = red * 19_595 + green * 38_470 + Int(samples[3 * pixel + 2]) * 7_471
      return UInt8(truncatingIfNeeded: (sum + 0x8000) >> 16)
    }
    return Image(width: width, height: height, channels: 1, samples: values)
  }

  /// This picture in three colours, which are equal where it is grey.
  public var colored: Image {
    guard channels == 1 else { return self }
    var values: [UInt8] = []
    values.reserveCapacity(3 * samples.count)
    for sample in samples {
      for _ in 0..<3 { values.append(sample) }
    }
    return Image(width: width, height: height, channels: 3, samples: values)
  }
}
