import Arrays
import Foundation
import Testing

/// Recordings of event cameras as the input of a model for DVS128 Gesture.
@Suite struct EventInputTests {
  /// A recording that spikingjelly has made frames of.
  static func stored(_ name: String) -> String {
    Snnc.root.appending(path: "Tests/EventsTests/Stored/\(name)").path
  }

  /// The fixture's model, for 10 frames of 128 x 128.
  static func makeModule(in folder: Folder) throws {
    let ended = try Snnc.run(
      "import", Snnc.fixture("spikingformer-dvs128-tiny.pth"), "--time-steps", "10", "-o", "m.snn",
      in: folder)
    try #require(ended.status == 0, "\(ended.errors)")
  }

  /// Writes spikingjelly's frames of some samples as the array that the model takes.
  static func writeFrames(_ names: [String], _ folder: Folder) throws {
    let archive = try NPZArchive(path: stored("frames.npz"))
    let frames = try names.flatMap { try archive.member("\($0)/10").floats() }
    let array = NumPyArray(shape: [names.count, 10, 2, 128, 128], floats: frames)
    try Data(array.npy()).write(to: folder.url.appending(path: "frames.npy"))
  }

  @Test(
    "a recording, its gestures and archives of events give the logits of spikingjelly's frames",
    arguments: [
      ("gestures.aedat", (0..<4).map { "gestures-\($0)" }), ("cifar10-dvs.aedat", ["cifar10-dvs"]),
      ("events.npz", ["events"]),
    ])
  func recordings(_ name: String, _ samples: [String]) throws {
    let folder = Folder()
    try Self.makeModule(in: folder)
    try Self.writeFrames(samples, folder)
    for (input, output) in [(Self.stored(name), "a.npy"), ("frames.npy", "b.npy")] {
      let ended = try Snnc.run("run", "m.snn", "--input", input, "--logits", output, in: folder)
      try #require(ended.status == 0, "\(ended.errors)")
    }
    #expect(try folder.bytes("a.npy") == folder.bytes("b.npy"))
    #expect(try NumPyArray.read(path: folder.path("a.npy")).shape == [samples.count, 11])
  }

  @Test("a folder of recordings is read in the order of its names, and a table cuts one")
  func foldersAndTables() throws {
    let folder = Folder()
    try Self.makeModule(in: folder)
    let data = folder.url.appending(path: "data")
    try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    for (from, to) in [("events.npz", "b.npz"), ("cifar10-dvs.aedat", "a.aedat")] {
      try FileManager.default.copyItem(
        at: URL(filePath: Self.stored(from)), to: data.appending(path: to))
    }
    try Data("notes".utf8).write(to: data.appending(path: "README.txt"))
    try Self.writeFrames(["cifar10-dvs", "events"], folder)
    for (input, output) in [("data", "a.npy"), ("frames.npy", "b.npy")] {
      let ended = try Snnc.run("run", "m.snn", "--input", input, "--logits", output, in: folder)
      try #require(ended.status == 0, "\(ended.errors)")
    }
    #expect(try folder.bytes("a.npy") == folder.bytes("b.npy"))
    let table = "class,startTime_usec,endTime_usec\n4,0,600000\n4,600000,1200000\n"
    try Data(table.utf8).write(to: folder.url.appending(path: "t.csv"))
    let cut = try Snnc.run(
      "run", "m.snn", "--input", "data/a.aedat", "--event-labels", "t.csv", in: folder)
    #expect(cut.status == 0, "\(cut.errors)")
    let lines = cut.output.split(separator: "\n")
    #expect(lines.prefix(2).map { $0.prefix(15) } == ["data/a.aedat[0]", "data/a.aedat[1]"])
    // The table says the right answers, too.
    #expect(lines.count == 3 && lines[2].contains(" of 2 right"))
    let two = try Snnc.run(
      "run", "m.snn", "--input", "data", "--event-labels", "t.csv", in: folder)
    #expect(two.status == 64 && two.errors.contains("[event-labels]"), "\(two.errors)")
  }

  @Test("what is wrong with a recording is said with its place, and leaves nothing behind")
  func refusals() throws {
    let folder = Folder()
    try Self.makeModule(in: folder)
    let whole = try Data(contentsOf: URL(filePath: Self.stored("cifar10-dvs.aedat")))
    try whole.dropLast(3).write(to: folder.url.appending(path: "short.aedat"))
    let small = "class,startTime_usec,endTime_usec\n1,5000000,6000000\n"
    try Data(small.utf8).write(to: folder.url.appending(path: "late.csv"))
    for (input, options, words) in [
      ("short.aedat", [], ["short.aedat: byte \(whole.count - 8): error", "[event-truncated]"]),
      (
        Self.stored("cifar10-dvs.aedat"), ["--event-labels", "late.csv"],
        ["cifar10-dvs.aedat[0]: error", "[event-none]"]
      ),
      ("frames.npy", ["--event-labels", "late.csv"], ["[event-labels]"]),
    ] {
      if input == "frames.npy" { try Self.writeFrames(["events"], folder) }
      let ended = try Snnc.launch(
        Snnc.program.path, ["run", "m.snn", "--input", input, "--logits", "l.npy"] + options,
        in: folder)
      #expect(ended.status != 0)
      for word in words { #expect(ended.errors.contains(word), "\(ended.errors)") }
      #expect(!folder.names.contains("l.npy"))
    }
  }

  @Test("a module for images, or for frames of another size, refuses recordings")
  func otherModules() throws {
    let folder = Folder()
    try Fixture.named("spikingformer-cifar10-tiny").makeModule(in: folder)
    let images = try Snnc.run(
      "run", "m.snn", "--input", Self.stored("events.npz"), in: folder)
    #expect(images.status == 65 && images.errors.contains("[event-input]"), "\(images.errors)")
    let ended = try Snnc.run(
      "import", Snnc.fixture("spikingformer-dvs128-tiny.pth"), "--time-steps", "4",
      "--image-size", "64", "-o", "s.snn", in: folder)
    try #require(ended.status == 0, "\(ended.errors)")
    for (name, id) in [("gestures.aedat", "event-sensor"), ("events.npz", "event-outside")] {
      let small = try Snnc.run("run", "s.snn", "--input", Self.stored(name), in: folder)
      #expect(small.status == 65 && small.errors.contains("[\(id)]"), "\(small.errors)")
    }
  }
}
