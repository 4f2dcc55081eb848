import Arrays
import Foundation
import Testing

/// The emitted C: the same bits from every compiler, at every optimisation, on any thread count.
@Suite struct EmittedCTests {
  /// A way to compile.
  struct Build: CustomTestStringConvertible, Sendable {
    let compiler: String
    let flags: String

    var testDescription: String { "\(compiler) \(flags)" }

    /// Both compilers, without and with optimisation, vectorised and portable; and under the
    /// sanitizers of addresses and of undefined behaviour, which end the program at a finding.
    static let all: [Build] =
      ["gcc", "clang"].flatMap { compiler in
        ["-O0", "-O3", "-O0 -DSNN_PORTABLE", "-O3 -DSNN_PORTABLE"].map {
          Build(compiler: compiler, flags: $0)
        }
      }
      + ["", " -DSNN_PORTABLE"].map {
        Build(
          compiler: "gcc",
          // With -g1 a finding has its line; for the variables of -g gcc takes a minute a model.
          flags: "-O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all" + $0)
      }

    /// Whether the compiler is there; gcc always is where snnc is built.
    var isAvailable: Bool {
      compiler == "gcc"
        || (try? Snnc.launch("/usr/bin/env", [compiler, "--version"], in: Folder()).status) == 0
    }
  }

  @Test(
    "every build gives the bytes of the engine, and every spike of the authors' code",
    arguments: Build.all.filter(\.isAvailable))
  func sameBytes(_ build: Build) throws {
    try checkBytes(build, schedule: "layer")
  }

  @Test("computed step by step, every model gives the same bytes, and the authors' spikes")
  func sameBytesStepByStep() throws {
    try checkBytes(Build(compiler: "gcc", flags: "-O3"), schedule: "step")
  }

  /// Expects the engine's bytes and the authors' spikes of every fixture's program.
  private func checkBytes(_ build: Build, schedule: String) throws {
    let kernels = Folder()
    for fixture in Fixture.all {
      let folder = Folder()
      try fixture.makeModule(in: folder)
      let input = try NumPyArray.read(path: fixture.input)
      try Data(input.npy()).write(to: folder.url.appending(path: "input.npy"))
      _ = try Snnc.run(
        "run", "m.snn", "--input", "input.npy", "--logits", "engine.npy", "--spikes", "engine.npz",
        in: folder)
      let emitted = try Snnc.run(
        "emit", "--target", "c", "--schedule", schedule, "-o", "program", in: folder)
      try #require(emitted.status == 0, "\(emitted.errors)")
      try reuse(kernels, in: folder)
      try make(build, in: folder)
      try keep(kernels, from: folder)
      for threads in ["1", "2"] {
        let ended = try Snnc.launch(
          folder.path("program/\(programName(fixture))"),
          ["input.npy", "l.npy", "--spikes", "s.npz", "--threads", threads], in: folder)
        try #require(ended.status == 0, "\(ended.errors)")
        #expect(try folder.bytes("l.npy") == folder.bytes("engine.npy"))
        try expectEqual(fixture, folder)
        #expect(try sameMembers("s.npz", "engine.npz", folder))
      }
    }
  }

  @Test("another model's weights, damaged ones, and a part of the own ones, are refused")
  func foreignWeights() throws {
    let folder = Folder()
    let fixture = Fixture.all[2]
    try fixture.makeModule(in: folder)
    _ = try Snnc.run("emit", "--target", "c", "-o", "program", in: folder)
    try make(Build(compiler: "gcc", flags: "-O1"), in: folder)
    let name = programName(fixture)
    let weights = folder.url.appending(path: "program/\(name).weights.bin")
    let whole = try Data(contentsOf: weights)
    let input = try NumPyArray.read(path: fixture.input)
    try Data(input.npy()).write(to: folder.url.appending(path: "input.npy"))
    var exchanged = whole
    exchanged[20] ^= 1
    var damaged = whole
    damaged[whole.count / 2] ^= 1
    for (bytes, problem) in [
      (Data(), "not the weights of this program"), (whole.dropLast(), "not the weights"),
      (whole + [0], "not the weights"), (exchanged, "not the weights"),
      (damaged, "the weights are damaged"),
    ] {
      try bytes.write(to: weights)
      let ended = try Snnc.launch(
        folder.path("program/\(name)"), ["input.npy", "l.npy"], in: folder)
      #expect(ended.status == 65)
      #expect(ended.errors.contains(problem), "\(ended.errors)")
      #expect(!folder.names.contains("l.npy"))
    }
  }

  /// Whether two archives hold the same members in the same order.
  private func sameMembers(_ a: String, _ b: String, _ folder: Folder) throws -> Bool {
    let (first, second) = (
      try NPZArchive(path: folder.path(a)), try NPZArchive(path: folder.path(b))
    )
    return try first.names == second.names
      && first.names.allSatisfy { try first.member($0) == second.member($0) }
  }

  /// The program's name, made of the checkpoint's.
  private func programName(_ fixture: Fixture) -> String {
    fixture.name.replacingOccurrences(of: "-", with: "_")
  }

  /// Compiles the program in `folder` with all warnings as errors.
  private func make(_ build: Build, in folder: Folder) throws {
    let flags = "\(build.flags) -Werror -Wtrigraphs -Wcomment"
    let ended = try Snnc.launch(
      "/usr/bin/env",
      ["make", "-s", "-C", "program", "CC=\(build.compiler)", "CFLAGS=\(flags)"], in: folder)
    try #require(ended.status == 0, "\(ended.errors)")
  }

  /// Takes over the kernels' object file of an earlier program, so that it is compiled once.
  private func reuse(_ kernels: Folder, in folder: Folder) throws {
    guard kernels.names.contains("snn_kernels.o") else { return }
    try kernels.bytes("snn_kernels.o").write(
      to: folder.url.appending(path: "program/snn_kernels.o"))
  }

  /// Keeps the kernels' object file for the next program.
  private func keep(_ kernels: Folder, from folder: Folder) throws {
    try folder.bytes("program/snn_kernels.o").write(
      to: kernels.url.appending(path: "snn_kernels.o"))
  }
}
