/// The most that a text may hold; every number that it gives is bounded here or in the builder.
///
/// The largest published model prints as 100 KB with 300 nodes.
public enum TextLimits {
  /// The bytes of a text, 64 MiB: what an editor still opens.
  public static let bytes = 64 << 20

  /// The nodes of a module.
  public static let nodes = 1 << 18

  /// The weights of a module.
  public static let weights = 1 << 18

  /// The entries of the metadata; each is compared with all before it.
  public static let metadata = 1 << 10

  /// The bytes of a word, a number, a value's name or a weight's name.
  public static let name = 1 << 10

  /// The bytes of any other string.
  public static let string = 1 << 16
}
