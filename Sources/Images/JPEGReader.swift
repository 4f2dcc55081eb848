import CTurboJPEG
import Diagnostics

/// Decodes JPEG files through libjpeg-turbo: baseline and progressive, grey, colours and inks.
///
/// The accurate inverse transform is asked for, and the smooth upsampling of colours is left on, as
/// Pillow has them. What the decoder only warns of, such as missing data that it fills in with grey,
/// is an error here.
enum JPEGReader {
  /// Decodes `file`.
  ///
  /// - Throws: `bad-picture`, `picture-limit` or `picture-kind`.
  static func read(_ file: Span<UInt8>, _ limits: ImageLimits) throws(Diagnostic) -> Image {
    let header = try JPEGHeader(of: file)
    if let error = Diagnostic.pictureSize(header.width, header.height, limits) { throw error }
    switch header.components {
    case 1:
      return try image(header, decode(file, header, TJPF_GRAY, 1), channels: 1)
    case 3:
      return try image(header, decode(file, header, TJPF_RGB, 3), channels: 3)
    case 4:
      return try image(header, colors(ofInks: decode(file, header, TJPF_CMYK, 4)), channels: 3)
    case let components:
      throw .pictureKind(
        "a JPEG picture has 1, 3 or 4 components, and this one has \(components)",
        "save it in grey or in colours")
    }
  }

  private static func image(_ header: JPEGHeader, _ samples: [UInt8], channels: Int) -> Image {
    Image(width: header.width, height: header.height, channels: channels, samples: samples)
  }

  /// The samples in the colours `format`, of `channels` bytes a pixel.
  private static func decode(
    _ file: Span<UInt8>, _ header: JPEGHeader, _ format: TJPF, _ channels: Int
  ) throws(Diagnostic) -> [UInt8] {
    guard let decoder = unsafe tjInitDecompress() else { throw .badPicture("no memory is left") }
    defer { unsafe tjDestroy(decoder) }
    // Without a limit, a small file of very many scans takes very long.
    let flags = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS
    var status: Int32 = 0
    let count = header.width * header.height * channels
    let samples = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe buffer.initialize(repeating: 0)
      status = unsafe file.withUnsafeBufferPointer { file in
        unsafe tjDecompress2(
          decoder, file.baseAddress, UInt(file.count), buffer.baseAddress, Int32(header.width),
          Int32(header.width * channels), Int32(header.height), Int32(format.rawValue), flags)
      }
      initialized = count
    }
    guard status == 0 else { throw unsafe .badPicture(words(of: tjGetErrorStr2(decoder))) }
    return samples
  }

  /// The decoder's words, in our style.
  private static func words(of message: UnsafeMutablePointer<CChar>?) -> String {
    guard let message = unsafe message else { return "the decoder does not say why" }
    let text = unsafe String(cString: message)
    // The name of the function says nothing to a user.
    let words = text.firstRange(of: "(): ").map { text[$0.upperBound...] } ?? text[...]
    return escaped(words.prefix(1).lowercased() + words.dropFirst())
  }

  /// Red, green and blue of inks, each `ink` in the file being 255 - ink, as Adobe's programs write.
  ///
  /// A colour is (255 - black) - (255 - black) ink / 255, rounded as Pillow's `convert` does.
  private static func colors(ofInks file: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(file.count / 4 * 3)
    for pixel in stride(from: 0, to: file.count, by: 4) {
      let light = Int(file[pixel + 3])
      for color in 0..<3 {
        let product = (255 - Int(file[pixel + color])) * light + 128
        result.append(UInt8(truncatingIfNeeded: light - ((product >> 8) + product) >> 8))
      }
    }
    return result
  }
}
