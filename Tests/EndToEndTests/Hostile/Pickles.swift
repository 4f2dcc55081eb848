import CheckpointTestSupport

/// Classes 20 to 33: pickles that lie, and those that want too much.
extension HostileFile {
  static let pickles: [HostileFile] =
    frames + operands + bombs + types + changes + symbols + opcodes + operandEnds

  private static let start = PickleAssembler()

  /// 20, 21 and 25: how a pickle begins and ends.
  private static let frames: [HostileFile] = [
    .pickle(20, "empty", .refused("pickle-truncated")) { [] },
    .pickle(20, "protocol 0", .refused("pickle-protocol")) { [0x80, 0, 0x2E] },
    .pickle(20, "protocol 6", .refused("pickle-protocol")) { [0x80, 6, 0x2E] },
    .pickle(20, "protocol 255", .refused("pickle-protocol")) { [0x80, 255, 0x2E] },
    .pickle(20, "no protocol", .read) { Array(TinyCheckpoint.plain.pickle.dropFirst(2)) },
    .pickle(20, "protocol 5", .read) { [0x80, 5] + TinyCheckpoint.plain.pickle.dropFirst(2) },
    .pickle(21, "no STOP", .refused("pickle-truncated")) { start.ops("N").bytes },
    .pickle(21, "bytes behind STOP", .refused("pickle-trailing-bytes")) {
      TinyCheckpoint.plain.pickle + [0]
    },
    .pickle(21, "a second pickle", .refused("pickle-trailing-bytes")) {
      TinyCheckpoint.plain.pickle + TinyCheckpoint.plain.pickle
    },
    .pickle(25, "frame beyond the end", .refused("pickle-frame")) {
      start.raw([0x95] + le(99 as UInt64)).ops("N").stopped
    },
    .pickle(25, "frame shorter than an operand", .refused("pickle-frame")) {
      start.raw([0x95] + le(1 as UInt64)).int(7).stopped
    },
    .pickle(25, "frame in a frame", .refused("pickle-frame")) {
      start.raw([0x95] + le(11 as UInt64)).raw([0x95] + le(2 as UInt64)).ops("N").stopped
    },
  ]

  /// 24 and 26: operands that name more than there is.
  private static let operands: [HostileFile] = [
    .pickle(24, "text of 4 GiB", .refused("pickle-limit")) {
      start.raw([0x58, 0xFF, 0xFF, 0xFF, 0xFF]).stopped
    },
    .pickle(24, "text of 2^63 bytes", .refused("pickle-limit")) {
      start.raw([0x8D] + le(1 << 63 as UInt64)).stopped
    },
    .pickle(24, "bytes of 2^64 - 1", .refused("pickle-limit")) {
      start.raw([0x8E] + le(UInt64.max)).stopped
    },
    .pickle(24, "byte array of 2^63", .refused("pickle-limit")) {
      start.raw([0x96] + le(1 << 63 as UInt64)).stopped
    },
    .pickle(24, "frame of 2^63", .refused("pickle-frame")) {
      start.raw([0x95] + le(1 << 63 as UInt64)).stopped
    },
    .pickle(24, "negative LONG4", .refused("pickle-limit")) {
      start.raw([0x8B] + le(Int32.min)).stopped
    },
    .pickle(24, "integer of 255 bytes", .refused("pickle-limit")) {
      start.raw([0x8A, 255]).stopped
    },
    .pickle(26, "missing memo", .refused("pickle-memo")) { start.ops("h").raw([7]).stopped },
    .pickle(26, "memo 2^32 - 1", .read) {
      start.stateDict().raw([0x72, 0xFF, 0xFF, 0xFF, 0xFF]).stopped
    },
  ]

