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
  let heads: Int

  /// Every Spikingformer fixture; what the checkpoint does not hold is in its `meta`.
  static let all = [
    Fixture(name: "spikingformer-imagenet-tiny", heads: 8),
    Fixture(name: "spikingformer-cifar10-tiny", heads: 4),
    Fixture(name: "spikingformer-cifar10-half-tiny", heads: 4),
    Fixture(name: "spikingformer-dvs128-tiny", heads: 16),
  ]

  var testDescription: String { name }

  var input: String { Snnc.fixture("\(name).npz") + ":input" }

  /// Imports it as `m.snn` into `folder`.
  func makeModule(in folder: Folder) throws {
    let ended = try Snnc.run(
      "import", Snnc.fixture("\(name).pth"), "--heads", "\(heads)", "--time-steps", "4",
      "-o", "m.snn", in: folder)
    try #require(ended.status == 0, "\(ended.errors)")
  }
}
