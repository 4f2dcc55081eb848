import Diagnostics
import Files

/// A checkpoint's file, taken apart: what its pickle describes, and where the storages' bytes are.
struct Container: Sendable {
  /// What the file is, for the user.
  let format: String
  /// The objects of the checkpoint.
  let graph: ObjectGraph
  /// The object that was saved.
  let root: ObjectGraph.ID
  /// The storages' bytes, by key.
  let storages: [[UInt8]: StorageBytes]
  /// Whether the bytes of elements are in big-endian order.
  let isBigEndian: Bool
  /// What the user should know.
  let warnings: [Diagnostic]

  /// Opens the file at `path` as what its first bytes say, whatever its name ends in.
  static func open(path: String, limits: Limits) throws(Diagnostic) -> Container {
    let file = try MappedFile(path: path)
    do throws(Diagnostic) {
      let kind = file.withSpan { span in FileKind(of: span) }
      switch kind {
      case .zip: return try zip(file, limits: limits)
      case .pickle: return try legacyStream(file, limits: limits)
      case .other(let name, let advice): throw Diagnostic.noCheckpoint(name, advice)
      }
    } catch {
      throw error.inFile(path)
    }
  }
}

extension Diagnostic {
  fileprivate static func noCheckpoint(_ name: String, _ advice: String) -> Diagnostic {
    .error(
      "not-a-checkpoint", "a checkpoint of PyTorch is needed, and this is \(name)",
      notes: [advice])
  }
}
