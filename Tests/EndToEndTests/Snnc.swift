import Foundation
import Testing

/// A command that has ended.
struct Ended {
  let status: Int32
  let output: String
  let errors: String
}

/// The built `snnc`, and the files that tests use.
enum Snnc {
  /// The top of the repository.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The program, which stands beside the program that runs the tests.
  static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "snnc")

  /// A file of `Tests/Fixtures`.
  static func fixture(_ name: String) -> String {
    root.appending(path: "Tests/Fixtures/\(name)").path
  }

  /// Runs `snnc` in `folder`.
  static func run(_ arguments: String..., in folder: Folder) throws -> Ended {
    try launch(program.path, arguments, in: folder)
  }

  /// Runs a shell in `folder` that finds `snnc` on its path.
  static func shell(_ arguments: String..., in folder: Folder) throws -> Ended {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try launch(
      "/usr/bin/env",
      ["PATH=\(program.deletingLastPathComponent().path):\(path)", "sh"] + arguments, in: folder)
  }

  /// Runs any command in `folder`.
  static func launch(_ path: String, _ arguments: [String], in folder: Folder) throws -> Ended {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    // Files rather than pipes, so that no output is large enough to block the command.
    let streams = Folder()
    let (output, errors) = (streams.url.appending(path: "out"), streams.url.appending(path: "err"))
    try Data().write(to: output)
    try Data().write(to: errors)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Ended(
      status: process.terminationReason == .exit ? process.terminationStatus : -1,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
}

/// A folder that lives as long as this object.
final class Folder: Sendable {
  let url: URL

  init() {
    url = FileManager.default.temporaryDirectory.appending(path: "snnc-\(UUID().uuidString)")
    try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  /// The path of a file in the folder.
  func path(_ name: String) -> String { url.appending(path: name).path }

  /// The bytes of a file in the folder.
  func bytes(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

  /// The names of all files in the folder, sorted.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
  }
}

/// A model made by the authors' PyTorch code, with every spike of every layer.
struct Fixture: CustomTestStringConvertible, Sendable {
  let name: String
  /// What the checkpoint does not hold, as a user would give it.
  let flags: [String]

  /// Every fixture: of each family at least one.
  static let all = [
    Fixture(name: "spikingformer-imagenet-tiny", flags: []),
    Fixture(name: "spikingformer-cifar10-tiny", flags: ["--heads", "4"]),
    Fixture(name: "spikingformer-cifar10-half-tiny", flags: ["--heads", "4"]),
    Fixture(name: "spikingformer-dvs128-tiny", flags: ["--time-steps", "4"]),
    Fixture(name: "spikingformer-cml-imagenet-tiny", flags: ["--image-size", "64"]),
    Fixture(name: "spikingformer-cml-cifar10-tiny", flags: ["--heads", "8"]),
    Fixture(name: "spikformer-imagenet-tiny", flags: ["--image-size", "64"]),
    Fixture(name: "cml-spikformer-cifar10-tiny", flags: ["--heads", "8"]),
    Fixture(name: "qkformer-imagenet-tiny", flags: ["--heads", "8"]),
    Fixture(name: "qkformer-cifar10-tiny", flags: []),
    Fixture(name: "meta-spikeformer-tiny", flags: []),
    Fixture(name: "meta-spikeformer-kd-tiny", flags: ["--heads", "4"]),
    Fixture(name: "spike-driven-transformer-tiny", flags: ["--image-size", "64"]),
    Fixture(name: "sew-resnet18-tiny", flags: ["--image-size", "64", "--connect", "ADD"]),
  ]

  /// The fixture of a name.
  static func named(_ name: String) -> Fixture {
    guard let fixture = all.first(where: { $0.name == name }) else { fatalError("no \(name)") }
    return fixture
  }

  var testDescription: String { name }

  var input: String { Snnc.fixture("\(name).npz") + ":input" }

  /// Imports it as `m.snn` into `folder`.
  func makeModule(in folder: Folder) throws {
    let ended = try Snnc.launch(
      Snnc.program.path,
      ["import", Snnc.fixture("\(name).pth"), "-o", "m.snn"] + flags, in: folder)
    try #require(ended.status == 0, "\(ended.errors)")
  }
}
