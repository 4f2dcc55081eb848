import Checkpoint
import Diagnostics
import CheckpointTestSupport
import Testing

/// Files that are no checkpoints, and checkpoints that do not hold what they say.
@Suite struct RefusalTests {
  /// The start of a file, and what it must be called.
  static let foreign: [([UInt8], String)] = [
    ([], "an empty file"),
    ([0x50], "a file of another kind"),
    (
      Array("version https://git-lfs.github.com/spec/v1\noid sha256:".utf8),
      "a pointer of git-lfs instead of the file"
    ),
    (Array("\n<!DOCTYPE html><html>".utf8), "a web page"),
    (Array("<HTML>".utf8), "a web page"),
    ([0x1F, 0x8B, 8, 0], "a gzip file"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"),
    (Array("Rar!\u{1A}".utf8), "a rar archive"),
    (Array("PYTORCH1".utf8), "an archive of a preview of PyTorch 1.0"),
    (Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 18), "an empty zip archive"),
    (
      [UInt8](repeating: 0, count: 257) + Array("ustar".utf8),
      "a tar archive, as PyTorch wrote before 0.1.10"
    ),
    ([0x93] + Array("NUMPY".utf8), "a NumPy array"),
  ]

  @Test(arguments: foreign)
  func namesOtherKindsOfFiles(bytes: [UInt8], name: String) {
    let error = expect("not-a-checkpoint") { try open(bytes) }
    #expect(error?.message == "a checkpoint of PyTorch is needed, and this is \(name)")
    #expect(error?.notes.count == 1)
  }

  @Test func namesMissingFilesAndDirectories() {
    let missing = expect("no-such-file") { try Checkpoint(path: Fixture.path("none.pth")) }
    #expect(missing?.status == .noInput)
    expect("not-a-regular-file") { try Checkpoint(path: Fixture.path("")) }
  }

  @Test func everyTruncationOfAnArchiveIsAnError() {
    let bytes = TinyCheckpoint.plain.zip.bytes
    for count in 0..<bytes.count {
      #expect(throws: Diagnostic.self, "at \(count)") { try open(Array(bytes[..<count])) }
    }
  }

  /// A change to a good checkpoint, and the diagnostic that it must lead to.
  struct Change: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let id: String
    let change: @Sendable (inout TinyCheckpoint) -> Void

