import Foundation
import Pages
import SpikeIR
import Testing
import Verification

/// Small drawings are those of `Golden/`, to the byte.
///
/// `SNNC_BLESS=1` writes the files anew and fails the run, so that a reader looks at the change.
@Suite struct GoldenTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden")

  @Test func aBlockIsDrawnAsStored() throws {
    let module = try NetworkTests.module()
    let block = NetworkPart.parts(of: module)[1]
    let drawing = PartDrawing(block, of: module, Marks(module.verify(.spikeDriven))).drawing
    try Self.check("block.svg", drawing)
  }

  @Test func violationsAndDomainsAreDrawnAsStored() throws {
    let module = try SamplePage.module()
    let part = NetworkPart.parts(of: module)[0]
    let drawing = PartDrawing(part, of: module, Marks(module.verify(.spikeDriven))).drawing
    try Self.check("domains.svg", drawing)
  }

  /// Expects a drawing to be the stored one, a shape a line.
  static func check(_ name: String, _ drawing: Drawing) throws {
    let text = Markup.element(drawing.element).text.replacing("><", with: ">\n<") + "\n"
    let golden = folder.appending(path: name)
    guard ProcessInfo.processInfo.environment["SNNC_BLESS"] == nil else {
      try Data(text.utf8).write(to: golden)
      Issue.record("\(name) was written anew")
      return
    }
    #expect(try text == String(contentsOf: golden, encoding: .utf8))
  }
}
