import CheckpointTestSupport

/// Classes 34 to 46: names, storages and views that lie, and tensors that are merely unusual.
extension HostileFile {
  static let tensors: [HostileFile] = names + references + views + values + kinds + containers

  /// 34: what tensors are called.
  private static let names: [HostileFile] =
    [
      ("a lone surrogate", [0xED, 0xA0, 0x80]), ("a NUL", [0]), ("empty", []),
      ("1 MB", [UInt8](repeating: 65, count: 1_000_000)),
    ].map { (name: String, bytes: [UInt8]) in
      .pickle(34, name, .refused("tensor-name")) { named([bytes]) }
    } + [
      .pickle(34, "the same name twice", .refused("duplicate-tensor")) { named([[0x77], [0x77]]) },
      .pickle(34, "names of one normal form", .read, by: .inspect) {
        named([Array("\u{E9}".utf8), Array("e\u{301}".utf8)])
      },
      .pickle(34, "a name that would colour a terminal", .read, by: .inspect) {
        named([Array("\u{1B}[31m\u{202E}".utf8)])
      },
    ]

  /// 35 and 36: references to storages.
  private static let references: [HostileFile] =
    (0...7).filter { $0 != 5 }.map { count in
      .pickle(35, "\(count) parts", .refused("storage-reference")) {
        let parts = (0..<count).reduce(PickleAssembler([]).ops("(")) { parts, index in
          index == 0 ? parts.text("storage") : parts.int(1)
        }
        return weight(view(of: parts.ops("tQ")))
      }
    } + [
      .pickle(35, "'module'", .refused("storage-reference")) {
        let class_ = PickleAssembler([]).ops("(").text("module").global("torch FloatStorage")
        return weight(view(of: class_.text("0").text("cpu").int(6).ops("tQ")))
      },
      .pickle(35, "key that is a number", .refused("storage-reference")) {
        let number = PickleAssembler([]).ops("(").text("storage").global("torch FloatStorage")
        return weight(view(of: number.int(0).text("cpu").int(6).ops("tQ")))
      },
      .pickle(35, "key ../0", .refused("storage-missing")) {
        weight(PickleAssembler([]).tensor(key: "../0", count: 6, shape: [1], strides: [1]))
      },
      .pickle(35, "key that is missing", .refused("storage-missing")) {
        weight(PickleAssembler([]).tensor(key: "9", count: 6, shape: [1], strides: [1]))
      },
      .pickle(36, "two types of one storage", .refused("storage-reference")) {
        weight(
          PickleAssembler([]).tensor("HalfStorage", key: "0", count: 12, shape: [1], strides: [1]))
      },
    ]
    + [
      (1000, "more elements than the record"), (5, "fewer"), ((1 << 62) + 1, "2^62 + 1"),
    ].map { (count: Int, name: String) in
      .pickle(36, name, .refused("storage-size")) { one(count: count, shape: [1], strides: [1]) }
    } + [
      .pickle(36, "negative", .refused("storage-reference")) {
        one(count: -6, shape: [1], strides: [1])
      }
    ]

