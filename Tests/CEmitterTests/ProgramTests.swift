import CEmitter
import Engine
import Foundation
import IRTestSupport
import Lowering
import SpikeIR
import Testing

/// The emitted program compiles without a warning, gives the Engine's bits, and refuses the rest.
@Suite struct ProgramTests {
  /// A compiled program of a module; compiling takes a while.
  static func compiled(
    _ module: Module, _ compiler: ProgramFolder.Compiler, schedule: Schedule = .layer,
    _ flags: [String] = []
  ) throws -> ProgramFolder {
    let folder = try ProgramFolder(CProgram(Lowering.lower(module, schedule: schedule)))
    let messages = try folder.compile(
      folder.sources, with: compiler,
      flags + ["-O1", "-o", folder.path(folder.program.identifier), "-lpthread"])
    #expect(messages == "")
    return folder
  }

  /// A file of NumPy's that holds `values`.
  static func npy(_ shape: [Int], _ values: [Float]) -> Data {
    let extents = shape.map { "\($0), " }.joined()
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(extents)), }"
    header += String(repeating: " ", count: (64 - (header.utf8.count + 11) % 64) % 64) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0])
    data.append(contentsOf: [UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)])
    data.append(contentsOf: header.utf8)
    for value in values { withUnsafeBytes(of: value.bitPattern) { data.append(contentsOf: $0) } }
    return data
  }

  @Test(arguments: ProgramFolder.Compiler.all)
  func programsGiveTheBitsOfTheEngine(_ compiler: ProgramFolder.Compiler) throws {
    let folder = try Self.compiled(SampleModule.make(), compiler)
    try Self.checkBits(folder)
    try Self.checkRefusals(folder)
  }

  @Test func masksGroupsAndTokensGiveTheBitsOfTheEngine() throws {
    try Self.checkBits(Self.compiled(SampleModule.masked(), ProgramFolder.Compiler.all[0]))
  }

  @Test func programsOfStepsGiveTheBitsOfTheEngine() throws {
    let compiler = ProgramFolder.Compiler.all[0]
    for module in [try SampleModule.make(), try SampleModule.frames(), try SampleModule.masked()] {
      try Self.checkBits(Self.compiled(module, compiler, schedule: .step))
    }
  }

  @Test func weightsAreReadWhereFilesCannotBeMapped() throws {
    let folder = try Self.compiled(
      SampleModule.make(), ProgramFolder.Compiler.all[0], ["-DSNN_NO_MMAP"])
    try Self.checkBits(folder)
    try Self.checkRefusals(folder)
  }

  @Test func weightsComeOutOfAPipeToo() throws {
    let folder = try Self.compiled(SampleModule.make(), ProgramFolder.Compiler.all[0])
    try Self.checkBits(folder)
    let direct = try Data(contentsOf: URL(filePath: folder.path("logits.npy")))
    let piped = try ProgramFolder.execute([
      "/bin/sh", "-c", "cat \"$1\" | \"$2\" \"$3\" \"$4\" --weights /dev/stdin", "sh",
      folder.path(folder.program.weightsName), folder.path(folder.program.identifier),
      folder.path("input.npy"), folder.path("piped.npy"),
    ])
    #expect(piped.status == 0, "\(piped.output)")
    #expect(try Data(contentsOf: URL(filePath: folder.path("piped.npy"))) == direct)
  }

  /// Expects the Engine's logits of some samples.
  static func checkBits(_ folder: ProgramFolder) throws {
    let plan = folder.program.plan
    let engine = try Engine(plan)
    var random = SeededRandom(7)
    let samples = (0..<5).map { _ in random.sample(of: plan.module) }
    let expected = samples.flatMap { engine.run($0) }
    #expect(Set(expected).count > 5, "the samples tell the logits apart")
    let input = plan.module.input
    let shape = [5] + (input.isTimed ? [plan.module.timeSteps] : []) + input.shape.extents
    try folder.write(npy(shape, Array(samples.joined())), to: "input.npy")
    for arguments in [[], ["--threads", "3"], ["--spikes", folder.path("spikes.npz")]] {
      let result = try folder.run(
        [folder.path("input.npy"), folder.path("logits.npy")] + arguments)
      #expect(result.status == 0, "\(result.output)")
      let logits = try Data(contentsOf: URL(filePath: folder.path("logits.npy")))
      let count = 4 * expected.count
      #expect(npy([5, expected.count / 5], expected).suffix(count) == logits.suffix(count))
    }
  }

  @Test(arguments: [Shape([]), [2], [2, 3], [2, 3, 4, 5]], [false, true])
  func inputsOfEveryRankCompile(_ shape: Shape, _ timed: Bool) throws {
    var builder = try ModuleBuilder(
      name: "any_rank", timeSteps: 2, input: ValueType(.real, shape, timed: timed))
    let output = try builder.scale(.input, by: 0.5, from: "scale")
    let folder = try ProgramFolder(CProgram(Lowering.lower(builder.finish(output: output))))
    let messages = try folder.compile(
      ["any_rank.c", "main.c"], with: ProgramFolder.Compiler.all[0], ["-fsyntax-only"])
    #expect(messages == "")
  }

  @Test(arguments: [
    (Domain.spike, [0, 1, -0.0], [0.5, 2, -1, .nan, .infinity]),
    (.count(3), [0, -0.0, 3], [4, -1, 1.5]),
    (.fixed(low: -3, high: 4, scale: 100), [0x1p-98, -0x3p-100], [0x1p-101, 0x5p-100, 1]),
  ])
  func samplesOutsideOfTheInputsDomainAreRefused(
    _ domain: Domain, _ inside: [Float], _ outside: [Float]
  ) throws {
    var builder = try ModuleBuilder(
      name: "exact_input", timeSteps: 1, input: ValueType(domain, [1], timed: false))
    let output = try builder.scale(.input, by: 0.5, from: "scale")
    let folder = try Self.compiled(
      builder.finish(output: output), ProgramFolder.Compiler.all[0])
    for (value, status) in inside.map({ ($0, 0) }) + outside.map({ ($0, 65) }) {
      try folder.write(Self.npy([1, 1], [value]), to: "input.npy")
      let result = try folder.run([folder.path("input.npy"), folder.path("logits.npy")])
      #expect(result.status == status, "\(value): \(result.output)")
      guard status == 0 else { continue }
      // A spike that did not fire is +0, however the file spells it.
      let taken = domain == .spike ? value + 0 : value
      let logits = try Data(contentsOf: URL(filePath: folder.path("logits.npy")))
      #expect(logits.suffix(4) == Self.npy([1], [taken * 0.5]).suffix(4), "\(value)")
    }
  }

  /// Expects that weights of another model, or cut short, and bad arguments are refused.
  static func checkRefusals(_ folder: ProgramFolder) throws {
    let (input, logits) = (folder.path("input.npy"), folder.path("refused.npy"))
    let weights = try Data(contentsOf: URL(filePath: folder.path(folder.program.weightsName)))
    let other = try ProgramFolder(CProgram(Lowering.lower(SampleModule.make(seed: 2))))
    let foreign = try Data(contentsOf: URL(filePath: other.path(other.program.weightsName)))
    #expect(foreign.count == weights.count && foreign != weights)
    for wrong in [foreign, weights.dropLast(), weights + [0], weights.prefix(64), Data()] {
      try folder.write(wrong, to: "wrong.bin")
      let result = try folder.run([input, logits, "--weights", folder.path("wrong.bin")])
      #expect(result.status == 65)
      #expect(result.output.contains("not the weights of this program"))
    }
    #expect(try folder.run([input, logits, "--weights", folder.path("none")]).status == 66)
    for arguments in [
      [], [input], [input, logits, "--threads"], [input, logits, "--threads", "0"],
      [input, logits, "--threads", "x"], [input, logits, "--threads", ""],
      [input, logits, "--unknown", "1"], [input, logits, "extra"],
    ] {
      let result = try folder.run(arguments)
      #expect(result.status == 64, "\(arguments)")
      #expect(result.output.contains("usage: "))
    }
    try folder.write(npy([1, 3, 4, 5], [Float](repeating: 0, count: 60)), to: "wide.npy")
    try folder.write(npy([1, 3, 4, 4], [Float](repeating: .nan, count: 48)), to: "nan.npy")
    try folder.write(npy([2, 3, 4, 4], [Float](repeating: 0, count: 48)), to: "short.npy")
    #expect(try folder.run([folder.path("none.npy"), logits]).status == 66)
    for name in ["wide.npy", "nan.npy", "short.npy"] {
      #expect(try folder.run([folder.path(name), logits]).status == 65, "\(name)")
    }
    #expect(!FileManager.default.fileExists(atPath: logits), "nothing was written")
  }
}
