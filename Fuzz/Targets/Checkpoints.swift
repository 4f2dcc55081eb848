import Checkpoint
import CheckpointTestSupport
import Diagnostics

extension FuzzTarget {
  /// Whole files of any kind.
  static let checkpoint = FuzzTarget(
    name: "checkpoint", run: { read($0) },
    seeds: {
      [
        ("zip", TinyCheckpoint.plain.zip.bytes), ("stream", TinyCheckpoint.plain.stream()),
        ("safetensors", TinySafetensors.plain.bytes),
      ]
    })

  /// The pickle machine: the input is the pickle of an archive whose storage is right.
  static let pickle = FuzzTarget(
    name: "pickle",
    run: { bytes in
      var tiny = TinyCheckpoint.plain
      tiny.pickle = bytes
      read(tiny.zip.bytes)
    },
    seeds: {
      let module = PickleAssembler().global("models Net").ops(")").raw([0x81]).ops("}(")
        .text("_parameters").raw(Array(TinyCheckpoint.plain.pickle.dropFirst(2).dropLast()))
        .text("_modules").ops("}").ops("ub")
      let timm = PickleAssembler().ops("}(").text("state_dict")
        .raw(Array(TinyCheckpoint.plain.pickle.dropFirst(2).dropLast())).text("args")
        .global("argparse Namespace").ops(")").raw([0x81]).ops("}(").text("num_heads").int(8)
        .text("lr").float(0.5).text("mean").ops("](").float(0.25).ops("eub").ops("u")
      return [
        ("plain", TinyCheckpoint.plain.pickle), ("module", module.stopped), ("timm", timm.stopped),
      ]
    })

  /// The streams that PyTorch wrote before 1.6.
  static let legacy = FuzzTarget(
    name: "legacy", run: { read($0) },
    seeds: { [("plain", TinyCheckpoint.plain.stream())] })

  /// Safetensors: the input is the header, and the data are right.
  static let safetensors = FuzzTarget(
    name: "safetensors",
    run: { bytes in
      read(le(UInt64(bytes.count)) + bytes + TinySafetensors.plain.data)
    },
    seeds: { [("plain", Array(TinySafetensors.plain.header.utf8))] })

  /// Reads a checkpoint and all its elements; nothing more than its limits allows may come out.
  private static func read(_ bytes: [UInt8]) {
    guard let checkpoint = try? Checkpoint(path: MemoryFile.path(of: bytes)) else { return }
    for tensor in checkpoint.stateDict.tensors {
      if let floats = try? tensor.floats() {
        if floats.count != tensor.count { finding("a tensor of another size") }
        if floats.contains(where: { !$0.isFinite }) { finding("a number that is none") }
      }
      if let raw = try? tensor.bytes(), raw.count != tensor.count * tensor.elementType.size {
        finding("bytes of another size")
      }
    }
  }
}
