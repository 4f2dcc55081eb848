/// How a picture becomes a network's input, as torchvision's and timm's transforms for evaluation do
/// it: the shorter side is resized to floor(size / crop), the middle is cut out, and every channel is
/// (sample / 255 - mean) / std in binary32.
public struct Preprocessing: Sendable {
  /// The height and width of the input.
  public let size: Int

  /// The length of the shorter side before the middle is cut out.
  public let resizedSize: Int

  /// How the picture is resized.
  public let interpolation: Interpolation

  /// The inputs of the 256 samples, for each channel.
  private let levels: [[Float]]

  /// The number of channels.
  public var channels: Int { levels.count }

  /// Creates the preparation of pictures.
  ///
  /// - Parameters:
  ///   - size: The height and width of the network's input.
  ///   - cropFraction: The part of the shorter side that is kept: above 0, and at most 1.
  ///   - interpolation: What stands between samples where the picture is resized.
  ///   - mean: The mean of each channel, samples being from 0 to 1.
  ///   - std: The standard deviation of each channel.
  /// - Precondition: There are one or three channels, and no deviation is 0.
  public init(
    size: Int, cropFraction: Double, interpolation: Interpolation, mean: [Double], std: [Double]
  ) {
    precondition(size > 0 && 0 < cropFraction && cropFraction <= 1, "a part is cut out")
    precondition([1, 3].contains(mean.count) && mean.count == std.count, "one or three channels")
    precondition(std.allSatisfy { Float($0) != 0 }, "samples are divided by deviations")
    self.size = size
    resizedSize = Int((Double(size) / cropFraction).rounded(.down))
    self.interpolation = interpolation
    levels = zip(mean, std).map { mean, std in
      (0..<256).map { (Float($0) / 255 - Float(mean)) / Float(std) }
    }
  }

  /// The network's input, `[channels][size][size]`.
  ///
  /// - Precondition: The picture has as many channels.
  public func input(of image: Image) -> [Float] {
    let cropped = cropped(image)
    precondition(cropped.channels == channels, "a picture of \(channels) channels")
    return levels.indices.flatMap { channel in
      stride(from: channel, to: cropped.samples.count, by: channels).map {
        levels[channel][Int(cropped.samples[$0])]
      }
    }
  }

  /// The part of the resized picture that a network sees.
  func cropped(_ image: Image) -> Image {
    let isWide = image.height <= image.width
    let (short, long) = isWide ? (image.height, image.width) : (image.width, image.height)
    let resizedLong = Int(Double(resizedSize * long) / Double(short))
    let width = isWide ? resizedLong : resizedSize
    let height = isWide ? resizedSize : resizedLong
    return image.resized(
      width: width, height: height,
      cropping: Image.Window(columns: middle(of: width), rows: middle(of: height)),
      by: interpolation)
  }

  /// The middle of an axis, a half being rounded to even, as Python does.
  private func middle(of length: Int) -> Range<Int> {
    let start = Int((Double(length - size) / 2).rounded(.toNearestOrEven))
    return start..<start + size
  }
}
