import Foundation
import Testing

/// `snnc run --profile`.
@Suite struct ProfileTests {
  static let fixture = Fixture.named("spikingformer-cifar10-half-tiny")

  @Test("the table and the JSON have the same calls and additions, the most lost first")
  func tableAndJSON() throws {
    let folder = Folder()
    try Self.fixture.makeModule(in: folder)
    let run = ["run", "m.snn", "--input", Self.fixture.input, "--profile", "--repeat", "2"]
    let table = try Snnc.launch(Snnc.program.path, run + ["--threads", "2"], in: folder)
    #expect(table.status == 0, "\(table.errors)")
    let lines = table.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix("layer ") && lines[0].hasSuffix(" ratio"))
    #expect(table.output.contains("\nall  ") && table.output.contains("\npeak: "))

    let json = try Snnc.launch(Snnc.program.path, run + ["--json"], in: folder)
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
    let profile = try #require(object as? [String: Any])
    let calls = try #require(profile["calls"] as? [[String: Any]])
    #expect(calls.count == lines.firstIndex { $0.hasPrefix("all ") }.map { $0 - 1 })
    let lost = calls.map {
      ($0["seconds"] as? Double ?? .nan) - ($0["secondsAtPeak"] as? Double ?? .nan)
    }
    #expect(zip(lost, lost.dropFirst()).allSatisfy { $0 >= $1 })
    let steps = calls.compactMap { $0["step"] as? Int }
    #expect(steps.sorted() == Array(calls.indices))
  }

  @Test("what is written is the same with a profile and without")
  func sameBytes() throws {
    let (plain, profiled) = (Folder(), Folder())
    for (folder, more) in [(plain, []), (profiled, ["--profile", "--profile-order", "plan"])] {
      try Self.fixture.makeModule(in: folder)
      let ended = try Snnc.launch(
        Snnc.program.path,
        ["run", "m.snn", "--input", Self.fixture.input, "--logits", "l.npy", "--spikes", "s.npz"]
          + more, in: folder)
      #expect(ended.status == 0, "\(ended.errors)")
      #expect(ended.output.isEmpty == more.isEmpty)
    }
    for name in ["l.npy", "s.npz"] { #expect(try plain.bytes(name) == profiled.bytes(name)) }
  }

  @Test(
    "options that do not go together",
    arguments: [
      (["--repeat", "3"], "--repeat, --profile-order and --json go with --profile"),
      (["--json"], "--repeat, --profile-order and --json go with --profile"),
      (["--profile", "--repeat", "0"], "--repeat takes 1 to 1000, not 0"),
      (["--profile", "--engine", "interpreter"], "--engine interpreter does not call"),
      (["--profile", "--membranes", "m.npz"], "--membranes does not call"),
      (["--schedule", "step", "--membranes", "m.npz"], "and not with --membranes"),
      (["--layers", "block.0.attn.q_lif"], "--layers goes with --membranes"),
      (["--profile", "--json", "--labels", "l.npy"], "so --labels does not go with it"),
    ])
  func usage(_ options: [String], _ message: String) throws {
    let ended = try Snnc.launch(
      Snnc.program.path, ["run", "m.snn", "--input", "x.npy"] + options, in: Folder())
    #expect(ended.status == 64)
    #expect(ended.errors.contains(message), "\(ended.errors)")
  }
}
