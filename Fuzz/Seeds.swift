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
}