  /// 37 to 39: views of a storage of six floats.
  private static let views: [HostileFile] =
    [
      ("past the end", 0, [7], [1]), ("offset past the end", 6, [1], [1]),
      ("negative offset", -1, [1], [1]), ("negative size", 0, [-1], [1]),
      ("negative stride", 0, [2], [-1]), ("rank mismatch", 0, [2, 3], [1]),
      ("huge stride", 0, [2], [Int.max]), ("huge offset", Int.max, [2], [1]),
      ("product beyond 2^63", 0, [1 << 40, 1 << 40], [0, 0]),
    ].map { (name: String, offset: Int, shape: [Int], strides: [Int]) in
      .pickle(37, name, .refused("tensor-view")) {
        one(offset: offset, shape: shape, strides: strides)
      }
    } + [
      .pickle(37, "rank 33", .refused("checkpoint-limit")) {
        one(shape: [Int](repeating: 1, count: 33), strides: [Int](repeating: 1, count: 33))
      },
      .pickle(38, "2^40 times one element", .refused("checkpoint-limit")) {
        one(shape: [1 << 40], strides: [0])
      },
      .pickle(38, "no element, 2^65 of others", .refused("tensor-view")) {
        one(shape: [0, 1 << 62, 8], strides: [1, 1, 1])
      },
    ]
    + [
      ("expanded", [2, 3], [0, 0]), ("transposed", [2, 3], [1, 2]),
      ("overlapping", [2, 3], [1, 1]),
      ("in steps", [2, 3], [1, 2]),
    ].map { (name: String, shape: [Int], strides: [Int]) in
      .pickle(39, name, .read) { one(shape: shape, strides: strides) }
    }
    + [
      ("no dimension", [], []), ("no element", [0, 5], [5, 1]),
      ("channels last", [1, 2, 1, 3], [6, 1, 6, 2]),
    ].map { (name: String, shape: [Int], strides: [Int]) in
      .pickle(39, name, .read, by: .inspect) { one(shape: shape, strides: strides) }
    } + [
      .pickle(39, "one storage under two names", .read, by: .inspect) {
        PickleAssembler().stateDict().ops("(").text("tied")
          .tensor(key: "0", count: 6, shape: [6], strides: [1]).ops("u").stopped
      }
    ]

  /// 40 and 41: elements.
  private static let values: [HostileFile] =
    [
      ("truth values", .read, "BoolStorage", [0, 1, 1, 0, 1, 0]),
      ("a truth value of 2", .refused("not-boolean"), "BoolStorage", [0, 1, 2, 0, 1, 0]),
      ("half subnormals", .read, "HalfStorage", (0..<6).flatMap { le(UInt16(0x8000 + $0)) }),
      ("bfloat16 subnormals", .read, "BFloat16Storage", (0..<6).flatMap { le(UInt16($0)) }),
      ("-0", .read, "FloatStorage", (0..<6).flatMap { _ in le(0x8000_0000 as UInt32) }),
      ("integers beyond 2^53", .read, "LongStorage", (0..<6).flatMap { le(Int64.max - $0) }),
    ].map { (name: String, outcome: Outcome, type: String, bytes: [UInt8]) in
      elements(40, name, outcome, type, bytes)
    }
    + [
      ("NaN", "FloatStorage", TinyCheckpoint.bytes(of: [0, 1, .nan, 3, 4, 5])),
      ("infinity", "FloatStorage", TinyCheckpoint.bytes(of: [0, 1, -.infinity, 3, 4, 5])),
      ("half infinity", "HalfStorage", (0..<6).flatMap { _ in le(0x7C00 as UInt16) }),
      ("too large for single", "DoubleStorage", (0..<6).flatMap { _ in le(1e300.bitPattern) }),
    ].map { (name: String, type: String, bytes: [UInt8]) in
      elements(41, name, .refused("not-finite"), type, bytes)
    }

  /// 42 and 43: tensors of other kinds, and objects of NumPy.
  private static let kinds: [HostileFile] =
    [
      "_rebuild_sparse_tensor", "_rebuild_sparse_csr_tensor", "_rebuild_qtensor",
      "_rebuild_nested_tensor", "_rebuild_meta_tensor_no_storage", "_rebuild_wrapper_subclass",
    ].map { name in
      .pickle(42, name, .refused("unsupported-tensor")) {
        weight(PickleAssembler([]).global("torch._utils \(name)").ops(")R"))
      }
    } + [
      .pickle(42, "complex", .refused("element-type")) {
        weight(
          PickleAssembler([]).tensor(
            "ComplexFloatStorage", key: "0", count: 3, shape: [3], strides: [1]))
      },
      .pickle(42, "a distributed tensor", .refused("unknown-rebuild")) {
        weight(PickleAssembler([]).global("torch.distributed.tensor DTensor").ops(")R"))
      },
      .pickle(43, "a scalar of NumPy beside the model", .read) {
        PickleAssembler().ops("}(").text("model").stateDict().text("best")
          .global("numpy.core.multiarray scalar").ops("(").global("numpy dtype").ops("(").text("f8")
          .raw([0x89, 0x88]).ops("tR").text("12345678").ops("tRu").stopped
      },
      .pickle(43, "an array of NumPy as the weight", .refused("unknown-rebuild")) {
        weight(PickleAssembler([]).global("numpy.core.multiarray _reconstruct").ops(")R"))
      },
    ]