  /// 27 and 28: a megabyte that would unfold into more than any memory, and circles.
  private static let bombs: [HostileFile] = [
    .pickle(27, "10^6 tuples in tuples", .refused("no-state-dict")) {
      start.ops("N").raw([UInt8](repeating: 0x85, count: 1_000_000)).stopped
    },
    .pickle(27, "5 x 10^5 lists in lists", .refused("no-state-dict")) {
      start.raw([UInt8](repeating: 0x5D, count: 500_000))
        .raw([UInt8](repeating: 0x61, count: 499_999)).stopped
    },
    .pickle(27, "doubled 2^64 times by DUP", .refused("no-state-dict")) {
      (0..<64).reduce(start.ops("N")) { bomb, _ in bomb.raw([0x32, 0x86]) }.stopped
    },
    .pickle(27, "doubled 2^200 times by the memo", .refused("no-state-dict")) {
      (0..<200).reduce(start.ops("]q").raw([0])) { bomb, index in
        let (old, new) = (UInt8(index), UInt8(index + 1))
        return bomb.raw([0x30, 0x28, 0x68, old, 0x68, old, 0x6C, 0x71, new])
      }.stopped
    },
    .pickle(27, "10^6 marks", .refused("pickle-limit")) {
      start.raw([UInt8](repeating: 0x28, count: 1_000_000)).stopped
    },
    .pickle(27, "a stack of 1.1 x 10^6", .refused("pickle-limit")) {
      start.raw([UInt8](repeating: 0x4E, count: 1_100_000)).stopped
    },
    .pickle(27, "3.7 x 10^6 texts", .refused("no-state-dict")) {
      start.ops("](").raw(repeated([0x55, 1, 0x61, 0x30], 3_700_000)).ops("Ne").stopped
    },
    .pickle(27, "3.3 x 10^6 objects with an item", .refused("no-state-dict")) {
      start.global("os system").ops("q").raw([0]).ops("0]")
        .raw(repeated([0x68, 0, 0x29, 0x52, 0x4E, 0x61, 0x30], 3_300_000)).stopped
    },
    .pickle(27, "4 x 10^6 numbers in the memo", .refused("no-state-dict")) {
      // The number is the operand of LONG_BINPUT, and counts up.
      var puts = repeated([0x72, 0, 0, 0, 0], 4_000_000)
      for number in 0..<4_000_000 {
        for byte in 0..<4 { puts[5 * number + 1 + byte] = UInt8(number >> (8 * byte) & 0xFF) }
      }
      return start.ops("N").raw(puts).stopped
    },
    .pickle(27, "a tower beside the model", .read) {
      start.ops("}(").text("args").ops("N").raw([UInt8](repeating: 0x85, count: 1_000_000))
        .text("model").stateDict().ops("u").stopped
    },
    .pickle(28, "a list in itself", .refused("no-state-dict")) {
      start.ops("]q").raw([0]).ops("h").raw([0]).ops("a").stopped
    },
    .pickle(28, "a shape that holds itself", .refused("rebuild-arguments")) {
      start.ops("}(").text("w").global("torch._utils _rebuild_tensor_v2").ops("(")
        .storage("FloatStorage", key: "0", count: 6).int(0).ops("]q").raw([0]).ops("h").raw([0])
        .ops("a").ints([1]).raw([0x89]).ops("}tRu").stopped
    },
    .pickle(28, "a module in itself", .refused("checkpoint-limit")) {
      start.global("models Net").ops(")").raw([0x81, 0x71, 0]).ops("}(").text("_parameters")
        .ops("}").text("_modules").ops("}(").text("me").ops("h").raw([0]).ops("uub").stopped
    },
    .pickle(28, "a circle beside the model", .read) {
      start.ops("}(").text("model").stateDict().text("args").ops("]q").raw([0]).ops("h").raw([0])
        .ops("au").stopped
    },
  ]

  /// A tensor of the small checkpoint.
  private static let tensor = PickleAssembler([]).tensor(
    key: "0", count: 6, shape: [2, 3], strides: [3, 1])

  /// 29 and 32: what changes after something has been made of it, which Python sees and a reader that
  /// looks at the end alone does not.
  private static let changes: [HostileFile] = [
    .pickle(32, "a tensor that becomes another", .refused("unsupported-tensor")) {
      weight(
        tensor.ops("(").storage("FloatStorage", key: "0", count: 6).int(1).ints([2, 2])
          .ints([2, 1]).ops("tb"))
    },
    .pickle(32, "a tensor of which an element changes", .refused("unsupported-tensor")) {
      weight(tensor.int(0).int(99).ops("s"))
    },
    .pickle(32, "a parameter that is given other data", .refused("unsupported-tensor")) {
      weight(
        PickleAssembler([]).global("torch._utils _rebuild_parameter_with_state").ops("(")
          .raw(tensor.bytes).raw([0x89]).global("collections OrderedDict").ops(")R}(").text("data")
          .raw(tensor.bytes).ops("utR"))
    },
    .pickle(29, "a list that changes once a tensor is made of it", .refused("pickle-type")) {
      weight(
        PickleAssembler([]).global("torch._utils _rebuild_tensor_v2").ops("(")
          .storage("FloatStorage", key: "0", count: 6).int(0).ops("](").int(2).ops("eq").raw([7])
          .ints([1]).raw([0x89]).global("collections OrderedDict").ops(")RtRh").raw([7]).int(1)
          .ops("a0"))
    },
    .pickle(29, "an object that is built twice", .refused("pickle-type")) {
      start.ops("}(").text("w").raw(tensor.bytes).text("more").global("builtins object")
        .ops(")R}(").text("a").ops("Nub}(").text("b").ops("Nubu").stopped
    },
    .pickle(34, "a name twice, of a tensor and of None", .refused("duplicate-key")) {
      start.ops("}(").text("w").raw(tensor.bytes).text("w").ops("Nu").stopped
    },
    .pickle(44, "a model twice", .refused("duplicate-key")) {
      start.ops("}(").text("model").stateDict().text("model").int(5).ops("u").stopped
    },
  ]

