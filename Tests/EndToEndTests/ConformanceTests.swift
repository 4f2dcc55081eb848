import Foundation
import Testing

/// The conformance suite through its driver, as somebody else would run it: with this project's
/// runners, which pass, and with runners that are wrong.
@Suite struct ConformanceTests {
  static let suite = Snnc.root.appending(path: "ir-spec/conformance")

  /// Runs the driver of `suite` in a folder, with the built `snnc`.
  private func drive(
    _ arguments: [String], suite: URL = Self.suite, in folder: Folder = Folder()
  ) throws -> Ended {
    try Snnc.launch(
      "/usr/bin/env",
      ["SNNC=\(Snnc.program.path)", suite.appending(path: "run").path] + arguments, in: folder)
  }

  /// A runner of this project.
  private func runner(_ name: String) -> String {
    Self.suite.appending(path: "runners/\(name)").path
  }

  /// Expects that a run of more than `least` cases passed.
  private func expectPass(_ ended: Ended, moreThan least: Int) throws {
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    let counts = try #require(ended.output.firstMatch(of: #/^(\d+) of (\d+) cases pass\n$/#))
    #expect(counts.1 == counts.2)
    #expect(try #require(Int(counts.1)) > least)
  }

  @Test("the interpreter and the engine pass", arguments: ["snnc", "snnc-engine"])
  func snncPasses(_ name: String) throws {
    try expectPass(drive([runner(name)]), moreThan: 500)
  }

  /// Each op, the networks, and what inputs are refused; how the forms are read is no matter of the C.
  @Test("the emitted C passes")
  func emittedCPasses() throws {
    let kinds = try FileManager.default.contentsOfDirectory(atPath: Self.suite.path)
      .filter { !["invalid", "malformed", "text", "binary", "runners"].contains($0) }
    let computed = kinds.flatMap { ["--only", "\($0)/*"] }
    try expectPass(
      drive(
        ["--form", "binary"] + computed + ["--only", "invalid/batch_norm-c*/*", runner("c")]),
      moreThan: 200)
  }

  /// Each case in the text form if it has one, and what there is of the binary form alone.
  @Test("the implementation in Python passes, in less than 600 lines")
  func pythonPasses() throws {
    let script = Snnc.root.appending(path: "examples/python-interpreter/spikeir.py")
    try expectPass(drive(["--form", "text", "python3", script.path]), moreThan: 400)
    let binary = ["binary/*", "invalid/*", "malformed/*"].flatMap { ["--only", $0] }
    try expectPass(
      drive(["--form", "binary"] + binary + ["python3", script.path]), moreThan: 50)
    #expect(try String(contentsOf: script, encoding: .utf8).count { $0 == "\n" } < 600)
  }

  /// What is wrong with a runner whose script is `body`, for some cases.
  private func failures(_ body: String, _ options: String...) throws -> Ended {
    let folder = Folder()
    try Data("#!/bin/sh\n\(body)\n".utf8).write(to: folder.url.appending(path: "runner"))
    return try drive(options + ["sh \(folder.path("runner"))"], in: folder)
  }

  @Test("wrong outputs are failures")
  func wrongOutputs() throws {
    let same = try failures("cp \"$2\" \"$3\"", "--only", "complement/spikes")
    #expect(same.status == 1)
    #expect(
      same.output == """
        complement/spikes/module.snn: element [0, 0] is 0 (0x00000000), not 1 (0x3f800000)
        complement/spikes/module.snnir: element [0, 0] is 0 (0x00000000), not 1 (0x3f800000)
        0 of 1 cases pass

        """)
    let expected = "cp \"$(dirname \"$1\")/expected.npy\" \"$3\""
    let right = try failures(expected, "--only", "*/zeros", "--form", "text")
    #expect(right.status == 0 && right.output.hasSuffix("cases pass\n"))
    for (script, complaint) in [
      ("cp \"$2\" \"$3\"", "the output's shape is [2], not [3, 2]"),
      ("true", "no output was written"),
      ("echo no >\"$3\"", "the output is not a .npy of version 1.0"),
      ("\(expected); printf 0000 >>\"$3\"", "with 28 bytes of elements"),
      ("echo reason >&2; exit 3", "exit status 3, and the module is valid: reason"),
      ("kill -SEGV $$", "ended by signal 11"),
      ("\(expected); exit 1", "exit status 1, and the module is valid"),
    ] {
      let ended = try failures(script, "--only", "repeat/real", "--form", "binary")
      #expect(ended.status == 1 && ended.output.contains(complaint), "\(script): \(ended.output)")
    }
    let endless = try failures("exec sleep 600", "--only", "repeat/real", "--timeout", "0.2")
    #expect(endless.status == 1 && endless.output.contains("no end after 0.2 seconds"))
  }

  @Test("what must be refused is refused with its id, without an output")
  func refusals() throws {
    let cases = ["--only", "invalid/wrong-type/domain"]
    for (script, complaint) in [
      ("cp \"$2\" \"$3\"", "accepted, and it must be refused as wrong-type"),
      (
        "echo 'error: no [some-id]' >&2; exit 65",
        "refused, with another id: some-id, not wrong-type"
      ),
      ("exit 65", "refused, with another id: none, not wrong-type"),
      ("echo '[wrong-type]' >&2; touch \"$3\"; exit 65", "refused, and an output was written"),
      ("echo '[wrong-type]' >&2; kill -KILL $$", "ended by signal 9, and it must be refused"),
    ] {
      let ended = try failures(script, cases[0], cases[1])
      #expect(ended.status == 1 && ended.output.contains(complaint), "\(script): \(ended.output)")
    }
    #expect(try failures("echo 'x [wrong-type]' >&2; exit 1", cases[0], cases[1]).status == 0)
    #expect(try failures("exit 65", cases[0], cases[1], "--any-id").status == 0)
  }

  @Test("a suite that was changed is not run")
  func damagedSuites() throws {
    let folder = Folder()
    let copy = folder.url.appending(path: "suite")
    try FileManager.default.copyItem(at: Self.suite, to: copy)
    let file = copy.appending(path: "add/zeros/expected.npy")
    let right = try Data(contentsOf: file)
    try (right.dropLast() + [0x3F]).write(to: file)
    let changed = try drive(["true"], suite: copy)
    #expect(changed.status == 1)
    #expect(changed.errors.contains("add/zeros/expected.npy is not the file that MANIFEST lists"))
    try FileManager.default.removeItem(at: file)
    let removed = try drive(["true"], suite: copy)
    #expect(
      removed.status == 1 && removed.errors.contains("the suite lacks add/zeros/expected.npy"))
  }

  @Test("wrong usage is said")
  func usage() throws {
    #expect(try drive([]).status == 2)
    #expect(try drive(["--only", "none/*", "true"]).errors.contains("no case has that name"))
    #expect(try drive(["--only", "add/*", "/no/such/runner"]).errors.contains("cannot be started"))
  }
}
