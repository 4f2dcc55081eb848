import Foundation
import Testing

/// `snnc emit --target onnx`, through the command line; `ONNXTests` says what is in the files.
@Suite struct EmittedONNXTests {
  @Test("every fixture becomes the same file twice, and a larger one with its spikes")
  func emission() throws {
    for fixture in Fixture.all {
      let folder = Folder()
      try fixture.makeModule(in: folder)
      for (name, flags) in [("a", []), ("b", []), ("spikes", ["--with-spikes"])] {
        let ended = try Snnc.launch(
          Snnc.program.path, ["emit", "--target", "onnx", "-o", "\(name).onnx"] + flags, in: folder)
        try #require(ended.status == 0, "\(ended.errors)")
        #expect(ended.output.contains(" bytes\n"))
      }
      let bytes = try folder.bytes("a.onnx")
      #expect(try folder.bytes("b.onnx") == bytes)
      #expect(try folder.bytes("spikes.onnx").count > bytes.count)
    }
  }

  @Test("without a name the file is called as the module's file is")
  func defaultName() throws {
    let folder = Folder()
    try Fixture.all[2].makeModule(in: folder)
    let ended = try Snnc.run("emit", "--target", "onnx", in: folder)
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(folder.names == ["m.onnx", "m.snn"])
  }

  @Test("what does not go together is refused, and nothing is written")
  func refusals() throws {
    let folder = Folder()
    try Fixture.all[2].makeModule(in: folder)
    for (arguments, status, word) in [
      (["--target", "c", "--with-spikes"], 64, "--with-spikes goes with --target onnx"),
      (["--target", "onnx", "-o", "m.snn"], 64, "[output-is-input]"),
      (["--target", "onnx", "-o", ""], 64, "[output-name]"),
      (["--target", "onnx", "-o", "no/such/folder.onnx"], 73, "[cannot-create]"),
    ] as [([String], Int32, String)] {
      let ended = try Snnc.launch(
        Snnc.program.path, ["emit", "m.snn"] + arguments, in: folder)
      #expect(ended.status == status)
      #expect(ended.errors.contains(word), "\(ended.errors)")
      #expect(folder.names == ["m.snn"])
    }
  }
}
