import Arrays
import Foundation
import Testing

/// The digits model and its test images, as files in a folder.
struct Digits {
  let folder: Folder

  /// Makes `m.snn` and `test.npz`, which has the images `count` times over.
  init(times count: Int = 1) throws {
    folder = Folder()
    let imported = try Snnc.run(
      "import", Self.path("digits-spikingformer.pth"), "-o", "m.snn", in: folder)
    try #require(imported.status == 0, "\(imported.errors)")
    let images = try NumPyArray.read(path: Self.path("images.npy"))
    let labels = try NumPyArray.read(path: Self.path("labels.npy")).integers()
    let floats = try images.floats()
    try write(
      "test.npz", (0..<count).flatMap { _ in floats }, (0..<count).flatMap { _ in labels })
  }

  /// A file of the example.
  static func path(_ name: String) -> String {
    Snnc.root.appending(path: "examples/digits/\(name)").path
  }

  /// Writes images and their labels.
  func write(_ name: String, _ images: [Float], _ labels: [Int]) throws {
    let bytes = try NPZArchive.bytes(of: [
      ("input", NumPyArray(shape: [labels.count, 1, 16, 16], floats: images)),
      ("labels", NumPyArray(shape: [labels.count], bytes: labels.map { UInt8($0) })),
    ])
    try Data(bytes).write(to: folder.url.appending(path: name))
  }

  /// Runs `snnc eval m.snn --data test.npz` with more arguments.
  func eval(_ arguments: String...) throws -> Ended {
    try Snnc.launch(Snnc.program.path, Self.arguments + arguments, in: folder)
  }

  /// Starts the same.
  func start(_ arguments: String...) throws -> Started {
    // A test that runs in the background may ignore Ctrl-C, and hand that on.
    try Started(
      "/usr/bin/env",
      ["--default-signal=INT,TERM", Snnc.program.path] + Self.arguments + arguments, in: folder)
  }

  private static let arguments = ["eval", "m.snn", "--data", "test.npz"]
}

/// A command that runs.
struct Started {
  private let process = Process()
  private let streams = Folder()

  /// Starts a command in `folder`.
  init(_ path: String, _ arguments: [String], in folder: Folder) throws {
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    for name in ["out", "err"] { try Data().write(to: streams.url.appending(path: name)) }
    process.standardOutput = try FileHandle(forWritingTo: streams.url.appending(path: "out"))
    process.standardError = try FileHandle(forWritingTo: streams.url.appending(path: "err"))
    try process.run()
  }

  /// Waits until a file has `count` lines, and then sends signals.
  func signal(_ numbers: [Int32], once file: URL, hasLines count: Int) throws {
    while process.isRunning {
      let lines = (try? Data(contentsOf: file))?.count { $0 == UInt8(ascii: "\n") } ?? 0
      if lines >= count { break }
      usleep(1000)
    }
    for number in numbers { kill(process.processIdentifier, number) }
  }

  /// Waits for the end; the status of a command that a signal ended is the signal's number, negative.
  func wait() throws -> Ended {
    process.waitUntilExit()
    let status = process.terminationStatus
    return Ended(
      status: process.terminationReason == .exit ? status : -status,
      output: String(decoding: try streams.bytes("out"), as: UTF8.self),
      errors: String(decoding: try streams.bytes("err"), as: UTF8.self))
  }
}
