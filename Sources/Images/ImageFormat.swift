/// The formats of pictures that are read; a file's first bytes tell, and never its name.
public enum ImageFormat: String, CaseIterable, Sendable {
  case jpeg = "JPEG"
  case png = "PNG"

  /// The bytes that a file begins with.
  private var magic: [UInt8] {
    switch self {
    case .jpeg: [0xFF, 0xD8, 0xFF]
    case .png: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    }
  }

  /// How many of a file's first bytes are looked at.
  public static let magicCount = 8

  /// The format of the file that begins with `bytes`; `nil` where it is none of these.
  public init?(startOf bytes: some Collection<UInt8>) {
    guard let format = Self.allCases.first(where: { bytes.starts(with: $0.magic) }) else {
      return nil
    }
    self = format
  }
}
