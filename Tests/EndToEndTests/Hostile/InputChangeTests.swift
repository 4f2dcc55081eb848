import CheckpointTestSupport
import Foundation
import Testing

/// Class 54: a checkpoint that another process changes while it is read.
@Suite struct InputChangeTests {
  /// What happens to the file.
  enum Change: CaseIterable { case cutShort, written, replaced }

  @Test(
    "is refused, and one that is replaced as a whole is read as it was", arguments: Change.allCases)
  func changes(_ change: Change) throws {
    let folder = Folder()
    // It has a warning, at which the command can be held between opening and reading.
    var zip = TinyCheckpoint.plain.zip
    for index in zip.members.indices { zip.members[index].crc = 0 }
    let bytes = zip.bytes
    let file = folder.url.appending(path: "x.pth")
    try Data(bytes).write(to: file)
    try Data(Good.architecture.utf8).write(to: folder.url.appending(path: "one.snnir"))
    let held = try HeldCommand(
      ["import", "x.pth", "--arch", "one.snnir", "-o", "m.snn"], in: folder)
    switch change {
    case .cutShort:
      try FileHandle(forWritingTo: file).truncate(atOffset: 0)
    case .written:
      try FileHandle(forWritingTo: file).write(contentsOf: Data(bytes))
    case .replaced:
      try FileManager.default.removeItem(at: file)
      try Data("other".utf8).write(to: file)
    }
    let ended = try held.end()
    if change == .replaced {
      #expect(ended.status == 0, "\(ended.errors)")
      #expect(folder.names == ["m.snn", "one.snnir", "x.pth"])
    } else {
      #expect(ended.status == 66, "\(ended.errors)")
      #expect(
        ended.errors.contains(
          "x.pth: error: the file was written to while it was being read [input-changed]"),
        "\(ended.errors)")
      #expect(folder.names == ["one.snnir", "x.pth"])
    }
  }
}

/// A command that waits where it writes its first message, since nobody reads what stands before.
private struct HeldCommand {
  private let process = Process()
  private let errors = Pipe()

  /// Starts it, and returns when it waits.
  init(_ arguments: [String], in folder: Folder) throws {
    let end = errors.fileHandleForWriting
    let flags = fcntl(end.fileDescriptor, F_GETFL)
    _ = fcntl(end.fileDescriptor, F_SETFL, flags | O_NONBLOCK)
    while write(end.fileDescriptor, "\n", 1) == 1 {}
    _ = fcntl(end.fileDescriptor, F_SETFL, flags)
    process.executableURL = Snnc.program
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    process.standardError = end
    try process.run()
    var waits = 0
    while waits < 5 {
      Thread.sleep(forTimeInterval: 0.02)
      waits = isWaiting ? waits + 1 : 0
    }
  }

  /// Whether it sleeps and has the checkpoint open.
  private var isWaiting: Bool {
    let place = "/proc/\(process.processIdentifier)"
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "\(place)/fd")) ?? []
    let hasFile = open.contains {
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(place)/fd/\($0)"))?
        .hasSuffix("x.pth") == true
    }
    let state = try? String(contentsOfFile: "\(place)/stat", encoding: .utf8).split(separator: " ")
    return hasFile && state?[2] == "S"
  }

  /// Reads what it writes, and waits for its end.
  func end() throws -> Ended {
    try errors.fileHandleForWriting.close()
    let text = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Ended(
      status: process.terminationReason == .exit ? process.terminationStatus : -1, output: "",
      errors: String(decoding: text, as: UTF8.self))
  }
}
