import Files
import Glibc

/// Writes each target's seeds.
enum Seeds {
  /// Writes them to `folder/TARGET/NAME`.
  static func write(to folder: String) {
    mkdir(folder, 0o777)
    for target in FuzzTarget.all {
      mkdir("\(folder)/\(target.name)", 0o777)
      do {
        for seed in try target.seeds() {
          write(seed.bytes, to: "\(folder)/\(target.name)/\(seed.name)")
        }
      } catch {
        fatalError("the seeds of \(target.name): \(error)")
      }
    }
  }

  private static func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "wb") else { fatalError("\(path) cannot be written") }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  /// The names in a folder.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { fatalError("\(folder) cannot be read") }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { name in
          String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names.sorted()
  }

  /// The bytes of a file.
  static func bytes(of path: String) -> [UInt8] {
    guard let file = try? MappedFile(path: path) else { fatalError("\(path) cannot be read") }
    return file.withSpan { $0.bytes(in: 0..<$0.count) } ?? []
  }
}
