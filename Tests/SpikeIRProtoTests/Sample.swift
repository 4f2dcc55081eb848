import Diagnostics
import Foundation
import IRTestSupport
import SpikeIR
import SpikeIRProto

/// A small module with every kind of field, and files made of it.
enum Sample {
  /// The stored file of version 1 of the format and the text of its module.
  static let artifact = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Artifacts/version-1.snn")

  /// The text of the module.
  static let text = """
    snnir 1

    module @"sample" {
      time_steps = 4
      meta "family" = "by hand"
      weight @"conv.weight" : f32 [1, 1, 2, 2] = [0.5, -1.0, 1e-45, 0.0]
      weight @"w 2 9" : f32 [2, 9]
      weight @"bias\\x00" : f32 [2] = [-0.0, 3.4028235e+38]
      input %input : fixed<-3, 4, 2^-5> [2, 1, 1]
      %1 = conv2d %input, @"conv.weight", @"bias\\x00" {stride = [1, 1], padding = [0, 0]} \
    : real [2, 1, 1] from "conv", "bn"
      %2 = lif %1 {tau = 1.5, threshold = 1.0} : timed spike [2, 1, 1] from ""
      %3 = matmul %2, %2 {transpose_lhs = false, transpose_rhs = true} : timed spike [2, 1, 1]
      %4 = reshape %3 {shape = [2]} : timed spike [2]
      %5 = linear %4, @"w 2 9" : timed real [9] from "head"
      output %5
    }

    """

  /// The module.
  static func module() throws -> Module {
    try Module(parsing: text, weights: CaseFile.weight)
  }

  /// The bytes of a module's file.
  static func bytes(_ module: Module) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try ModuleFile.write(module) { bytes += $0 }
    return bytes
  }

  /// Calls `body` with the path of a file of `bytes`, which is removed afterwards.
  static func withFile<Result>(
    _ bytes: some Sequence<UInt8>, _ body: (String) throws -> Result
  ) throws -> Result {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "snn-test-\(UInt64.random(in: .min ... .max)).snn")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
  }

  /// Reads a module from `bytes`.
  static func read(_ bytes: some Sequence<UInt8>) throws -> Module {
    try withFile(bytes) { try ModuleFile(path: $0).module }
  }

  /// A file of any message and the bytes of its weights, with a header that fits.
  static func file(_ message: [UInt8], weights: [UInt8] = []) -> [UInt8] {
    Field.file(message, weights: weights)
  }

  /// The range of the message in the bytes of a file.
  static func message(in file: [UInt8]) -> Range<Int> {
    40..<(40 + file[16..<24].reversed().reduce(0) { $0 << 8 | Int($1) })
  }
}
