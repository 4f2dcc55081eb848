import Glibc

/// The files under `Tests/Fixtures`.
public enum Fixture {
  /// Returns the path of the fixture called `name`.
  public static func path(_ name: String, from file: String = #filePath) -> String {
    let root = file.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(root)/Tests/Fixtures/\(name)"
  }

  /// Returns the bytes of the fixture called `name`; none where there is no such file.
  public static func bytes(_ name: String) -> [UInt8] {
    guard let file = fopen(path(name), "rb") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, file)
      guard count > 0 else { return bytes }
      bytes += block[..<count]
    }
  }
}
