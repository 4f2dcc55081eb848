import CPNG
import Diagnostics

/// Decodes PNG files through libpng: every colour type, depth and interlacing.
///
/// As in Pillow, gammas and profiles are not applied, alpha and transparent colours are left out,
/// and of the 16 bits of a colour the high ones are taken. Pillow cuts 16 bits of grey at 255, which
/// makes most pictures white, so these are refused.
enum PNGReader {
  /// Decodes `file`.
  ///
  /// - Throws: `bad-picture`, `picture-limit` or `picture-kind`.
  static func read(_ file: Span<UInt8>, _ limits: ImageLimits) throws(Diagnostic) -> Image {
    let header = try PNGHeader(of: file)
    if let error = Diagnostic.pictureSize(header.width, header.height, limits) { throw error }
    guard header.depth < 16 || header.colorType != .grey else {
      throw .pictureKind(
        "grey of 16 bits is not read, since programs differ in what 8 bits they make of it",
        "save it with 8 bits")
    }
    let (samples, palette) = try decode(file, header)
    let channels = [.grey, .greyAndAlpha].contains(header.colorType) ? 1 : 3
    let colors =
      switch header.colorType {
      case .palette: try look(up: samples, in: palette)
      case .grey: scaled(samples, from: header.depth)
      case .colors: samples
      case .greyAndAlpha, .colorsAndAlpha: withoutAlpha(samples, channels)
      }
    return Image(
      width: header.width, height: header.height, channels: channels, samples: colors)
  }

  /// The samples as the file has them, a byte each, and its palette of 3 bytes a colour.
  private static func decode(
    _ file: Span<UInt8>, _ header: PNGHeader
  ) throws(Diagnostic) -> (samples: [UInt8], palette: [UInt8]) {
    let count = header.width * header.height * header.colorType.channels
    var samples = [UInt8](repeating: 0, count: count)
    var palette = [UInt8](repeating: 0, count: Int(SNNC_PNG_PALETTE))
    var message = [CChar](repeating: 0, count: Int(SNNC_PNG_MESSAGE))
    var colors: Int32 = 0
    let status = unsafe file.withUnsafeBufferPointer { file in
      unsafe snnc_png_read(
        file.baseAddress, file.count, &samples, count, &palette, &colors, &message)
    }
    guard status == 0 else {
      let words = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw .badPicture(escaped(utf8: words))
    }
    return (samples, Array(palette.prefix(3 * Int(colors))))
  }

  /// The colours of the numbers `samples`.
  private static func look(
    up samples: [UInt8], in palette: [UInt8]
  ) throws(Diagnostic) -> [UInt8] {
    let colors = palette.count / 3
    if let stranger = samples.first(where: { $0 >= colors }) {
      throw .badPicture("colour \(stranger) is not in its palette of \(colors)")
    }
    var result: [UInt8] = []
    result.reserveCapacity(3 * samples.count)
    for sample in samples {
      for channel in 0..<3 { result.append(palette[3 * Int(sample) + channel]) }
    }
    return result
  }

  /// Samples of `depth` bits stretched to 8.
  private static func scaled(_ samples: [UInt8], from depth: Int) -> [UInt8] {
    guard depth < 8 else { return samples }
    let factor = 255 / UInt8((1 << depth) - 1)
    return samples.map { $0 * factor }
  }

  /// The first `channels` samples of each pixel, the last being alpha.
  private static func withoutAlpha(_ samples: [UInt8], _ channels: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(samples.count / (channels + 1) * channels)
    for pixel in stride(from: 0, to: samples.count, by: channels + 1) {
      for channel in 0..<channels { result.append(samples[pixel + channel]) }
    }
    return result
  }
}
