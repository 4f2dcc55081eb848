import Arrays
import Diagnostics
import Foundation
import Interpreter
import NIR
import SpikeIR

/// The files of `Stored/`, which `scripts/check-nir --record` and `Stored/record-odd-files` write.
enum Stored {
  /// The path of a file.
  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Stored/\(name)").path
  }

  /// The bytes of a file.
  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path(name))))
  }

  /// The module of a file.
  static func module(
    _ name: String, _ settle: (inout NIRImport.Options) -> Void = { _ in }
  ) throws -> Module {
    try imported(bytes(name), .standard, settle).module
  }

  /// The import of bytes, for two steps where nothing else is settled.
  static func imported(
    _ bytes: [UInt8], _ limits: NIRLimits = .standard,
    _ settle: (inout NIRImport.Options) -> Void = { _ in }
  ) throws -> NIRImport {
    var options = NIRImport.Options()
    options.timeSteps = 2
    settle(&options)
    return try NIRImport(bytes.span, named: "stored", options, limits: limits)
  }

  /// Whether bytes are those of an HDF5 file, by their start.
  static func isHDF5(_ bytes: [UInt8]) -> Bool { NIRImport.isHDF5(bytes.span) }

  /// The tree of a file.
  static func tree(_ bytes: [UInt8]) throws -> HDF5Tree {
    try HDF5Tree(reading: bytes.span, .standard)
  }

  /// What the other program computed: samples and its results for them.
  static func results(_ name: String) throws -> [(input: [Float], expected: [Float])] {
    let archive = try NPZArchive(path: path(name))
    let (input, expected) = (try archive.member("input"), try archive.member("expected"))
    let (taken, given) = (input.count / input.shape[0], expected.count / input.shape[0])
    return try (0..<input.shape[0]).map {
      (
        try input.floats(in: $0 * taken..<($0 + 1) * taken),
        try expected.floats(in: $0 * given..<($0 + 1) * given)
      )
    }
  }

  /// The id of the diagnostic that importing `bytes` gives; `nil` where they are read.
  static func id(
    _ bytes: [UInt8], _ settle: (inout NIRImport.Options) -> Void = { _ in }
  ) throws -> String? {
    do {
      try imported(bytes, .standard, settle).module.verifyStructure()
      return nil
    } catch let error as Diagnostic {
      return error.id
    }
  }
}

extension Module {
  /// What the Interpreter computes of a sample.
  func outputs(of sample: [Float]) throws -> [Float] {
    try Interpreter(self).run(Tensor(input.shape, steps: input.isTimed ? timeSteps : 1, sample))
      .values
  }
}
