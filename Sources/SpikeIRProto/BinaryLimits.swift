/// The most that a `MODEL.snn` may hold; every number that it gives is bounded here or in
/// `ModuleBuilder`.
public enum BinaryLimits {
  /// The bytes of the message, 64 MiB; the largest published model has 50 KB.
  public static let message = 64 << 20

  /// The bytes of memory that a decoded message may take, 128 MiB.
  ///
  /// An empty node is two bytes in a file and 150 in memory, so the message's own limit is none.
  public static let decoded = 128 << 20

  /// The entries of the metadata; each is compared with all before it.
  public static let metadata = 1 << 10
}
