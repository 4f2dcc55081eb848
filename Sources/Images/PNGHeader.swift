import Diagnostics
import Files

/// What the header chunk of a PNG file says (the PNG specification, 11.2.1).
///
/// It is read here, so that a size is refused before libpng takes memory for it.
struct PNGHeader {
  /// What a pixel is made of; the raw values are the format's.
  enum ColorType: UInt8 {
    case grey = 0
    case colors = 2
    case palette = 3
    case greyAndAlpha = 4
    case colorsAndAlpha = 6

    /// The samples of a pixel.
    var channels: Int {
      switch self {
      case .grey, .palette: 1
      case .greyAndAlpha: 2
      case .colors: 3
      case .colorsAndAlpha: 4
      }
    }
  }

  /// The number of columns.
  let width: Int
  /// The number of rows.
  let height: Int
  /// The bits of a sample: 1, 2, 4, 8 or 16.
  let depth: Int
  /// What a pixel is made of.
  let colorType: ColorType

  /// Reads the header of `file`, which begins with the signature of PNG files.
  init(of file: Span<UInt8>) throws(Diagnostic) {
    guard let chunk = file.bytes(in: 8..<26), chunk[4..<8].elementsEqual("IHDR".utf8),
      let colorType = ColorType(rawValue: chunk[17]), [1, 2, 4, 8, 16].contains(chunk[16])
    else { throw .badPicture("it has no proper header") }
    width = chunk[8..<12].reduce(0) { $0 << 8 | Int($1) }
    height = chunk[12..<16].reduce(0) { $0 << 8 | Int($1) }
    depth = Int(chunk[16])
    self.colorType = colorType
  }
}
