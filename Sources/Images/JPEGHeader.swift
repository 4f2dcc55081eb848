import Diagnostics

/// What the frame header of a JPEG file says (ITU-T T.81, B.2.2).
///
/// It is found here, so that a size is refused before the decoder takes memory for it, and since
/// TurboJPEG's own function for it refuses rare samplings of colours that it decodes.
struct JPEGHeader {
  /// The number of columns.
  let width: Int
  /// The number of rows.
  let height: Int
  /// 1 for grey, 3 for colours, 4 for inks.
  let components: Int

  /// Finds the frame header of `file`, which begins with the marker of a JPEG file's start.
  init(of file: Span<UInt8>) throws(Diagnostic) {
    var position = 2
    while let marker = Self.marker(in: file, &position), !Self.isEnd(marker) {
      guard !Self.standsAlone(marker) else { continue }
      guard let length = Self.number(in: file, at: position), length >= 2 else { break }
      if Self.isFrame(marker) {
        guard let height = Self.number(in: file, at: position + 3),
          let width = Self.number(in: file, at: position + 5), position + 7 < file.count
        else { break }
        (self.width, self.height) = (width, height)
        components = Int(file[position + 7])
        return
      }
      position += length
    }
    throw .badPicture("it has no header of a frame")
  }

  /// Whether a marker begins a frame: all of SOF0 to SOF15, among which are DHT, JPG and DAC.
  private static func isFrame(_ marker: UInt8) -> Bool {
    (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
  }

  /// Whether no length follows a marker: TEM, RST0 to RST7, SOI.
  private static func standsAlone(_ marker: UInt8) -> Bool {
    marker == 0x01 || (0xD0...0xD8).contains(marker)
  }

  /// Whether no frame header can follow a marker: EOI, SOS.
  private static func isEnd(_ marker: UInt8) -> Bool {
    marker == 0xD9 || marker == 0xDA
  }

  /// The next marker, before which any number of 0xFF may stand; `position` comes behind it.
  private static func marker(in file: Span<UInt8>, _ position: inout Int) -> UInt8? {
    while position < file.count, file[position] != 0xFF { position += 1 }
    while position < file.count, file[position] == 0xFF { position += 1 }
    guard position < file.count else { return nil }
    defer { position += 1 }
    return file[position]
  }

  /// The big-endian number of two bytes at `position`.
  private static func number(in file: Span<UInt8>, at position: Int) -> Int? {
    guard position + 1 < file.count else { return nil }
    return Int(file[position]) << 8 | Int(file[position + 1])
  }
}
