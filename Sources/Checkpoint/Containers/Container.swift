import Diagnostics

/// The file of a checkpoint that is a pickle, taken apart: what its pickle describes, and where the
/// storages' bytes are.
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
}
