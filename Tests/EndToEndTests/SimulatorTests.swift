import Arrays
import Foundation
import Testing

/// Simulators: one program with the module inside.
@Suite struct SimulatorTests {
  /// The digits' images and labels.
  static func digits(_ name: String) -> String {
    Snnc.root.appending(path: "examples/digits/\(name)").path
  }

  /// Imports the digits' model into `folder` and makes a simulator of it.
  static func make(in folder: Folder) throws -> Ended {
    let imported = try Snnc.run(
      "import", digits("digits-spikingformer.pth"), "-o", "m.snn", in: folder)
    try #require(imported.status == 0, "\(imported.errors)")
    let ended = try Snnc.run("emit", "m.snn", "--target", "sim", "-o", "digits", in: folder)
    try #require(ended.status == 0, "\(ended.errors)")
    return ended
  }

  @Test("the digits' simulator gets 354 of 360 right, with the bytes of snnc run")
  func digits() throws {
    let folder = Folder()
    let summary = try Self.make(in: folder)
    #expect(summary.output.contains("run it with: ./digits INPUT"))
    #expect(summary.output.contains("libc.so"))
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path("digits"))
    #expect((mode[.posixPermissions] as? Int ?? 0) & 0o700 == 0o700)
    // It needs no other file.
    try FileManager.default.moveItem(atPath: folder.path("m.snn"), toPath: folder.path("m"))
    let options = [Self.digits("images.npy"), "--labels", Self.digits("labels.npy")]
    let simulated = try Snnc.launch(
      folder.path("digits"),
      options + ["--logits", "s.npy", "--spikes", "s.npz", "--threads", "2"], in: folder)
    try #require(simulated.status == 0, "\(simulated.errors)")
    #expect(simulated.output.contains("354 of 360 right (98.33 %)"))
    for word in ["images.npy[359]: ", "firing rate", " mJ by horowitz-45nm", "papers' count"] {
      #expect(simulated.output.contains(word), "\(word)")
    }
    let run = try Snnc.launch(
      Snnc.program.path,
      ["run", "m", "--input"] + options + ["--logits", "r.npy", "--spikes", "r.npz"], in: folder)
    try #require(run.status == 0, "\(run.errors)")
    #expect(try folder.bytes("s.npy") == folder.bytes("r.npy"))
    #expect(try folder.bytes("s.npz") == folder.bytes("r.npz"))
  }

  @Test("--json has the results, and the counts of snnc report")
  func json() throws {
    let folder = Folder()
    _ = try Self.make(in: folder)
    let images = try NumPyArray.read(path: Self.digits("images.npy"))
    let size = images.count / images.shape[0]
    let three = NumPyArray(
      shape: [3] + images.shape.dropFirst(), floats: Array(try images.floats().prefix(3 * size)))
    try Data(three.npy()).write(to: folder.url.appending(path: "x.npy"))
    let simulated = try Snnc.launch(folder.path("digits"), ["x.npy", "--json"], in: folder)
    let reported = try Snnc.run("report", "m.snn", "--input", "x.npy", "--json", in: folder)
    let (simulation, report) = try (Self.object(simulated.output), Self.object(reported.output))
    let results = try #require(simulation["results"] as? [[String: Any]])
    #expect(results.compactMap { $0["sample"] as? String } == (0..<3).map { "x.npy[\($0)]" })
    #expect(results.allSatisfy { ($0["highest"] as? [Any])?.count == 5 })
    for member in ["millijoules", "firingRate"] {
      let value = try #require(simulation[member] as? Double)
      #expect(value == report[member] as? Double && value > 0)
    }
    #expect(simulation["total"] as? [String: Int] == report["total"] as? [String: Int])
  }

  /// The object that a JSON text is.
  static func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("recordings of events run in a simulator, and membranes fire where they pass the threshold")
  func membranes() throws {
    let folder = Folder()
    try EventInputTests.makeModule(in: folder)
    let made = try Snnc.run("emit", "--target", "sim", in: folder)
    try #require(made.status == 0, "\(made.errors)")
    let name = try #require(folder.names.first { $0.hasSuffix("-sim") })
    let layer = "block.0.attn.attn_lif"
    let ended = try Snnc.launch(
      folder.path(name),
      [
        EventInputTests.stored("events.npz"), "--spikes", "s.npz", "--membranes", "m.npz",
        "--layers", "\(layer),block.0.attn.q_lif",
      ], in: folder)
    try #require(ended.status == 0, "\(ended.errors)")
    let archive = try NPZArchive(path: folder.path("m.npz"))
    #expect(Set(archive.names) == ["membranes/\(layer)", "membranes/block.0.attn.q_lif"])
    let membranes = try archive.member("membranes/\(layer)")
    #expect(membranes.shape.prefix(2) == [10, 1])
    let bits = try NPZArchive(path: folder.path("s.npz")).member("spikes/\(layer)").bytes
    for (index, membrane) in try membranes.floats().enumerated() {
      let fired = bits[index / 8] >> UInt8(7 - index % 8) & 1 == 1
      #expect(fired == (membrane >= 0.5))
    }
    let unknown = try Snnc.launch(
      folder.path(name),
      [EventInputTests.stored("events.npz"), "--membranes", "n.npz", "--layers", "no"], in: folder)
    #expect(unknown.status == 64 && unknown.errors.contains("[no-such-layer]"))
    #expect(!folder.names.contains("n.npz"))
  }

  @Test("a simulator that lost its end, or whose module was damaged, says so")
  func damage() throws {
    let folder = Folder()
    _ = try Self.make(in: folder)
    let whole = try folder.bytes("digits")
    let length = try folder.bytes("m.snn").count
    /// Runs what is left of the simulator.
    func run(_ bytes: Data) throws -> Ended {
      let path = folder.path("damaged")
      try bytes.write(to: URL(filePath: path))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      return try Snnc.launch(path, [Self.digits("images.npy")], in: folder)
    }
    for lost in [1, 40, 41, length, length + 40] {
      let ended = try run(whole.dropLast(lost))
      #expect(ended.status == 65 && ended.output.isEmpty, "\(lost) bytes")
      #expect(ended.errors.hasPrefix("damaged: error: "), "\(ended.errors)")
      #expect(ended.errors.contains("[damaged-simulator]"), "\(ended.errors)")
    }
    for (place, id) in [(20, "damaged-simulator"), (40 + 100, "weight-checksum")] {
      var bytes = whole
      bytes[whole.count - place] ^= 1
      let ended = try run(bytes)
      #expect(ended.status == 65 && ended.errors.contains("[\(id)]"), "\(ended.errors)")
    }
  }

  @Test("a simulator runs its module and nothing else, and spares itself and snnc")
  func refusals() throws {
    let folder = Folder()
    _ = try Self.make(in: folder)
    let again = try Snnc.launch(folder.path("digits"), ["emit", "--target", "sim"], in: folder)
    #expect(again.status == 64)
    let command = try Snnc.launch(folder.path("digits"), ["emit"], in: folder)
    #expect(command.status == 64 && command.errors.contains("[simulator-command]"))
    let itself = try Snnc.launch(
      folder.path("digits"), [Self.digits("images.npy"), "--logits", "digits"], in: folder)
    #expect(itself.status == 64 && itself.errors.contains("[output-is-input]"))
    let program = try Snnc.run(
      "emit", "m.snn", "--target", "sim", "-o", Snnc.program.path, in: folder)
    #expect(program.status == 64 && program.errors.contains("[output-is-input]"))
    let model = try Snnc.run("emit", "m.snn", "--target", "sim", "-o", "m.snn", in: folder)
    #expect(model.status == 64 && model.errors.contains("[output-is-input]"))
    let missing = try Snnc.launch(folder.path("digits"), ["none.npy"], in: folder)
    #expect(missing.status == 66)
    #expect(folder.names == ["digits", "m.snn"])
  }

  @Test("a simulator's help has examples with its own name")
  func help() throws {
    let folder = Folder()
    _ = try Self.make(in: folder)
    let ended = try Snnc.launch(folder.path("digits"), ["--help"], in: folder)
    #expect(ended.status == 0)
    #expect(ended.output.contains("USAGE: digits <input> ..."))
    #expect(ended.output.contains("\n  ./digits cat.jpg"))
  }
}
