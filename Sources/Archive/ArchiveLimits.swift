/// The most that an archive may ask for; each bounds memory or time on hostile input.
public struct ArchiveLimits: Sendable {
  /// The limits for files of unknown origin.
  public static let standard = ArchiveLimits()

  /// The limits for checkpoints: weights hardly shrink, unlike spikes in archives of arrays.
  public static let checkpoint: ArchiveLimits = {
    var limits = ArchiveLimits()
    limits.inflationFactor = 4
    return limits
  }()

  /// Entries of one archive; the largest models have some thousands.
  public var entries = 262_144

  /// Bytes of the central directory: 256 for each entry.
  public var directoryBytes = 64 << 20

  /// Bytes of an entry's name; tensors' names are shorter, and diagnostics print them.
  public var nameBytes = 1024

  /// Bytes that may come out of the deflated entries, for each byte of the file.
  public var inflationFactor = 64

  /// Bytes that may come out on top of these, so that a small file of zeros can be read.
  public var inflationAllowance = 64 << 20

  /// DEFLATE codes at most 258 bytes in 2 bits, so no honest entry grows more than this.
  static let largestDeflateRatio = 1032
}
