/// What the results of an evaluation come to.
public struct Score: Hashable, Sendable {
  /// The samples whose label is the highest output, of those that could be read.
  public let top1: Proportion
  /// The samples whose label is among the five highest outputs; `nil` where there are no more.
  public let top5: Proportion?
  /// The samples that could not be read.
  public let broken: Int
  /// The spikes for each neuron and step, over all layers; `nil` without neurons or samples.
  public let firingRate: Double?

  /// Counts `results`.
  public init(of results: Results) {
    var (right, among, scored, spikes) = (0, 0, 0, 0.0)
    for sample in results.samples {
      guard case .scored(_, let fired) = sample.outcome else { continue }
      scored += 1
      spikes += Double(fired)
      guard let rank = sample.rank else { continue }
      among += 1
      if rank == 0 { right += 1 }
    }
    let hasTop5 = results.header.outputs > SampleResult.bestCount
    top1 = Proportion(right, of: scored)
    top5 = hasTop5 ? Proportion(among, of: scored) : nil
    broken = results.samples.count - scored
    let places = Double(results.header.neurons) * Double(scored)
    firingRate = places == 0 ? nil : spikes / places
  }
}
