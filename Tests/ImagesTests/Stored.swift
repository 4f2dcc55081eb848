import Arrays
import Foundation

/// The pictures of this suite, and what Pillow and torchvision made of them: see
/// `scripts/check-pictures`, which draws them.
enum Stored {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Pictures")

  /// The pictures' names, but for the one that is refused.
  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { !$0.hasSuffix(".npz") && $0 != "grey-16.png" }.sorted()

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: name)))
  }

  /// What Pillow made.
  static func result(_ name: String) throws -> NumPyArray {
    try NPZArchive(path: path("pillow.npz")).member(name)
  }

  /// The results whose names begin so.
  static func results(_ prefix: String) throws -> [String] {
    try NPZArchive(path: path("pillow.npz")).names.filter { $0.hasPrefix(prefix) }
  }
}