  /// 29 and 32: operations on objects of the wrong type, and objects in the place of a tensor.
  private static let types: [HostileFile] = [
    .pickle(29, "append to nothing", .refused("pickle-type")) { start.ops("NNa").stopped },
    .pickle(29, "item of a list", .refused("pickle-type")) { start.ops("]NNs").stopped },
    .pickle(29, "item of a number", .refused("pickle-type")) { start.int(1).ops("NNs").stopped },
    .pickle(29, "odd items", .refused("pickle-type")) { start.ops("}(NNNu").stopped },
    .pickle(29, "list as a key", .refused("pickle-type")) { start.ops("}]Ns").stopped },
    .pickle(31, "os.system beside the model", .read) {
      start.ops("}(").text("model").stateDict().text("optimizer").global("os system").ops("(")
        .text("touch hostile").ops("tRu").stopped
    },
    .pickle(32, "os.system makes the weight", .refused("unknown-rebuild")) {
      weight(PickleAssembler([]).global("os system").ops("(").text("touch hostile").ops("tR"))
    },
    .pickle(32, "unknown function of PyTorch", .refused("unknown-rebuild")) {
      weight(PickleAssembler([]).global("torch._utils _rebuild_other").ops(")R"))
    },
    .pickle(32, "a text is called", .refused("pickle-type")) {
      weight(PickleAssembler([]).text("os.system").ops(")R"))
    },
    .pickle(32, "a tuple is called", .refused("pickle-type")) {
      weight(PickleAssembler([]).ops("))R"))
    },
    .pickle(32, "the result of a call is called", .refused("unknown-rebuild")) {
      weight(PickleAssembler([]).global("builtins getattr").ops("(NNtR)R"))
    },
  ]

  /// 30 and 33: opcodes and names that have no place in a checkpoint.
  private static let symbols: [HostileFile] =
    [
      ("INST", 0x69), ("OBJ", 0x6F), ("EXT1", 0x82), ("EXT2", 0x83), ("EXT4", 0x84),
      ("PERSID", 0x50), ("NEXT_BUFFER", 0x97), ("READONLY_BUFFER", 0x98),
    ].map { (name: String, opcode: UInt8) in
      .pickle(30, name, .refused("pickle-opcode")) {
        start.ops("N").raw([opcode, 0x30, 0x0A, 0x30, 0x0A]).stopped
      }
    } + [
      .pickle(33, "return", .refused("pickle-symbol")) { start.ops("cos\r\nsystem\n").stopped },
      .pickle(33, "NUL", .refused("pickle-symbol")) { start.ops("cos\u{0}\nsystem\n").stopped },
      .pickle(33, "1 MB", .refused("pickle-limit")) {
        start.ops("c" + String(repeating: "a", count: 1_000_000) + "\nb\n").stopped
      },
      .pickle(33, "UTF-8", .refused("pickle-symbol")) { start.ops("cos\nsyst\u{E8}me\n").stopped },
      .pickle(33, "no UTF-8", .refused("pickle-symbol")) {
        start.raw([0x63, 0xFF, 0x0A, 0xFE, 0x0A]).stopped
      },
      .pickle(33, "STACK_GLOBAL of numbers", .refused("pickle-symbol")) {
        start.ops("NN").raw([0x93]).stopped
      },
      .pickle(33, "a name with dots makes the weight", .refused("unknown-rebuild")) {
        weight(PickleAssembler([]).global("torch._utils a._rebuild_tensor_v2").ops(")R"))
      },
    ]

  /// 22: every opcode alone.
  private static let opcodes: [HostileFile] = (UInt8.min...UInt8.max).map { opcode in
    .pickle(22, "opcode \(opcode) alone", .anyRefusal) { [0x80, 2, opcode, 0x2E] }
  }

  /// 23: every place in a pickle at which it can end.
  private static let operandEnds = (0..<TinyCheckpoint.plain.pickle.count).map { count in
    HostileFile.pickle(23, "cut after \(count) bytes", .refused("pickle-truncated")) {
      Array(TinyCheckpoint.plain.pickle.prefix(count))
    }
  }

  /// Bytes, again and again.
  private static func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: bytes.count * count) { buffer, initialized in
      for index in buffer.indices { buffer[index] = bytes[index % bytes.count] }
      initialized = buffer.count
    }
  }

  /// A state dict in which an object is in the place of `w`, beside a tensor.
  static func weight(_ object: PickleAssembler) -> [UInt8] {
    start.ops("}(").text("a").tensor(key: "0", count: 6, shape: [6], strides: [1]).text("w")
      .raw(object.bytes).ops("u").stopped
  }
}

extension PickleAssembler {
  /// The dictionary `{"w": tensor}` with the tensor of `TinyCheckpoint.plain`.
  func stateDict() -> PickleAssembler {
    ops("}(").text("w").tensor(key: "0", count: 6, shape: [2, 3], strides: [3, 1]).ops("u")
  }
}
