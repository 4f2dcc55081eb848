import CheckpointTestSupport

/// Classes 47 to 50: containers other than zip archives.
extension HostileFile {
  static let streams: [HostileFile] = legacy + tar + safetensors

  /// 47 and 48: the streams that PyTorch wrote before 1.6.
  private static let legacy: [HostileFile] = [
    HostileFile(47, "a stream", .read) { stream },
    HostileFile(47, "another magic number", .refused("not-a-checkpoint")) { changed(at: 4) },
    HostileFile(47, "version 1002", .refused("checkpoint-version")) { changed(at: 18) },
    HostileFile(47, "cut in its storage", .refused("legacy-truncated")) {
      Array(stream.dropLast(5))
    },
    HostileFile(47, "a byte behind its end", .refused("legacy-trailing-bytes")) { stream + [0] },
    HostileFile(47, "an element count that lies", .refused("storage-size")) {
      changed(at: stream.count - 32)
    },
    HostileFile(47, "a key too many", .refused("legacy-keys")) {
      var tiny = TinyCheckpoint.plain
      tiny.storages.append(("1", [0, 0, 0, 0]))
      return tiny.stream()
    },
    HostileFile(47, "a key twice", .refused("legacy-keys")) {
      var tiny = TinyCheckpoint.plain
      tiny.storages.append(tiny.storages[0])
      return tiny.stream()
    },
    HostileFile(47, "no key", .refused("storage-missing")) {
      var tiny = TinyCheckpoint.plain
      tiny.storages = []
      return tiny.stream()
    },
    HostileFile(48, "big-endian by its word", .read) {
      TinyCheckpoint.plain.stream(littleEndian: false)
    },
  ]

  /// 49: what PyTorch wrote before 0.1.10 is refused before anything in it is looked at.
  private static let tar: [HostileFile] = [
    HostileFile(49, "a tar archive", .refused("not-a-checkpoint")) {
      var header = [UInt8](repeating: 0, count: 512)
      header.replaceSubrange(0..<11, with: Array("../storages".utf8))
      header.replaceSubrange(257..<262, with: Array("ustar".utf8))
      return header
    }
  ]

  /// 50: safetensors, of six floats in 24 bytes.
  private static let safetensors: [HostileFile] =
    [
      ("a file", .read, #"{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#),
      ("an overlap", "safetensors-coverage", both("[0,20]", "[5]", "[16,24]", "[2]")),
      ("a hole", "safetensors-coverage", both("[0,12]", "[3]", "[16,24]", "[2]")),
      ("a size that lies", "safetensors-offsets", entry(#""F32","shape":[2,4]"#, "[0,24]")),
      ("offsets that wrap", "safetensors-entry", entry(#""F32","shape":[2,3]"#, "[0,-8]")),
      (
        "2^62 elements", "safetensors-offsets",
        entry(#""F32","shape":[4611686018427387904]"#, "[0,24]")
      ),
      ("a name twice", "json-duplicate", "{\"w\":1,\"w\":2}"),
      ("deep", "json-limit", "{\"w\":" + String(repeating: "[", count: 100_000)),
      ("an unknown type", "element-type", entry(#""F4","shape":[48]"#, "[0,24]")),
    ].map { (name: String, outcome: Outcome, header: String) in
      HostileFile(50, name, outcome) {
        TinySafetensors(header, TinySafetensors.plain.data).bytes
      }
    } + [
      HostileFile(50, "a length of 2^63", .refused("not-a-checkpoint")) { long(1 << 63) },
      HostileFile(50, "a length beyond the file", .refused("safetensors-header")) { long(1000) },
      HostileFile(50, "a byte behind its end", .refused("safetensors-coverage")) {
        TinySafetensors.plain.bytes + [0]
      },
      HostileFile(50, "no UTF-8", .refused("json-syntax")) {
        le(4 as UInt64) + [0x7B, 0x22, 0xFF, 0x7D]
      },
    ]

  private static let stream = TinyCheckpoint.plain.stream()

  /// The stream with one byte changed.
  private static func changed(at offset: Int) -> [UInt8] {
    var bytes = stream
    bytes[offset] ^= 3
    return bytes
  }

  /// The header of one tensor.
  private static func entry(_ type: String, _ offsets: String) -> String {
    #"{"w":{"dtype":\#(type),"data_offsets":\#(offsets)}}"#
  }

  /// The header of two tensors.
  private static func both(_ a: String, _ m: String, _ b: String, _ n: String) -> String {
    #"{"w":{"dtype":"F32","shape":\#(m),"data_offsets":\#(a)},"#
      + #""x":{"dtype":"F32","shape":\#(n),"data_offsets":\#(b)}}"#
  }

  /// A file whose header has another length than it says.
  private static func long(_ length: UInt64) -> [UInt8] {
    var file = TinySafetensors.plain
    file.length = length
    return file.bytes
  }
}

extension HostileFile.Outcome: ExpressibleByStringLiteral {
  init(stringLiteral id: String) {
    self = .refused(id)
  }
}
