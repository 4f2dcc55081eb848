import Checkpoint
import Diagnostics
import CheckpointTestSupport
import Testing

/// Pickles that lie, and those that want too much: each ends in an error, soon, and never a trap.
@Suite struct PickleMachineTests {
  /// A pickle, and the diagnostic that it must lead to.
  struct Malformed: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let id: String
    let pickle: [UInt8]

    init(_ name: String, _ id: String, _ pickle: [UInt8]) {
      testDescription = name
      self.id = id
      self.pickle = pickle
    }

    init(_ name: String, _ id: String, _ pickle: PickleAssembler) {
      self.init(name, id, pickle.stopped)
    }
  }

  static let start = PickleAssembler()

  static let malformed: [Malformed] = [
    .init("empty", "pickle-truncated", []),
    .init("protocol 0", "pickle-protocol", [0x80, 0, 0x2E]),
    .init("protocol 1", "pickle-protocol", [0x80, 1, 0x2E]),
    .init("protocol 6", "pickle-protocol", [0x80, 6, 0x2E]),
    .init("late protocol", "pickle-protocol", start.ops("N").raw([0x80, 2])),
    .init("no STOP", "pickle-truncated", start.ops("N").bytes),
    .init("bytes after STOP", "pickle-trailing-bytes", start.ops("}.").raw([0])),
    .init("second pickle", "pickle-trailing-bytes", start.ops("}.").raw([0x80, 2]).ops("N")),
    .init("nothing at STOP", "pickle-stack", start),
    .init("two objects at STOP", "pickle-stack", start.ops("NN")),
    .init("mark at STOP", "pickle-stack", start.ops("N(")),
    .init("pop below a mark", "pickle-stack", start.ops("N(R")),
    .init("tuple below a mark", "pickle-stack", start.ops("N(").raw([0x85])),
    .init("missing memo", "pickle-memo", start.ops("h").raw([7])),
    .init("text of 4 GiB", "pickle-limit", start.raw([0x58, 0xFF, 0xFF, 0xFF, 0xFF])),
    .init("text of 2^63 bytes", "pickle-limit", start.raw([0x8D] + le(1 << 63 as UInt64))),
    .init("bytes of 2^64 - 1", "pickle-limit", start.raw([0x8E] + le(UInt64.max))),
    .init("byte array of 2^63", "pickle-limit", start.raw([0x96] + le(1 << 63 as UInt64))),
    .init("negative string", "pickle-limit", start.raw([0x54] + le(-1 as Int32))),
    .init("negative LONG4", "pickle-limit", start.raw([0x8B] + le(Int32.min))),
    .init("integer of 17 bytes", "pickle-limit", start.raw([0x8A, 17])),
    .init("frame beyond the end", "pickle-frame", start.raw([0x95] + le(99 as UInt64)).ops("N")),
    .init("frame of 2^64 - 1", "pickle-frame", start.raw([0x95] + le(UInt64.max)).ops("N")),
    .init(
      "frame in a frame", "pickle-frame",
      start.raw([0x95] + le(11 as UInt64)).raw([0x95] + le(2 as UInt64)).ops("N")),
    .init("frame in an operand", "pickle-frame", start.raw([0x95] + le(1 as UInt64)).int(7)),
    .init("frame after STOP", "pickle-frame", start.raw([0x95] + le(3 as UInt64)).ops("N.N")),
    .init("append to nothing", "pickle-type", start.ops("NNa")),
    .init("append to a dictionary", "pickle-type", start.ops("}Na")),
    .init("item of a list", "pickle-type", start.ops("]NNs")),
    .init("item of a number", "pickle-type", start.int(1).ops("NNs")),
    .init("odd items", "pickle-type", start.ops("}(NNNu")),
    .init("list as a key", "pickle-type", start.ops("}]Ns")),
    .init("dictionary as a key", "pickle-type", start.ops("(}Nd")),
    .init("build a list", "pickle-type", start.ops("]}b")),
    .init("call a text", "pickle-type", start.text("os.system").ops(")R")),
    .init("call a tuple", "pickle-type", start.ops("))R")),
    .init("arguments in a list", "pickle-type", start.global("os system").ops("]R")),
    .init("symbol with a return", "pickle-symbol", start.ops("cos\r\nsystem\n")),
    .init("symbol with a NUL", "pickle-symbol", start.ops("cos\u{0}\nsystem\n")),
    .init("symbol without a module", "pickle-symbol", start.ops("c\nsystem\n")),
    .init("symbol in UTF-8", "pickle-symbol", start.ops("cos\nsyst\u{E8}me\n")),
    .init(
      "symbol too long", "pickle-limit",
      start.ops("c" + String(repeating: "a", count: 257) + "\nb\n")),
    .init("symbol of numbers", "pickle-symbol", start.ops("NN").raw([0x93])),
  ]

  @Test(arguments: malformed)
  func refuses(_ malformed: Malformed) {
    var tiny = TinyCheckpoint.plain
    tiny.pickle = malformed.pickle
    let error = expect(malformed.id) { try open(tiny) }
    if malformed.id != "pickle-trailing-bytes" {
      guard case .entry("tiny/data.pkl", _?) = error?.location.place else {
        Issue.record("the diagnostic names no place: \(error?.location.description ?? "")")
        return
      }
    }
  }

  @Test(arguments: UInt8.min...UInt8.max)
  func noOpcodeAloneTraps(_ opcode: UInt8) {
    var tiny = TinyCheckpoint.plain
    let heads: [[UInt8]] = [[0x80, 2], [], [0x80, 4, 0x28], [0x80, 2, 0x4E, 0x5D, 0x7D, 0x29]]
    let tails: [[UInt8]] = [[], [0x2E], [UInt8](repeating: 0xFF, count: 12), [0, 0, 0, 0, 0x2E]]
    for head in heads {
      for tail in tails {
        tiny.pickle = head + [opcode] + tail
        #expect(throws: Diagnostic.self) { try open(tiny) }
      }
    }
  }

  @Test(arguments: [
    ("INST", "i"), ("OBJ", "o"), ("PERSID", "P"), ("EXT1", "\u{82}"), ("INT", "I"), ("GET", "g"),
  ])
  func namesTheOpcodesThatItRefuses(name: String, opcode: String) {
    var tiny = TinyCheckpoint.plain
    tiny.pickle = [0x80, 2] + opcode.unicodeScalars.map { UInt8($0.value) }
    let error = expect("pickle-opcode") { try open(tiny) }
    #expect(error?.message == "the opcode \(name) has no place in a checkpoint")
  }

  @Test func everyTruncationIsAnError() {
    let whole = TinyCheckpoint.plain.pickle
    for count in 0..<whole.count {
      var tiny = TinyCheckpoint.plain
      tiny.pickle = Array(whole[..<count])
      #expect(throws: Diagnostic.self, "at \(count)") { try open(tiny) }
    }
  }

  @Test func noFlippedByteTraps() {
    let whole = TinyCheckpoint.plain.pickle
    for offset in whole.indices {
      for mask: UInt8 in [1, 2, 4, 8, 0x10, 0x40, 0x80, 0xFF] {
        var tiny = TinyCheckpoint.plain
        tiny.pickle[offset] ^= mask
        // Most are errors, and some are other checkpoints; what counts is that all come back.
        guard let checkpoint = try? open(tiny) else { continue }
        for tensor in checkpoint.stateDict.tensors { _ = try? tensor.floats() }
      }
    }
  }

  /// Pickles of about a megabyte whose objects, written out, would fill any memory or stack.
  static let bombs: [(String, PickleAssembler)] = [
    ("tuples in tuples", start.ops("N").raw([UInt8](repeating: 0x85, count: 1_000_000))),
    (
      "lists in lists",
      start.raw([UInt8](repeating: 0x5D, count: 500_000))
        .raw([UInt8](repeating: 0x61, count: 499_999))
    ),
    ("doubling tuples", (0..<64).reduce(start.ops("N")) { bomb, _ in bomb.raw([0x32, 0x86]) }),
    (
      "doubling through the memo",
      (0..<200).reduce(start.ops("]q").raw([0])) { bomb, index in
        let (old, new) = (UInt8(index), UInt8(index + 1))
        return bomb.raw([0x30, 0x28, 0x68, old, 0x68, old, 0x6C, 0x71, new])
      }
    ),
    ("list in itself", start.ops("]q").raw([0]).ops("h").raw([0]).ops("a")),
    ("many marks", start.raw([UInt8](repeating: 0x28, count: 1_000_000))),
    ("deep stack", start.raw([UInt8](repeating: 0x4E, count: 1_100_000))),
    (
      "tuples on a deep stack",
      start.raw([UInt8](repeating: 0x4E, count: 500_000))
        .raw([UInt8]((0..<500_000).flatMap { _ in [0x28, 0x74] as [UInt8] }))
    ),
    (
      "a symbol spelled again and again",
      start.text(String(repeating: "a", count: 256)).ops("q").raw([0]).raw(
        [UInt8]((0..<200_000).flatMap { _ in [0x68, 0, 0x68, 0, 0x93] as [UInt8] }))
    ),
  ]

  @Test(arguments: bombs.indices)
  func survivesBombs(index: Int) {
    let (name, pickle) = Self.bombs[index]
    let clock = ContinuousClock()
    let duration = clock.measure {
      #expect(throws: Diagnostic.self, "\(name)") { try open(pickle) }
    }
    #expect(duration < .seconds(30), "\(name)")
  }

  @Test func bombsBesideTheModelAreHarmless() throws {
    let tower = [UInt8](repeating: 0x85, count: 200_000)
    let pickle = PickleAssembler().ops("}(").text("args").ops("N").raw(tower).text("model")
      .stateDict().text("cycle").ops("]q").raw([0]).ops("h").raw([0]).ops("au")
    #expect(try open(pickle).stateDict.tensors.count == 1)
  }

  @Test func sharedObjectsAreLookedAtOnce() throws {
    // A long tuple and a large dictionary, each used ten thousand times.
    let numbers = [UInt8]((0..<100_000).flatMap { _ in [0x4B, 0] as [UInt8] })
    let uses = (0..<10_000).flatMap { (index: Int) -> [UInt8] in
      PickleAssembler([]).text("\(index)").bytes + [0x68, 2]
    }
    let pickle = PickleAssembler().ops("}(").text("k").ops("q").raw([1]).ops("}(").raw(numbers)
      .ops("uq").raw([2]).raw(uses).text("model").stateDict().text("args").ops("}(").raw(uses)
      .ops("uu")
    let clock = ContinuousClock()
    let start = clock.now
    #expect(try open(pickle).stateDict.tensors.count == 1)
    #expect(clock.now - start < .seconds(10))
  }

  @Test func sparseMemoIndicesAreFine() throws {
    let pickle = PickleAssembler().stateDict().raw([0x72, 0xFF, 0xFF, 0xFF, 0xFF])
      .raw([0x30, 0x6A, 0xFF, 0xFF, 0xFF, 0xFF])
    #expect(try open(pickle).stateDict.tensors.count == 1)
  }

  @Test func limitsHoldToTheUnit() throws {
    let pickle = PickleAssembler().ops("}(").text("model").stateDict().text("args").ops("((((ttttu")
    var limits = Limits.standard
    limits.marks = 5
    #expect(throws: Never.self) { try open(pickle, limits: limits) }
    limits.marks = 4
    expect("pickle-limit") { try open(pickle, limits: limits) }
    limits = .standard
    limits.textBytes = "_rebuild_tensor_v2".utf8.count
    #expect(throws: Never.self) { try open(pickle, limits: limits) }
    limits.textBytes = "storage".utf8.count - 1
    expect("pickle-limit") { try open(pickle, limits: limits) }
    limits = .standard
    limits.opcodes = 10
    expect("pickle-limit") { try open(pickle, limits: limits) }
    limits = .standard
    limits.nodes = 10
    expect("pickle-limit") { try open(pickle, limits: limits) }
    limits = .standard
    limits.pickleBytes = pickle.stopped.count
    #expect(throws: Never.self) { try open(pickle, limits: limits) }
    limits.pickleBytes -= 1
    expect("pickle-limit") { try open(pickle, limits: limits) }
  }
}
