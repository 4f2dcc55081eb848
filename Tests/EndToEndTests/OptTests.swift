import Foundation
import Testing

/// `snnc opt` and the files that it reads.
@Suite struct OptTests {
  @Test("samples on which rates are measured are an input, which no output replaces")
  func samplesStay() throws {
    let folder = Folder()
    let fixture = Fixture.named("meta-spikeformer-tiny")
    try fixture.makeModule(in: folder)
    let archive = fixture.input.prefix { $0 != ":" }
    try FileManager.default.copyItem(
      at: URL(filePath: String(archive)), to: folder.url.appending(path: "x.npz"))
    let before = try folder.bytes("x.npz")
    let ended = try Snnc.run(
      "opt", "m.snn", "--passes", "merge-conv-chains", "--input", "x.npz:input", "-o", "x.npz",
      in: folder)
    #expect(ended.status == 64 && ended.errors.contains("[output-is-input]"), "\(ended.errors)")
    #expect(try folder.bytes("x.npz") == before)
  }
}
