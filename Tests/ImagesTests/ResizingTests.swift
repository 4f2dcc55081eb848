import Arrays
import Images
import Testing

/// Resized pictures are Pillow's, and prepared ones torchvision's, to the bit.
@Suite struct ResizingTests {
  /// The picture that was resized.
  static func source() throws -> Image {
    let array = try Stored.result("source")
    return Image(
      width: array.shape[1], height: array.shape[0], channels: 3, samples: array.bytes)
  }

  static let resized = (try? Stored.results("resized/")) ?? []
  static let inputs = (try? Stored.results("input/")) ?? []

  @Test func resultsAreThere() {
    #expect(Self.resized.count == 12)
    #expect(Self.inputs.count == 6)
  }

  @Test(arguments: resized)
  func resizedIsPillows(_ name: String) throws {
    let wanted = try Stored.result(name)
    let kernel = try #require(Interpolation(rawValue: String(name.split(separator: "/")[1])))
    let (height, width) = (wanted.shape[0], wanted.shape[1])
    let image = try Self.source().resized(
      width: width, height: height,
      cropping: .init(columns: 0..<width, rows: 0..<height), by: kernel)
    #expect([image.height, image.width, image.channels] == wanted.shape)
    #expect(image.samples == wanted.bytes)
  }

  @Test("what a window shows is what the whole has there", arguments: Interpolation.allCases)
  func windows(_ kernel: Interpolation) throws {
    let source = try Self.source().grey
    for (width, height) in [(20, 90), (61, 47), (100, 13)] {
      let whole = source.resized(
        width: width, height: height,
        cropping: .init(columns: 0..<width, rows: 0..<height), by: kernel)
      let part = source.resized(
        width: width, height: height, cropping: .init(columns: 3..<17, rows: 2..<11), by: kernel)
      let expected = (2..<11).flatMap { whole.samples[$0 * width + 3..<$0 * width + 17] }
      #expect(part.samples == expected)
    }
  }

  @Test(arguments: inputs)
  func inputIsTorchvisions(_ name: String) throws {
    let parts = name.split(separator: "/").map(String.init)
    let preprocessing = Preprocessing(
      size: try #require(Int(parts[2])), cropFraction: try #require(Double(parts[3])),
      interpolation: try #require(Interpolation(rawValue: parts[1])),
      mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225])
    let wanted = try Stored.result(name)
    let input = preprocessing.input(of: try Self.source())
    #expect(wanted.shape == [3, preprocessing.size, preprocessing.size])
    #expect(input == (try wanted.floats()))
  }

  @Test("a picture of one row, and one of the network's size, whose samples are kept")
  func edges() {
    let row = Image(width: 300, height: 1, channels: 1, samples: (0..<300).map { UInt8($0 % 256) })
    let plain = Preprocessing(
      size: 8, cropFraction: 1, interpolation: .bicubic, mean: [0], std: [1])
    #expect(plain.input(of: row).count == 64)
    let samples = (0..<64).map { UInt8($0 * 4) }
    let exact = Image(width: 8, height: 8, channels: 1, samples: samples)
    #expect(plain.input(of: exact) == samples.map { Float($0) / 255 })
  }
}
