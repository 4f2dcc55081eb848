/// What an evaluation, or a shard of it, has found so far.
public struct Results: Hashable, Sendable {
  /// What it is of.
  public let header: ResultsHeader

  /// The samples' results: those of the shard's first samples, in ascending order.
  public private(set) var samples: [SampleResult] = []

  /// Creates results of no sample yet.
  public init(of header: ResultsHeader) {
    self.header = header
  }

  /// The number of samples that there must be in the end.
  public var expectedCount: Int { header.shard.size(of: header.samples) }

  /// Whether all samples are there.
  public var isComplete: Bool { samples.count == expectedCount }

  /// The sample whose result comes next.
  public var next: Int { header.shard.sample(at: samples.count) }

  /// Adds the next result.
  ///
  /// - Precondition: it is the one of the shard's next sample.
  public mutating func append(_ result: SampleResult) {
    precondition(!isComplete && result.index == next, "results come in the order of the samples")
    samples.append(result)
  }

  /// The text of a results' file.
  public var text: String { header.line + samples.map(\.line).joined() }
}
