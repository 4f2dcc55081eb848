import Foundation
import Testing

/// Who may import whom, who may print, and how long a file may be.
@Suite struct ArchitectureTests {
  /// Modules of the system and of Swift, which no dependency list names.
  static let system: Set<String> = ["Glibc", "Dispatch", "Synchronization"]

  @Test func importsAreTheDependenciesOfThePackage() throws {
    let declared = try PackageGraph.declared()
    let imported = try PackageGraph.imported()
    #expect(imported.count > 15)
    for (target, modules) in imported {
      #expect(modules.subtracting(Self.system) == declared[target], "\(target)")
    }
  }

  /// The targets, of those that Swift files make up, that import `module`.
  static func importers(of module: String) throws -> Set<String> {
    Set(try PackageGraph.imported().filter { $0.value.contains(module) }.keys)
  }

  @Test func theIRKnowsNothingElse() throws {
    #expect(try PackageGraph.imported()["SpikeIR"] == ["Diagnostics", "Glibc"])
    #expect(try PackageGraph.imported()["Diagnostics", default: []].isEmpty)
  }

  @Test(arguments: [
    ("Clibzip", ["Archive"]), ("CSpikeProto", ["SpikeIRProto"]), ("COnnxProto", ["ONNX"]),
    ("Cprotobufc", ["ONNX", "Protobuf", "SpikeIRProto"]), ("Protobuf", ["ONNX", "SpikeIRProto"]),
    ("ONNX", ["SnncCommands"]), ("CHDF5Tree", ["NIR"]), ("NIR", ["SnncCommands"]),
    ("CSpikeKernels", ["Engine"]), ("CPeak", ["Engine"]),
    ("ArgumentParser", ["SnncCommands"]),
    ("CPNG", ["Images"]), ("CTurboJPEG", ["Images"]), ("Images", ["SnncCommands"]),
    ("Events", ["SnncCommands"]), ("Cjansson", ["JSON"]),
    ("JSON", ["Accounts", "Checkpoint", "Evaluation", "Reports", "SnncCommands"]),
    ("Checkpoint", ["Families", "SnncCommands"]), ("Families", ["SnncCommands"]),
    ("Pages", ["SnncCommands"]), ("SnncCommands", ["snnc"]), ("Foundation", []),
    ("FoundationEssentials", []),
  ])
  func onlyTheseImport(_ module: String, _ targets: [String]) throws {
    #expect(try Self.importers(of: module) == Set(targets))
  }

  @Test(arguments: [
    "Accounts", "Passes", "Verification", "Lowering", "CEmitter", "Engine", "Evaluation",
    "Interpreter", "NIR", "ONNX", "Reports", "Pages",
  ])
  func whatWorksOnTheIRReadsNoCheckpoints(_ target: String) throws {
    let imported = try #require(try PackageGraph.imported()[target])
    #expect(imported.isDisjoint(with: ["Checkpoint", "Families", "Archive", "Arrays"]))
  }

  @Test func nothingInSourcesImportsTests() throws {
    for module in [
      "CheckpointTestSupport", "IRTestSupport", "ModelTestSupport", "Testing", "XCTest",
    ] {
      #expect(try Self.importers(of: module).isEmpty)
    }
  }

  @Test func onlyTheCommandsPrintAndExit() throws {
    var callers: Set<String> = []
    for (target, path, text) in try PackageGraph.sources(".swift") {
      let code = text.replacing(#/(?m)\/\/.*$/#, with: "")
        .replacing(#/(?s)""".*?"""/#, with: "").replacing(#/"(?:[^"\\\n]|\\.)*"/#, with: "")
      let calls = code.matches(of: #/(?:^|[^\w.])(?:print|debugPrint|dump|exit|_exit|abort)\(/#)
      if !calls.isEmpty { callers.insert(target) }
      #expect(calls.isEmpty || target == "SnncCommands" || target == "snnc", "\(path)")
    }
    #expect(callers.contains("SnncCommands"), "the pattern finds calls")
  }

  @Test(arguments: ["Sources", "Tests", "Fuzz", "scripts", "Benchmarks"])
  func filesHaveAtMost400Lines(_ folder: String) throws {
    let suffixes = folder == "scripts" ? [""] : [".swift", ".c", ".h", ".py"]
    let files = try suffixes.flatMap { try PackageGraph.sources($0, in: folder) }
    #expect(!files.isEmpty)
    for (_, path, text) in files where !path.contains(".pb-c.") {
      let lines = text.utf8.count { $0 == UInt8(ascii: "\n") }
      #expect(lines <= 400, "\(folder)/\(path)")
    }
  }
}
