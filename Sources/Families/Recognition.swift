/// What a family says of tensors that fit it.
public struct Recognition: Sendable {
  /// Every dataset whose models may have these tensors, and may be asked for.
  public let datasets: [Dataset]

  /// The datasets that these tensors speak for, the likeliest first, in groups: the models of one
  /// group are computed alike, so that only between groups something else has to decide.
  public let likely: [[Dataset]]

  /// The width, as in `Preset`.
  public let width: Int

  /// The number of blocks.
  public let depth: Int

  /// Which keys and shapes tell.
  public let reason: String

  /// Creates a recognition of tensors that speak for all of `datasets`, or for `likely` of them.
  init(_ datasets: [Dataset], likely: [[Dataset]]? = nil, width: Int, depth: Int, reason: String) {
    self.datasets = datasets
    self.likely = likely ?? [datasets]
    self.width = width
    self.depth = depth
    self.reason = reason
  }
}
