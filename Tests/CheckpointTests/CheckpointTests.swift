import Archive
import Checkpoint
import Diagnostics
import CheckpointTestSupport
import Testing

/// What checkpoints that are fine give.
@Suite struct CheckpointTests {
  @Test func readsAPlainStateDictInHalfPrecision() throws {
    let checkpoint = try Checkpoint(path: Fixture.path("spikingformer-cifar10-half-tiny.pth"))
    #expect(checkpoint.format == "zip archive, pickle protocol 2")
    #expect(checkpoint.container == "plain state dict")
    #expect(checkpoint.stateDict.tensors.count == 75)
    #expect(checkpoint.warnings.isEmpty && checkpoint.notes.isEmpty)
    let weight = try #require(checkpoint.stateDict["patch_embed.block0_conv.weight"])
    #expect(weight.elementType == .float16)
    #expect(weight.shape == [4, 3, 3, 3])
    #expect(try weight.floats().count == 108)
    #expect(checkpoint.stateDict["patch_embed"] == nil)
  }

  @Test func takesTheLeadingModuleOffEveryName() throws {
    let checkpoint = try Checkpoint(path: Fixture.path("spikingformer-dvs128-tiny.pth"))
    #expect(checkpoint.container == "DVS training script (model)")
    #expect(
      checkpoint.notes == [
        "took the leading 'module.' of DistributedDataParallel off every name"
      ])
    #expect(checkpoint.metadata.map(\.name) == ["epoch", "max_test_acc1"])
    #expect(checkpoint.metadata.map(\.value) == [.integer(10), .real(81.3)])
    #expect(checkpoint.stateDict.tensors.first?.name.text == "patch_embed.proj_conv.weight")
    let batches = try #require(checkpoint.stateDict["patch_embed.proj_bn.num_batches_tracked"])
    #expect(batches.elementType == .int64 && batches.shape.isEmpty)
    #expect(try batches.floats().count == 1)
  }

  @Test func readsEveryTensorOfTheFixturesAsPythonDoes() throws {
    // Checksums over the little-endian floats of all tensors, in order, computed with NumPy.
    let expected: [(String, UInt32)] = [
      ("spikingformer-cifar10-half-tiny.pth", 0x1227_07BF),
      ("spikingformer-dvs128-tiny.pth", 0x01B8_BCD9),
    ]
    for (name, crc) in expected {
      let checkpoint = try Checkpoint(path: Fixture.path(name))
      var bytes: [UInt8] = []
      for tensor in checkpoint.stateDict.tensors {
        bytes += TinyCheckpoint.bytes(of: try tensor.floats())
      }
      #expect(CRC32.of(bytes.span) == crc)
    }
  }

  @Test func readsTimmContainersWithTheirHints() throws {
    let pickle = PickleAssembler().ops("}(").text("epoch").int(7).text("arch").text("net")
      .text("state_dict").stateDict().text("state_dict_ema").stateDict()
      .text("optimizer").ops("}(").text("state").ops("}u")
      .text("args").global("argparse Namespace").raw([0x29, 0x81]).ops("}(")
      .text("num_heads").int(8).text("lr").float(0.5).text("mean").ops("](").float(0.25).int(1)
      .ops("e").text("resume").ops("N").text("amp").raw([0x88]).text("odd").ops("}ub").ops("u")
    let checkpoint = try open(pickle)
    #expect(checkpoint.container == "timm (state_dict)")
    #expect(checkpoint.notes == ["'state_dict_ema' also maps names to tensors; it was not taken"])
    #expect(
      checkpoint.hints == [
        "num_heads": .integer(8), "lr": .real(0.5), "mean": .list([.real(0.25), .integer(1)]),
        "resume": Hint.none, "amp": .boolean(true),
      ])
    #expect(checkpoint.metadata.map(\.name) == ["epoch", "arch"])
    #expect(try checkpoint.stateDict["w"]?.floats() == [0, 1, 2, 3, 4, 5])
  }

  @Test func executesNothingAndForgivesWhatTheModelDoesNotNeed() throws {
    let pickle = PickleAssembler().ops("}(").text("model").stateDict().text("args")
      .global("os system").ops("(").text("true").ops("tR").text("lr_scheduler")
      .global("builtins getattr").ops("(NNtR)R").text("broken").ops("(").text("storage").ops("tQ")
      .ops("u")
    #expect(try open(pickle).stateDict.tensors.count == 1)
  }

  @Test func readsProtocol4() throws {
    let short = { (text: String) in [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) + [0x94] }
    var body = PickleAssembler([]).ops("}").raw([0x94]).ops("(").raw(short("w"))
      .raw(short("torch._utils")).raw(short("_rebuild_tensor_v2")).raw([0x93, 0x94]).ops("((")
      .raw(short("storage")).raw(short("torch")).raw(short("FloatStorage")).raw([0x93, 0x94])
      .raw(short("0")).raw(short("cpu")).int(6).ops("t").raw([0x94]).ops("Q").int(0)
      .int(2).int(3).raw([0x86, 0x94]).int(3).int(1).raw([0x86, 0x94, 0x89])
      .raw(short("collections")).raw(short("OrderedDict")).raw([0x93, 0x94]).ops(")R")
      .raw([0x94]).ops("t").raw([0x94]).ops("R").raw([0x94]).ops("u").stopped
    body = [0x80, 4, 0x95] + le(UInt64(body.count)) + body
    var tiny = TinyCheckpoint.plain
    tiny.pickle = body
    let checkpoint = try open(tiny)
    #expect(checkpoint.format == "zip archive, pickle protocol 4")
    #expect(try checkpoint.stateDict["w"]?.floats() == [0, 1, 2, 3, 4, 5])
  }

  @Test func keepsNamesApartThatOnlyLookEqual() throws {
    let pickle = PickleAssembler().ops("}(").text("\u{E9}")
      .tensor(key: "0", count: 6, shape: [1], strides: [1]).text("e\u{301}")
      .tensor(key: "0", count: 6, offset: 4, shape: [1], strides: [1]).ops("u")
    let stateDict = try open(pickle).stateDict
    #expect(try stateDict["\u{E9}"]?.floats() == [0])
    #expect(try stateDict["e\u{301}"]?.floats() == [4])
    #expect(stateDict.tensors.map(\.name.description) == ["\\xC3\\xA9", "e\\xCC\\x81"])
  }

  @Test func warnsOfMissingChecksums() throws {
    var zip = TinyCheckpoint.plain.zip
    for index in zip.members.indices { zip.members[index].crc = 0 }
    let checkpoint = try open(zip.bytes)
    #expect(checkpoint.warnings.map(\.id) == ["no-checksums"])
    #expect(try checkpoint.stateDict["w"]?.floats() == [0, 1, 2, 3, 4, 5])
  }

  @Test func touchesOnlyTheStoragesThatAreRead() throws {
    var tiny = TinyCheckpoint.plain
    tiny.storages.append(("1", [1, 2, 3]))
    var zip = tiny.zip
    zip.members[3].crc ^= 1
    #expect(try open(zip.bytes).stateDict["w"]?.floats().count == 6)
    zip.members[2].crc ^= 1
    let checkpoint = try open(zip.bytes)
    let error = expect("zip-checksum") { try checkpoint.stateDict["w"]?.floats() }
    #expect(error?.location.place == .entry("tiny/data/0"))
    #expect(error?.location.file == checkpoint.path)
  }

  @Test func readsBigEndianStorages() throws {
    var tiny = TinyCheckpoint.plain
    tiny.byteOrder = "big"
    tiny.storages[0].bytes = (0..<6).flatMap { le(Float($0).bitPattern).reversed() }
    #expect(try open(tiny).stateDict["w"]?.floats() == [0, 1, 2, 3, 4, 5])
    tiny = .plain
    tiny.byteOrder = nil
    #expect(try open(tiny).stateDict["w"]?.floats() == [0, 1, 2, 3, 4, 5])
  }
}
