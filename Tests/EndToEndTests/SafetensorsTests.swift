import Foundation
import Testing

/// Checkpoints as safetensors files, through the command line.
@Suite struct SafetensorsTests {
  static let file = "spikingformer-cifar10-half-tiny"

  @Test("a checkpoint and its safetensors file give the same module, byte by byte")
  func sameModule() throws {
    let folder = Folder()
    for ending in ["pth", "safetensors"] {
      let ended = try Snnc.run(
        "import", Snnc.fixture("\(Self.file).\(ending)"), "--heads", "4", "--time-steps", "4",
        "-o", "\(ending).snn", in: folder)
      try #require(ended.status == 0, "\(ended.errors)")
    }
    #expect(try folder.bytes("pth.snn") == folder.bytes("safetensors.snn"))
  }

  @Test("what inspect writes gives the same module, and lists the same tensors")
  func written() throws {
    let folder = Folder()
    let checkpoint = Snnc.fixture("\(Self.file).pth")
    let inspected = try Snnc.run("inspect", checkpoint, "--safetensors", "x.sf", in: folder)
    try #require(inspected.status == 0, "\(inspected.errors)")
    for (path, module) in [(checkpoint, "a.snn"), ("x.sf", "b.snn")] {
      let ended = try Snnc.run(
        "import", path, "--heads", "4", "--time-steps", "4", "-o", module, in: folder)
      try #require(ended.status == 0, "\(ended.errors)")
    }
    // They differ in the name alone, which stands in the messages before the weights.
    let (a, b) = try (folder.bytes("a.snn"), folder.bytes("b.snn"))
    #expect(a.suffix(80_000) == b.suffix(80_000))
    let again = try Snnc.run("inspect", "x.sf", in: folder)
    let tensors = { (text: String) in text.split(separator: "\n").filter { $0.hasSuffix("]") } }
    #expect(Set(tensors(again.output)) == Set(tensors(inspected.output)))
    let refused = try Snnc.run("inspect", "a.snn", "--safetensors", "y.sf", in: folder)
    #expect(refused.status == 64)
    #expect(folder.names == ["a.snn", "b.snn", "x.sf"])
  }

  @Test("its metadata settle what flags would, and the module is named by the file")
  func metadata() throws {
    let folder = Folder()
    let ended = try Snnc.run("import", Snnc.fixture("\(Self.file).safetensors"), in: folder)
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains("safetensors; plain state dict\n"))
    #expect(ended.output.contains("4  (checkpoint metadata 'num_heads')\n"))
    #expect(folder.names == ["\(Self.file).snn"])
    let inspected = try Snnc.run("inspect", Snnc.fixture("\(Self.file).safetensors"), in: folder)
    for words in ["metadata.num_heads  4\n", "metadata.format     'pt'\n", "75 tensors, 29,841 "] {
      #expect(inspected.output.contains(words), "\(inspected.output)")
    }
  }

  @Test("one that is cut short anywhere is refused", arguments: [0, 7, 8, 100, 8_000, 66_499])
  func truncated(_ count: Int) throws {
    let folder = Folder()
    let whole = try Data(contentsOf: URL(filePath: Snnc.fixture("\(Self.file).safetensors")))
    try whole.prefix(count).write(to: folder.url.appending(path: "x.safetensors"))
    let ended = try Snnc.run("import", "x.safetensors", in: folder)
    #expect(ended.status == 65)
    #expect(ended.errors.hasPrefix("x.safetensors: "), "\(ended.errors)")
    #expect(folder.names == ["x.safetensors"])
  }
}
