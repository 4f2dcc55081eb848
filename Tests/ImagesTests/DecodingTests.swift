import Arrays
import CheckpointTestSupport
import Diagnostics
import Images
import Testing

/// Files of every kind give Pillow's pixels, and damaged ones an error.
@Suite struct DecodingTests {
  @Test func allKindsAreThere() {
    #expect(Stored.names.count == 29)
  }

  @Test(arguments: Stored.names)
  func pixelsArePillows(_ name: String) throws {
    for (prefix, channels) in [("rgb", 3), ("grey", 1)] {
      let wanted = try Stored.result("\(prefix)/\(name)")
      let image = try Image(path: Stored.path(name), channels: channels)
      #expect([image.height, image.width] == Array(wanted.shape.prefix(2)))
      #expect(image.channels == channels)
      #expect(image.samples == wanted.bytes)
    }
  }

  @Test func greyOfSixteenBitsIsRefused() {
    expect("picture-kind", of: Stored.path("grey-16.png"))
  }

  @Test("a picture that is cut short anywhere is an error", arguments: Stored.names)
  func truncated(_ name: String) throws {
    let whole = try Stored.bytes(name)
    let ids = (0..<whole.count).map { Self.result(Array(whole[..<$0])) }
    #expect(Set(ids) == ["bad-picture", "not-a-picture"])
    #expect(ids.firstIndex(of: "bad-picture") ?? 0 <= ImageFormat.magicCount)
  }

  @Test("a byte that is wrong gives an error or a picture", arguments: Stored.names)
  func damaged(_ name: String) throws {
    let whole = try Stored.bytes(name)
    let ids = whole.indices.map { index in
      var bytes = whole
      bytes[index] ^= 0xFF
      return Self.result(bytes)
    }
    #expect(Set(ids).isSubset(of: Self.results))
    // The checks of PNG's chunks find every damage but that of their palettes' surplus.
    if name.hasSuffix(".png") && name != "a-jpeg.png" { #expect(!ids.contains("read")) }
  }

  /// What may become of a file.
  static let results: Set<String> = [
    "read", "bad-picture", "not-a-picture", "picture-limit", "picture-kind",
  ]

  /// The id of what is wrong with a file, or `read`.
  private static func result(_ bytes: [UInt8]) -> String {
    // Small limits: a size that was damaged is not to fill the memory.
    let limits = ImageLimits(bytes: 1 << 20, pixels: 1 << 16)
    do throws(Diagnostic) {
      let image = try Image(reading: bytes.span, channels: 3, limits: limits)
      return image.samples.count == image.width * image.height * 3 ? "read" : "wrong"
    } catch {
      return error.id
    }
  }

  @Test func theContentDecidesAndNotTheName() throws {
    let file = TemporaryFile(try Stored.bytes("colors-8.png"), suffix: ".JPEG")
    #expect(try Image(path: file.path, channels: 3).width == 37)
    let text = TemporaryFile(Array("no picture".utf8), suffix: ".png")
    expect("not-a-picture", of: text.path)
    let empty = TemporaryFile([], suffix: ".png")
    expect("not-a-picture", of: empty.path)
  }

  @Test func sizesAreRefusedByTheHeaderAlone() throws {
    let limits = ImageLimits(bytes: 1 << 20, pixels: 37 * 29 - 1)
    for name in ["colors-8.png", "colors-420.jpg"] {
      let bytes = try Stored.bytes(name)
      let error = #expect(throws: Diagnostic.self) {
        try Image(reading: bytes.span, channels: 3, limits: limits)
      }
      #expect(error?.id == "picture-limit")
      #expect(error?.message.contains("37 by 29") == true)
    }
    // A header of 2^31 - 1 by 2^31 - 1 pixels, whose product is no size of memory.
    var bomb = try Stored.bytes("colors-8.png")
    bomb.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
    let error = #expect(throws: Diagnostic.self) { try Image(reading: bomb.span, channels: 3) }
    #expect(error?.id == "picture-limit")
    let bytes = try Stored.bytes("colors-8.png")
    let small = ImageLimits(bytes: bytes.count - 1, pixels: 1 << 20)
    let second = #expect(throws: Diagnostic.self) {
      try Image(reading: bytes.span, channels: 3, limits: small)
    }
    #expect(second?.id == "picture-limit")
  }

  @Test func colorsOutsideOfThePaletteAreRefused() throws {
    var bytes = try Stored.bytes("palette-8.png")
    // The palette becomes a chunk of its first 3 bytes: one color.
    let palette = try #require(bytes.firstRange(of: Array("PLTE".utf8)))
    bytes.replaceSubrange(palette.lowerBound - 4..<palette.lowerBound, with: [0, 0, 0, 3])
    let end = palette.upperBound + 3
    bytes.replaceSubrange(end..<end + 4 + 255 * 3, with: crc(bytes[palette.lowerBound..<end]))
    let error = #expect(throws: Diagnostic.self) { try Image(reading: bytes.span, channels: 3) }
    #expect(error?.id == "bad-picture")
    #expect(error?.message.contains("palette") == true, "\(error?.message ?? "")")
  }

  /// The check of a PNG chunk: CRC-32, bit by bit, its bytes from the highest.
  private func crc(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var state: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      state ^= UInt32(byte)
      for _ in 0..<8 { state = state >> 1 ^ (state & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return (0..<4).map { UInt8(truncatingIfNeeded: ~state >> (24 - 8 * UInt32($0))) }
  }

  private func expect(_ id: String, of path: String) {
    let error = #expect(throws: Diagnostic.self) { try Image(path: path, channels: 3) }
    #expect(error?.id == id)
    #expect(error?.location.file == path)
  }
}
