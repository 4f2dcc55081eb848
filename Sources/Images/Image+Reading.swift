public import Diagnostics
import Files

/// Reading pictures. The pixels are those that Pillow gives with `convert('RGB')` or `convert('L')`:
/// an alpha channel is left out, and an orientation in EXIF data is not applied.
extension Image {
  /// Reads the PNG or JPEG file at `path`, whatever its name ends in.
  ///
  /// - Parameters:
  ///   - path: Where the file is.
  ///   - channels: 3, or 1 for grey.
  ///   - limits: How large a picture may be.
  /// - Throws: what is wrong with the file: `not-a-picture`, `picture-limit`, `bad-picture` or
  ///   `picture-kind`.
  public init(
    path: String, channels: Int, limits: ImageLimits = .standard
  ) throws(Diagnostic) {
    let file = try MappedFile(path: path)
    do throws(Diagnostic) {
      self = try file.withSpan { (span) throws(Diagnostic) in
        try Image(reading: span, channels: channels, limits: limits)
      }
    } catch {
      throw error.inFile(path)
    }
  }

  /// Reads a PNG or JPEG file's bytes.
  ///
  /// - Throws: as `init(path:channels:limits:)`, without the file.
  public init(
    reading file: Span<UInt8>, channels: Int, limits: ImageLimits = .standard
  ) throws(Diagnostic) {
    precondition(channels == 1 || channels == 3, "a picture is grey or has three colours")
    let start = file.bytes(in: 0..<min(ImageFormat.magicCount, file.count)) ?? []
    guard let format = ImageFormat(startOf: start) else { throw .notAPicture() }
    guard file.count <= limits.bytes else { throw .tooManyBytes(file.count, limits.bytes) }
    let image =
      switch format {
      case .jpeg: try JPEGReader.read(file, limits)
      case .png: try PNGReader.read(file, limits)
      }
    self = channels == 1 ? image.grey : image.colored
  }
}

extension Diagnostic {
  fileprivate static func notAPicture() -> Diagnostic {
    .error("not-a-picture", "a picture is a PNG or JPEG file, and this one begins like neither")
  }

  fileprivate static func tooManyBytes(_ count: Int, _ limit: Int) -> Diagnostic {
    .error("picture-limit", "a picture's file has at most \(limit) bytes, and this one \(count)")
  }

  /// The error of a size that the header says.
  static func pictureSize(_ width: Int, _ height: Int, _ limits: ImageLimits) -> Diagnostic? {
    guard width > 0, height > 0 else {
      return badPicture("its header says that it has \(width) by \(height) pixels")
    }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard overflow || pixels > limits.pixels else { return nil }
    return .error(
      "picture-limit",
      "a picture has at most \(limits.pixels) pixels, and the header says \(width) by \(height)")
  }

  /// The error of a file that is damaged, or cut short.
  static func badPicture(_ what: String) -> Diagnostic {
    .error("bad-picture", "the picture cannot be decoded: \(what)")
  }

  /// The error of a picture that is whole, and not read.
  static func pictureKind(_ what: String, _ advice: String) -> Diagnostic {
    .error("picture-kind", what, notes: [advice])
  }
}