    init(
      _ name: String, _ id: String, _ change: @escaping @Sendable (inout TinyCheckpoint) -> Void
    ) {
      testDescription = name
      self.id = id
      self.change = change
    }
  }

  static let changes: [Change] = [
    .init("unknown byte order", "byte-order") { $0.byteOrder = "LITTLE" },
    .init("long byte order", "checkpoint-entry") {
      $0.byteOrder = String(repeating: "x", count: 1 << 20)
    },
    .init("no version", "checkpoint-version") { $0.version = nil },
    .init("version abc", "checkpoint-version") { $0.version = "abc" },
    .init("version 0", "checkpoint-version") { $0.version = "0\n" },
    .init("version 999", "checkpoint-version") { $0.version = "999\n" },
    .init("no storage", "storage-missing") { $0.storages = [] },
    .init("storage too short", "storage-size") { $0.storages[0].bytes.removeLast() },
    .init("storage too long", "storage-size") { $0.storages[0].bytes.append(0) },
  ]

  @Test(arguments: changes)
  func refuses(_ change: Change) {
    var tiny = TinyCheckpoint.plain
    change.change(&tiny)
    expect(change.id) { try open(tiny) }
  }

  /// Views that lie about their storage of 6 floats.
  static let views: [(count: Int, offset: Int, shape: [Int], strides: [Int], id: String)] = [
    (1000, 0, [1000], [1], "storage-size"),
    (5, 0, [5], [1], "storage-size"),
    (-6, 0, [1], [1], "storage-reference"),
    ((1 << 62) + 1, 0, [1], [1], "storage-size"),
    (6, 0, [7], [1], "tensor-view"),
    (6, 1, [6], [1], "tensor-view"),
    (6, 6, [1], [1], "tensor-view"),
    (6, -1, [1], [1], "tensor-view"),
    (6, 0, [-1], [1], "tensor-view"),
    (6, 0, [2], [-1], "tensor-view"),
    (6, 0, [2, 3], [1], "tensor-view"),
    (6, 0, [2], [6], "tensor-view"),
    (6, 0, [1 << 40, 1 << 40], [0, 0], "tensor-view"),
    (6, 0, [2], [Int.max], "tensor-view"),
    (6, Int.max, [2], [1], "tensor-view"),
    (6, 0, [0, 1 << 62, 8], [1, 1, 1], "tensor-view"),
    (6, 0, [1 << 40], [0], "checkpoint-limit"),
    (6, 0, Array(repeating: 1, count: 33), Array(repeating: 1, count: 33), "checkpoint-limit"),
  ]

  @Test(arguments: views.indices)
  func refusesViewsThatLie(index: Int) {
    let view = Self.views[index]
    let tiny = TinyCheckpoint.view(
      bytes: TinyCheckpoint.plain.storages[0].bytes, count: view.count, offset: view.offset,
      shape: view.shape, strides: view.strides)
    let error = expect(view.id) { try open(tiny) }
    #expect(error?.location.place == .tensor("w"))
  }

  /// Objects under a name of the state dict, in place of a tensor.
  static let impostors: [(PickleAssembler, String)] = [
    (PickleAssembler([]).global("os system").ops("(").text("true").ops("tR"), "unknown-rebuild"),
    (PickleAssembler([]).storage("FloatStorage", key: "0", count: 6), "unknown-rebuild"),
    (PickleAssembler([]).storage("ComplexFloatStorage", key: "0", count: 3), "unknown-rebuild"),
    (
      PickleAssembler([]).tensor(
        "ComplexFloatStorage", key: "0", count: 3, shape: [3], strides: [1]),
      "element-type"
    ),
    (
      PickleAssembler([]).tensor("HalfStorage", key: "0", count: 12, shape: [1], strides: [1]),
      "storage-reference"
    ),
    (
      PickleAssembler([]).tensor(key: "../0", count: 6, shape: [1], strides: [1]), "storage-missing"
    ),
    (
      PickleAssembler([]).global("torch._utils _rebuild_sparse_tensor").ops(")R"),
      "unsupported-tensor"
    ),
    (PickleAssembler([]).global("torch._utils _rebuild_qtensor").ops(")R"), "unsupported-tensor"),
    (
      PickleAssembler([]).global("torch._utils _rebuild_meta_tensor_no_storage").ops(")R"),
      "unsupported-tensor"
    ),
    (PickleAssembler([]).global("torch._utils _rebuild_tensor_v2").ops(")R"), "rebuild-arguments"),
    (PickleAssembler([]).global("torch._utils _rebuild_parameter").ops("(NtR"), "unknown-rebuild"),
    (
      (0..<9).reduce(PickleAssembler([]).ops("N")) { inner, _ in
        PickleAssembler([]).global("torch._utils _rebuild_parameter").ops("(").raw(inner.bytes)
          .ops("tR")
      }, "checkpoint-limit"
    ),
  ]

  @Test(arguments: impostors.indices)
  func refusesWhatIsNoTensor(index: Int) {
    let (object, id) = Self.impostors[index]
    let pickle = PickleAssembler().ops("}(").text("a")
      .tensor(key: "0", count: 6, shape: [6], strides: [1]).text("w").raw(object.bytes).ops("u")
    let error = expect(id) { try open(pickle) }
    #expect(error?.location.place == .tensor("w"))
  }

  @Test func refusesNamesThatAreNone() {
    let names: [[UInt8]] = [[], [0], [0xED, 0xA0, 0x80], [UInt8](repeating: 65, count: 1025)]
    for name in names {
      let pickle = PickleAssembler().ops("}(").text(utf8: name)
        .tensor(key: "0", count: 6, shape: [6], strides: [1]).ops("u")
      expect("tensor-name") { try open(pickle) }
    }
  }

  @Test func refusesTwoTensorsOfOneName() {
    let pickle = PickleAssembler().stateDict().ops("(").text("w")
      .tensor(key: "0", count: 6, shape: [6], strides: [1]).ops("u")
    let error = expect("duplicate-tensor") { try open(pickle) }
    #expect(error?.location.place == .tensor("w"))
  }

  @Test func asksWhereTwoStateDictsFit() {
    let both = PickleAssembler().ops("}(").text("model").stateDict().text("state_dict").stateDict()
      .ops("u")
    let error = expect("ambiguous-state-dict") { try open(both) }
    #expect(
      error?.notes.prefix(2) == [
        "'model' maps names to tensors", "'state_dict' maps names to tensors",
      ])
    let others = PickleAssembler().ops("}(").text("net").stateDict().text("teacher").stateDict()
      .ops("u")
    expect("ambiguous-state-dict") { try open(others) }
  }

  @Test func takesTheOnlyOneWhateverItsName() throws {
    let pickle = PickleAssembler().ops("}(").text("net").stateDict().text("net_ema").stateDict()
      .ops("u")
    #expect(try open(pickle).container == "state dict under 'net'")
  }

  @Test func refusesWhereThereIsNoStateDict() {
    expect("no-state-dict") { try open(PickleAssembler().ops("}")) }
    expect("no-state-dict") { try open(PickleAssembler().ops("]")) }
    expect("no-state-dict") { try open(PickleAssembler().ops("}(").text("epoch").int(3).ops("u")) }
    let average = PickleAssembler().ops("}(").text("state_dict_ema").stateDict().ops("u")
    expect("no-state-dict") { try open(average) }
    let object = PickleAssembler().global("models Net").raw([0x29, 0x81]).ops("}b")
    let error = expect("no-state-dict") { try open(object) }
    #expect(
      error?.message == "a checkpoint must be a dictionary, and this one is an object of models.Net"
    )
  }

  @Test func stripsAPrefixOnlyWhereAllNamesHaveIt() throws {
    let pickle = { (names: [String]) in
      names.reduce(PickleAssembler().ops("}(")) {
        $0.text($1).tensor(key: "0", count: 6, shape: [6], strides: [1])
      }.ops("u")
    }
    let names = { (checkpoint: Checkpoint) in checkpoint.stateDict.tensors.map(\.name.text) }
    #expect(try names(open(pickle(["module.a", "module.b"]))) == ["a", "b"])
    #expect(try names(open(pickle(["module.a", "b"]))) == ["module.a", "b"])
    #expect(try names(open(pickle(["module._orig_mod.a"]))) == ["a"])
    #expect(try names(open(pickle(["_orig_mod.module.a"]))) == ["a"])
    #expect(try names(open(pickle(["module."]))) == ["module."])
    #expect(try names(open(pickle(["a.module.0"]))) == ["a.module.0"])
  }

  @Test func leavesOutWhatIsNoTensorAndSaysSo() throws {
    let pickle = PickleAssembler().stateDict().ops("(").text("epoch").int(3).int(5).ops("]u")
      .ops("}(").text("_metadata").ops("}ub")
    let checkpoint = try open(pickle)
    #expect(checkpoint.stateDict.tensors.count == 1)
    #expect(checkpoint.notes == ["left out what is no tensor: 'epoch', an integer"])
  }

  @Test func refusesArchivesOfOtherThings() throws {
    expect("not-a-checkpoint") { try open(ZipBuilder([("input.npy", [1])]).bytes) }
    expect("not-a-checkpoint") { try open(ZipBuilder([("a/b", [1])]).bytes) }
    var zip = TinyCheckpoint.plain.zip
    zip.members.append(.init("other/x", []))
    expect("not-a-checkpoint") { try open(zip.bytes) }
    zip = TinyCheckpoint.plain.zip
    zip.members[2].crc = 0
    let checkpoint = try open(zip.bytes)
    expect("zip-no-data") { try checkpoint.stateDict["w"]?.floats() }
  }
}
