import CheckpointTestSupport

/// Classes 1 and 2: files that are no checkpoints.
extension HostileFile {
  static let files: [HostileFile] =
    [
      HostileFile(1, "0 bytes", .refused("not-a-checkpoint")) { [] },
      HostileFile(1, "1 byte", .refused("not-a-checkpoint")) { [0x50] },
    ]
    + foreign.map { name, start in
      HostileFile(2, name, .refused("not-a-checkpoint")) { start }
    }

  /// How files start that are taken for checkpoints.
  private static let foreign: [(String, [UInt8])] = [
    ("a pointer of git-lfs", Array("version https://git-lfs.github.com/spec/v1\noid".utf8)),
    ("a web page", Array("\n<!DOCTYPE html><html>".utf8)),
    ("gzip", [0x1F, 0x8B, 8, 0]),
    ("7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
    ("rar", Array("Rar!\u{1A}\u{7}".utf8)),
    ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]),
    ("zstd", [0x28, 0xB5, 0x2F, 0xFD]),
    ("HDF5", [0x89] + Array("HDF\r\n".utf8)),
    ("GGUF", Array("GGUF".utf8)),
    ("NumPy", [0x93] + Array("NUMPY".utf8)),
    ("a preview of PyTorch 1.0", Array("PYTORCH1".utf8)),
    ("an empty zip archive", Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 18)),
    ("a zip archive that begins with another's end", Array("PK\u{5}\u{6}".utf8)),
  ]
}
