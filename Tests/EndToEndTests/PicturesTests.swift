import Arrays
import Foundation
import Testing

/// Pictures as `--input`, and the names of classes.
@Suite struct PicturesTests {
  /// The pictures of `ImagesTests`.
  static let pictures = Snnc.root.appending(path: "Tests/ImagesTests/Pictures")

  private func picture(_ name: String) -> String { Self.pictures.appending(path: name).path }

  /// A folder with a module of [1, 16, 16], the digits', and one of [3, 32, 32].
  private func folder() throws -> Folder {
    let folder = Folder()
    let digits = Snnc.root.appending(path: "examples/digits/digits-spikingformer.pth").path
    let ended = try Snnc.run("import", digits, "-o", "digits.snn", in: folder)
    try #require(ended.status == 0, "\(ended.errors)")
    try Fixture.named("spikingformer-cifar10-tiny").makeModule(in: folder)
    return folder
  }

  @Test("a picture gives what its array does, prepared as the run says")
  func pictureAndArray() throws {
    let folder = try folder()
    let ended = try Snnc.run(
      "run", "m.snn", "--input", picture("colors-420.jpg"), "--logits", "p.npy", in: folder)
    #expect(ended.status == 0)
    #expect(ended.errors.contains("bicubic  (the authors' code of spikingformer, cifar10)"))
    #expect(ended.errors.contains("resized to 32, cut to 32 by 32"))
    // 37 by 29 becomes 40 by 32 (cut by 4 columns each side), which the tests of Images compare;
    // here the engine and the interpreter see the same.
    let plain = try Snnc.run(
      "run", "m.snn", "--input", picture("colors-420.jpg"), "--logits", "q.npy", "--engine",
      "interpreter", in: folder)
    #expect(plain.status == 0)
    #expect(try folder.bytes("p.npy") == folder.bytes("q.npy"))
  }

  @Test("a folder gives its pictures in order, named, with the names of the classes")
  func pictureFolder() throws {
    let folder = try folder()
    let inner = folder.url.appending(path: "in/b")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    try copy("colors-8.png", to: folder, "in/c")
    try copy("grey.jpg", to: folder, "in/a.jpg")
    try copy("inks.jpg", to: folder, "in/b/a.jpg")
    try Data("text".utf8).write(to: folder.url.appending(path: "in/notes"))
    try Data("text".utf8).write(to: folder.url.appending(path: "in/.hidden.png"))
    let ended = try Snnc.run("run", "m.snn", "--input", "in", in: folder)
    #expect(ended.status == 0, "\(ended.errors)")
    let lines = ended.output.split(separator: "\n")
    #expect(lines.map { $0.prefix { $0 != ":" } } == ["in/a.jpg", "in/b/a.jpg", "in/c"])
    for line in lines {
      #expect(
        line.contains(#/\d (airplane|automobile|bird|cat|deer|dog|frog|horse|ship|truck) \(/#))
    }
    #expect(ended.errors.contains("left out, no picture: in/notes"))
    #expect(!ended.errors.contains("hidden"))
  }

  @Test("colours become grey for the digits' module, which has no names but those of a file")
  func classNames() throws {
    let folder = try folder()
    let names = (0..<9).map { "d\($0)" }.joined(separator: "\n")
    try Data("\(names)\n\u{1B}[31m".utf8).write(to: folder.url.appending(path: "names"))
    try Data(names.utf8).write(to: folder.url.appending(path: "nine"))
    try Data([0x80]).write(to: folder.url.appending(path: "binary"))
    let input = ["run", "digits.snn", "--input", picture("colors-8.png")]
    let bare = try Snnc.launch(Snnc.program.path, input, in: folder)
    #expect(bare.status == 0)
    #expect(bare.output.contains(#/: \d \(-?\d/#), "\(bare.output)")
    let named = try Snnc.launch(Snnc.program.path, input + ["--class-names", "names"], in: folder)
    #expect(named.output.contains(#/: \d (d\d|\\x1B\[31m) \(-?\d/#), "\(named.output)")
    #expect(!named.output.contains("\u{1B}"))
    for (file, status, id) in [
      ("nine", Int32(65), "[class-names]"), ("binary", 65, "[class-names-text]"),
      ("nothing", 66, "[no-such-file]"),
    ] {
      let ended = try Snnc.launch(Snnc.program.path, input + ["--class-names", file], in: folder)
      #expect(ended.status == status)
      #expect(ended.errors.contains("\(file): error: ") && ended.errors.contains(id))
      #expect(ended.output.isEmpty)
    }
  }

  @Test("pictures that cannot be used are named, and nothing is written")
  func badPictures() throws {
    let folder = try folder()
    let events = Folder()
    try Fixture.named("spikingformer-dvs128-tiny").makeModule(in: events)
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "empty"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "in"), withIntermediateDirectories: true)
    try copy("grey.jpg", to: folder, "in/a.jpg")
    let whole = try Data(contentsOf: Self.pictures.appending(path: "grey.jpg"))
    try whole.prefix(400).write(to: folder.url.appending(path: "in/cut.jpg"))
    try Data("text".utf8).write(to: folder.url.appending(path: "text.png"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("empty/loop"), withDestinationPath: ".")
    for (module, input, status, words) in [
      ("m.snn", "in", Int32(65), "in/cut.jpg: error: the picture cannot be decoded"),
      ("m.snn", "text.png", 65, "text.png: error: a picture is a PNG or JPEG file"),
      ("m.snn", picture("grey-16.png"), 65, "[picture-kind]"),
      ("m.snn", "empty", 65, "[folder-depth]"),
      ("m.snn", "nothing.png", 66, "[no-such-file]"),
      (events.path("m.snn"), picture("grey.jpg"), 65, "[no-picture-input]"),
    ] {
      let ended = try Snnc.run(
        "run", module, "--input", input, "--logits", "l.npy", in: folder)
      #expect(ended.status == status, "\(input)")
      #expect(ended.errors.contains(words), "\(ended.errors)")
      #expect(!folder.names.contains("l.npy"))
    }
    let before = try folder.bytes("in/a.jpg")
    let replaced = try Snnc.run(
      "run", "m.snn", "--input", "in", "--logits", "./in/../in/a.jpg", in: folder)
    #expect(replaced.status == 64 && replaced.errors.contains("[output-is-input]"))
    #expect(try folder.bytes("in/a.jpg") == before)
    try FileManager.default.removeItem(at: folder.url.appending(path: "empty/loop"))
    let empty = try Snnc.run("run", "m.snn", "--input", "empty", in: folder)
    #expect(empty.status == 66)
    #expect(empty.errors.contains("empty: error: the folder has no picture"))
  }

  private func copy(_ name: String, to folder: Folder, _ path: String) throws {
    try FileManager.default.copyItem(
      at: Self.pictures.appending(path: name), to: folder.url.appending(path: path))
  }
}
