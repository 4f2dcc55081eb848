import Files

/// What a file is, by its first bytes.
enum FileKind {
  /// A zip archive, as PyTorch has written since 1.6.
  case zip
  /// A pickle, as PyTorch wrote before.
  case pickle
  /// A safetensors file.
  case safetensors
  /// Something else: its name, and what to do about it.
  case other(String, advice: String)

  /// Looks at the first bytes of `file`.
  init(of file: Span<UInt8>) {
    let head = file.bytes(in: 0..<min(file.count, 512)) ?? []
    // First, since the length that it starts with can spell the start of any other.
    if head.count > 8, head[6] == 0, head[7] == 0, head[8] == UInt8(ascii: "{") {
      self = .safetensors
    } else if head.starts(with: "PK\u{3}\u{4}".utf8) {
      self = .zip
    } else if head.first == 0x80, head.count > 1, head[1] <= 5 {
      self = .pickle
    } else {
      self = Self.foreign(head)
    }
  }

  /// Names what is no checkpoint, but gets taken for one.
  private static func foreign(_ head: [UInt8]) -> FileKind {
    guard !head.isEmpty else { return .other("an empty file", advice: downloadAgain) }
    for (start, name, advice) in signatures where head.starts(with: start) {
      return .other(name, advice: advice)
    }
    if head.dropFirst(257).starts(with: "ustar".utf8) {
      return .other("a tar archive, as PyTorch wrote before 0.1.10", advice: saveAgain)
    }
    let text = String(decoding: head, as: UTF8.self).lowercased().drop(while: \.isWhitespace)
    if text.hasPrefix("<!doctype") || text.hasPrefix("<html") || text.hasPrefix("<?xml") {
      return .other("a web page", advice: "a download gave an error page: open it in a browser")
    }
    return .other("a file of another kind", advice: saveAgain)
  }

  private static let downloadAgain = "the download or copy failed: repeat it"
  private static let saveAgain = "save the model's state_dict() with torch.save"
  private static let unpack = "unpack it first, and give what is inside"

  /// How files start that are no checkpoints, with their names and what to do.
  private static let signatures: [([UInt8], name: String, advice: String)] = [
    (
      Array("version https://git-lfs".utf8), "a pointer of git-lfs instead of the file",
      "run 'git lfs pull' where it came from"
    ),
    ([0x1F, 0x8B], "a gzip file", unpack),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive", unpack),
    (Array("Rar!".utf8), "a rar archive", unpack),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz file", unpack),
    ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file", unpack),
    (Array("PK\u{5}\u{6}".utf8), "an empty zip archive", downloadAgain),
    (Array("PYTORCH1".utf8), "an archive of a preview of PyTorch 1.0", saveAgain),
    ([0x93] + Array("NUMPY".utf8), "a NumPy array", saveAgain),
    (
      [0x89] + Array("HDF".utf8), "an HDF5 file",
      "if it is a NIR graph, 'snnc import' reads it; else save the model's state_dict() with torch.save"
    ),
    (Array("GGUF".utf8), "a GGUF file", saveAgain),
  ]
}
