/// The arithmetic that a kernel's call cannot do without: one operation for each term of its sums.
///
/// A sum of n terms takes n additions, since it starts from a bias or from zero. What is done once
/// for each element (batch norms, residual additions, scales, neurons, moving it) is no term and
/// does not count, so all its time is lost by this measure.
///
/// | kernel | additions |
/// |---|---|
/// | a convolution of spikes | an output channel of its group, for each tap over each spike |
/// | a convolution of counts | the same for each that is not zero, and as many multiplications |
/// | a convolution of reals | the same for each element, and as many multiplications |
/// | attention, `k^T v` | for each token and head, the spikes of `k` times those of `v`; integers |
/// | attention, `q (k^T v)` | the width of a head for each spike of `q`; integers |
/// | a product of matrices | one for each term, and as many multiplications |
/// | a sum or mean, over time as well | one for each element |
///
/// A tap over padding has no term.
public struct Work: Hashable, Sendable {
  /// Additions of binary32 numbers.
  public var additions = 0
  /// Additions of integers.
  public var integerAdditions = 0
  /// Multiplications of binary32 numbers.
  public var multiplications = 0
  /// The bits that are read, of which some are spikes.
  public var bits = 0
  /// The spikes among them.
  public var spikes = 0

  /// Creates an amount of work: none, but for what is given.
  public init(
    additions: Int = 0, integerAdditions: Int = 0, multiplications: Int = 0, bits: Int = 0,
    spikes: Int = 0
  ) {
    self.additions = additions
    self.integerAdditions = integerAdditions
    self.multiplications = multiplications
    self.bits = bits
    self.spikes = spikes
  }

  /// Operations of any kind.
  ///
  /// A processor makes about as many additions of integers or multiplications in a second as
  /// additions of binary32 numbers, so all take the same time at its peak.
  public var operations: Int { additions + integerAdditions + multiplications }

  /// The share of the bits that are spikes; `nil` where none are read.
  public var density: Double? { bits == 0 ? nil : Double(spikes) / Double(bits) }

  /// The work of both.
  public static func + (lhs: Work, rhs: Work) -> Work {
    Work(
      additions: lhs.additions + rhs.additions,
      integerAdditions: lhs.integerAdditions + rhs.integerAdditions,
      multiplications: lhs.multiplications + rhs.multiplications,
      bits: lhs.bits + rhs.bits, spikes: lhs.spikes + rhs.spikes)
  }
}