  /// 44 to 46: what holds the tensors.
  private static let containers: [HostileFile] = [
    .pickle(44, "two state dicts", .refused("ambiguous-state-dict")) {
      PickleAssembler().ops("}(").text("model").stateDict().text("state_dict").stateDict()
        .ops("u").stopped
    },
    .pickle(44, "no tensor", .refused("no-state-dict")) { PickleAssembler().ops("}").stopped },
    .pickle(44, "a tensor too many", .refused("misfit")) {
      PickleAssembler().stateDict().ops("(").text("x")
        .tensor(key: "0", count: 6, shape: [6], strides: [1]).ops("u").stopped
    },
    .pickle(44, "another shape", .refused("weight-shape")) {
      one(shape: [3, 2], strides: [2, 1])
    },
    .pickle(45, "a model saved whole", .read) {
      PickleAssembler().global("models Net").ops(")").raw([0x81]).ops("}(").text("_parameters")
        .stateDict().ops("ub").stopped
    },
    .pickle(45, "an object that may hold tensors", .refused("unknown-rebuild")) {
      weight(PickleAssembler([]).global("models Weights").ops(")").raw([0x81]).ops("}b"))
    },
    .pickle(46, "a TorchScript program", .read) {
      PickleAssembler().global("__torch__ Net").ops(")").raw([0x81]).stateDict().ops("b").stopped
    },
    HostileFile(46, "a TorchScript program with hostile code", .read) {
      var tiny = TinyCheckpoint.plain
      tiny.pickle =
        PickleAssembler().global("__torch__ Net").ops(")").raw([0x81]).stateDict()
        .ops("b").stopped
      var zip = tiny.zip
      zip.members.append(.init("tiny/code/__torch__.py", Array("import os; os.abort()".utf8)))
      zip.members.append(.init("tiny/constants.pkl", [0xFF]))
      return zip.bytes
    },
  ]

  /// A state dict of tensors of these names.
  private static func named(_ names: [[UInt8]]) -> [UInt8] {
    names.reduce(PickleAssembler().ops("}(")) {
      $0.text(utf8: $1).tensor(key: "0", count: 6, shape: [2, 3], strides: [3, 1])
    }.ops("u").stopped
  }

  /// A state dict of one view of the storage.
  private static func one(
    count: Int = 6, offset: Int = 0, shape: [Int], strides: [Int]
  ) -> [UInt8] {
    PickleAssembler().ops("}(").text("w")
      .tensor(key: "0", count: count, offset: offset, shape: shape, strides: strides).ops("u")
      .stopped
  }

  /// A tensor of an object in the place of its storage.
  private static func view(of storage: PickleAssembler) -> PickleAssembler {
    PickleAssembler([]).global("torch._utils _rebuild_tensor_v2").ops("(").raw(storage.bytes)
      .int(0).ints([1]).ints([1]).raw([0x89]).ops("}tR")
  }

  /// A checkpoint of six elements.
  private static func elements(
    _ number: Int, _ name: String, _ outcome: Outcome, _ type: String, _ bytes: [UInt8]
  ) -> HostileFile {
    HostileFile(number, name, outcome) {
      TinyCheckpoint.view(type, bytes: bytes, count: 6, shape: [2, 3], strides: [3, 1]).zip.bytes
    }
  }
}
