import Foundation
import Testing

/// An output is the old one or the new one, whole, whatever comes between.
@Suite struct OutputTests {
  /// A way to write an output: the command, and what it is called.
  struct Writer: CustomTestStringConvertible, Sendable {
    let arguments: [String]
    let output: String
    var testDescription: String { arguments[0] + " " + output }
  }

  static let writers = [
    Writer(arguments: ["opt", "m.snn", "--passes", "remove-dead", "-o", "o.snn"], output: "o.snn"),
    Writer(arguments: ["emit", "m.snn", "--target", "onnx", "-o", "o.onnx"], output: "o.onnx"),
    Writer(arguments: ["emit", "m.snn", "--target", "c", "-o", "o"], output: "o"),
    Writer(
      arguments: ["run", "m.snn", "--input", fixture.input, "--spikes", "o.npz"], output: "o.npz"),
  ]

  private static let fixture = Fixture.named("spikingformer-cifar10-half-tiny")

  /// A folder with the module `m.snn`.
  private func prepared() throws -> Folder {
    let folder = Folder()
    try Self.fixture.makeModule(in: folder)
    return folder
  }

  @Test("a full disk leaves nothing", arguments: writers)
  func full(_ writer: Writer) throws {
    let folder = try prepared()
    // Four blocks of a file are all there is room for; less than any of these outputs.
    let ended = try Snnc.launch(
      "/bin/sh", ["-c", "ulimit -f 4; exec \"$@\"", "sh", Snnc.program.path] + writer.arguments,
      in: folder)
    #expect(ended.status == 74, "\(ended.errors)")
    #expect(ended.errors.contains("[cannot-write]"))
    #expect(folder.names == ["m.snn"])
  }

  @Test("a full disk leaves an older output as it was")
  func fullWithOlder() throws {
    let folder = try prepared()
    let older = Data("older".utf8)
    try older.write(to: folder.url.appending(path: "o.snn"))
    let ended = try Snnc.launch(
      "/bin/sh",
      ["-c", "ulimit -f 4; exec \"$@\"", "sh", Snnc.program.path] + Self.writers[0].arguments,
      in: folder)
    #expect(ended.status == 74)
    #expect(try folder.bytes("o.snn") == older)
    #expect(folder.names == ["m.snn", "o.snn"])
  }

  @Test("who reads no further does not stop the output")
  func brokenPipe() throws {
    let folder = Folder()
    let checkpoint = Snnc.fixture("\(Self.fixture.name).pth")
    let ended = try Snnc.launch(
      "/bin/bash",
      [
        "-c", "\"$@\" | head -c 1; exit ${PIPESTATUS[0]}", "bash", Snnc.program.path, "import",
        checkpoint, "--heads", "4", "-o", "m.snn",
      ], in: folder)
    // As where nothing had handled the signal, or 0 where all was written before it could come.
    #expect([0, 141].contains(ended.status))
    #expect(ended.errors.isEmpty)
    #expect(folder.names == ["m.snn"])
  }

  @Test(
    "an end at any point leaves the old or the new, whole", arguments: writers, [SIGKILL, SIGINT])
  func kill(_ writer: Writer, _ number: Int32) throws {
    let folder = try prepared()
    let start = Date()
    let whole = try Snnc.launch(Snnc.program.path, writer.arguments, in: folder)
    let seconds = Date().timeIntervalSince(start)
    try #require(whole.status == 0, "\(whole.errors)")
    let new = try contents(of: writer.output, in: folder)
    for moment in 0..<20 {
      let delay = seconds * 1.2 * Double(moment) / 20
      let old = try older(writer, in: folder)
      #expect(old != new)
      let process = Process()
      process.executableURL = Snnc.program
      process.arguments = writer.arguments
      process.currentDirectoryURL = folder.url
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      Thread.sleep(forTimeInterval: delay)
      Foundation.kill(process.processIdentifier, number)
      process.waitUntilExit()
      let left = try contents(of: writer.output, in: folder)
      #expect(left == old || left == new, "after \(delay) s")
    }
    // What a kill leaves is known by its name; an interruption leaves nothing else.
    let left = folder.names.filter { $0 != "m.snn" && $0 != writer.output }
    let isTemporary = { (name: String) in name.hasPrefix("\(writer.output).snnc-") }
    #expect(number == SIGKILL ? left.allSatisfy(isTemporary) : left.isEmpty, "\(left)")
  }

