import Arrays
import Foundation
import Testing

/// The example that `make demo` runs.
@Suite struct DigitsTests {
  @Test("the trained digits model goes from its checkpoint to C and gets 354 of 360 right")
  func demo() throws {
    let folder = Folder()
    let script = Snnc.root.appending(path: "examples/digits/run").path
    let ended = try Snnc.launch("/bin/sh", [script, folder.path("made")], in: folder)
    try #require(ended.status == 0, "\(ended.output)\(ended.errors)")
    let right = ended.output.split(separator: "\n").filter { $0 == "354 of 360 right (98.33 %)" }
    #expect(right.count == 2)
    let logits = try NumPyArray.read(path: folder.path("made/c.npy"))
    let expected = try NumPyArray.read(
      path: Snnc.root.appending(path: "examples/digits/logits-pytorch.npy").path)
    #expect(logits.shape == expected.shape)
    for (found, wanted) in try zip(logits.floats(), expected.floats()) {
      #expect((found - wanted).magnitude <= 1e-4 + 1e-4 * wanted.magnitude)
    }
  }
}
