import CEmitter
import Foundation
import Lowering
import Testing

/// The text of an emitted program is that of `Golden/`, to the byte.
///
/// `SNNC_BLESS=1` writes the files anew and fails the run, so that a reader looks at the change.
@Suite struct GoldenTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden")

  @Test(
    arguments: [
      "sample_model.h", "sample_model.c", "main.c", "Makefile", "README.md", "masked_model.h",
      "masked_model.c",
    ])
  func textIsAsStored(_ name: String) throws {
    let module = try name.hasPrefix("masked") ? SampleModule.masked() : SampleModule.make()
    try Self.check(name, of: CProgram(Lowering.lower(module)), in: Self.folder)
  }

  @Test(
    arguments: [
      "frames_model.h", "frames_model.c", "main.c", "README.md", "sample_model.h", "sample_model.c",
    ])
  func textOfStepsIsAsStored(_ name: String) throws {
    let module = try name.hasPrefix("sample") ? SampleModule.make() : SampleModule.frames()
    let program = try CProgram(Lowering.lower(module, schedule: .step))
    try Self.check(name, of: program, in: Self.folder.appending(path: "step"))
  }

  /// Expects a file of `program` to be the stored one.
  static func check(_ name: String, of program: CProgram, in folder: URL) throws {
    let file = try #require(program.files.first { $0.name == name })
    let golden = folder.appending(path: name)
    guard ProcessInfo.processInfo.environment["SNNC_BLESS"] == nil else {
      try Data(file.text.utf8).write(to: golden)
      Issue.record("\(name) was written anew")
      return
    }
    #expect(try file.text == String(contentsOf: golden, encoding: .utf8))
  }

  @Test func theKernelsComeAlong() throws {
    let program = try CProgram(Lowering.lower(SampleModule.make()))
    let kernels = Self.folder.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/CSpikeKernels")
    var names: Set<String> = []
    for folder in [kernels, kernels.appending(path: "include")] {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
      where name.hasSuffix(".c") || name.hasSuffix(".h") {
        let file = try #require(program.files.first { $0.name == name }, "\(name)")
        let source = folder.appending(path: name)
        #expect(try file.text == String(contentsOf: source, encoding: .utf8), "\(name)")
        names.insert(name)
      }
    }
    #expect(program.files.map(\.name).filter { $0.hasPrefix("snn_") }.allSatisfy(names.contains))
  }
}