  /// Puts an older output in the place of the one that is there; returns its contents.
  private func older(_ writer: Writer, in folder: Folder) throws -> [String: Data] {
    let url = folder.url.appending(path: writer.output)
    if writer.output == "o" {
      let ended = try Snnc.run(
        "emit", "m.snn", "--target", "c", "--schedule", "step", "-o", "o", in: folder)
      try #require(ended.status == 0, "\(ended.errors)")
    } else {
      try Data("older".utf8).write(to: url)
    }
    return try contents(of: writer.output, in: folder)
  }

  @Test("messages do not come into outputs where a stream is closed")
  func closedStreams() throws {
    let folder = try prepared()
    let ended = try Snnc.launch(
      "/bin/sh",
      [
        "-c", "\"$@\" 0<&- 1>&- 2>&-", "sh", Snnc.program.path, "import",
        Snnc.fixture("\(Self.fixture.name).pth"), "--heads", "4", "-o", "n.snn",
      ], in: folder)
    #expect(ended.status == 0)
    let again = try Snnc.run(
      "import", Snnc.fixture("\(Self.fixture.name).pth"), "--heads", "4", "-o", "m.snn", in: folder)
    #expect(again.status == 0)
    #expect(try folder.bytes("n.snn") == folder.bytes("m.snn"))
  }

  @Test("links, pipes and folders are no outputs, and other names of a file keep its contents")
  func otherKinds() throws {
    let folder = try prepared()
    let manager = FileManager.default
    try manager.createSymbolicLink(
      at: folder.url.appending(path: "link"),
      withDestinationURL: folder.url.appending(path: "nowhere")
    )
    try manager.createDirectory(
      at: folder.url.appending(path: "folder"), withIntermediateDirectories: false)
    #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
    let before = try folder.bytes("m.snn")
    for name in ["link", "folder", "pipe", "/dev/full"] {
      let ended = try Snnc.run(
        "opt", "m.snn", "--passes", "remove-dead", "-o", name, in: folder)
      #expect(ended.status == 73, "\(name): \(ended.errors)")
      #expect(ended.errors.contains("[output-not-a-file]"))
    }
    let older = Data("older".utf8)
    try older.write(to: folder.url.appending(path: "one"))
    try manager.linkItem(
      at: folder.url.appending(path: "one"), to: folder.url.appending(path: "two"))
    let ended = try Snnc.run("opt", "m.snn", "--passes", "remove-dead", "-o", "one", in: folder)
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(try folder.bytes("two") == older)
    #expect(try folder.bytes("m.snn") == before)
    #expect(folder.names == ["folder", "link", "m.snn", "one", "pipe", "two"])
  }

  @Test(
    "few descriptors, little memory and small stacks", arguments: ["-n 8", "-v 512000", "-s 256"])
  func limits(_ limit: String) throws {
    let folder = Folder()
    let ended = try Snnc.launch(
      "/bin/sh",
      [
        "-c", "ulimit \(limit); exec \"$@\"", "sh", Snnc.program.path, "import",
        Snnc.fixture("\(Self.fixture.name).pth"), "--heads", "4", "-o", "m.snn",
      ], in: folder)
    // A test's own runner may hold some of the descriptors.
    #expect([0, 73].contains(ended.status), "\(ended.errors)")
    #expect(folder.names == (ended.status == 0 ? ["m.snn"] : []))
  }

  /// The bytes of a file, or of all files in a folder.
  private func contents(of name: String, in folder: Folder) throws -> [String: Data] {
    let url = folder.url.appending(path: name)
    let names = try? FileManager.default.contentsOfDirectory(atPath: url.path)
    guard let names else { return ["": try Data(contentsOf: url)] }
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: url.appending(path: $0))) })
  }
}
