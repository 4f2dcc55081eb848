/// Builds small checkpoints of which every part can be changed.
public struct TinyCheckpoint {
  /// The pickle of the saved object.
  public var pickle: [UInt8]
  /// The storages by key.
  public var storages: [(key: String, bytes: [UInt8])]
  /// The contents of `byteorder`; `nil` to leave it out.
  public var byteOrder: String? = "little"
  /// The contents of `version`; `nil` to leave it out.
  public var version: String? = "3\n"

  /// A checkpoint of `pickle` and `storages`.
  public init(_ pickle: PickleAssembler, _ storages: [(key: String, bytes: [UInt8])]) {
    self.pickle = pickle.stopped
    self.storages = storages
  }

  /// A plain state dict of one tensor `w` of shape [2, 3] that holds 0 to 5.
  public static var plain: TinyCheckpoint {
    let floats = (0..<6).map { Float($0) }
    return TinyCheckpoint(
      PickleAssembler().ops("}(").text("w")
        .tensor(key: "0", count: 6, shape: [2, 3], strides: [3, 1]).ops("u"),
      [("0", bytes(of: floats))])
  }

  /// A state dict of one tensor `w`, a view of a storage.
  public static func view(
    _ type: String = "FloatStorage", bytes: [UInt8], count: Int, offset: Int = 0, shape: [Int],
    strides: [Int]
  ) -> TinyCheckpoint {
    TinyCheckpoint(
      PickleAssembler().ops("}(").text("w")
        .tensor(
          type, key: "0", count: count, offset: offset, shape: shape, strides: strides
        ).ops("u"),
      [("0", bytes)])
  }

  /// The bytes of `floats`, little-endian.
  public static func bytes(of floats: [Float]) -> [UInt8] {
    floats.flatMap { le($0.bitPattern) }
  }

  /// The archive's members, to be changed further.
  public var zip: ZipBuilder {
    var members: [(String, [UInt8])] = [("tiny/data.pkl", pickle)]
    if let byteOrder { members.append(("tiny/byteorder", Array(byteOrder.utf8))) }
    members += storages.map { ("tiny/data/\($0.key)", $0.bytes) }
    if let version { members.append(("tiny/version", Array(version.utf8))) }
    return ZipBuilder(members)
  }

  /// The checkpoint as a legacy stream, with `elementBytes` bytes an element.
  public func stream(elementBytes: Int = 4, littleEndian: Bool = true) -> [UInt8] {
    let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    var stream = PickleAssembler().raw([0x8A, 10] + magic).stopped
    stream += PickleAssembler().raw([0x4D, 0xE9, 3]).stopped
    stream +=
      PickleAssembler().ops("}(").text("little_endian")
      .raw([littleEndian ? 0x88 : 0x89]).ops("u").stopped
    stream += pickle
    stream += storages.reduce(PickleAssembler().ops("](")) { $0.text($1.key) }.ops("e").stopped
    for storage in storages {
      stream += le(UInt64(storage.bytes.count / elementBytes)) + storage.bytes
    }
    return stream
  }
}
