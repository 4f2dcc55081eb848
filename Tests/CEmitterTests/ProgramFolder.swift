import CEmitter
import Diagnostics
import Foundation
import Testing

/// A folder with the files of an emitted program, removed when this object goes.
final class ProgramFolder {
  /// Where the folder is.
  let url: URL

  /// The program.
  let program: CProgram

  /// A compiler of C.
  struct Compiler: CustomStringConvertible, Sendable {
    /// The command.
    let description: String

    /// Those of this machine, at least `cc`.
    static let all: [Compiler] = ["cc", "clang"].filter { name in
      name == "cc"
        || (try? ProgramFolder.execute(["/usr/bin/env", name, "--version"]))?.status == 0
    }.map { Compiler(description: $0) }

    /// The flags under which no program gives a warning.
    static let flags = [
      "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wtrigraphs", "-Wcomment",
      "-ffp-contract=off",
    ]
  }

  /// Writes the files of `program` and its weights.
  init(_ program: CProgram) throws {
    self.program = program
    url = FileManager.default.temporaryDirectory
      .appending(path: "snnc-test-\(UInt64.random(in: .min ... .max))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    for file in program.files { try write(Data(file.text.utf8), to: file.name) }
    var weights = Data()
    try program.writeWeights { (bytes) throws(Diagnostic) in weights.append(contentsOf: bytes) }
    #expect(weights.count == program.weightsByteCount)
    try write(weights, to: program.weightsName)
  }

  deinit {
    // What cannot be removed stays in the system's folder for such files.
    try? FileManager.default.removeItem(at: url)
  }

  /// Writes a file of the folder.
  func write(_ data: Data, to name: String) throws {
    try data.write(to: url.appending(path: name))
  }

  /// The path of a file of the folder.
  func path(_ name: String) -> String { url.appending(path: name).path }

  /// Compiles `sources` with `compiler`; its messages are empty where all is well.
  func compile(
    _ sources: [String], with compiler: Compiler, _ arguments: [String]
  ) throws -> String {
    let result = try Self.execute(
      ["/usr/bin/env", compiler.description] + Compiler.flags + arguments + ["-I", url.path]
        + sources.map(path))
    return result.status == 0 ? result.output : "status \(result.status): \(result.output)"
  }

  /// The `.c` files.
  var sources: [String] { program.files.map(\.name).filter { $0.hasSuffix(".c") } }

  /// Runs the compiled program.
  func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    try Self.execute([path(program.identifier)] + arguments)
  }

  /// Runs a command, and returns its status and what it wrote.
  static func execute(_ command: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
