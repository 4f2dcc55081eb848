import Diagnostics

/// Samples of several sources, one source behind another.
struct JoinedSamples: SampleSource {
  private let sources: [any SampleSource]

  init(_ sources: [any SampleSource]) {
    self.sources = sources
  }

  var count: Int { sources.reduce(0) { $0 + $1.count } }

  var labels: [Int]? {
    let labels = sources.compactMap(\.labels)
    return labels.count == sources.count ? labels.flatMap { $0 } : nil
  }

  func name(of index: Int) -> String {
    let (source, place) = place(of: index)
    return source.name(of: place)
  }

  func sample(_ index: Int) throws(Diagnostic) -> [Float] {
    let (source, place) = place(of: index)
    return try source.sample(place)
  }

  /// The source that has a sample, and the sample's number there.
  private func place(of index: Int) -> (any SampleSource, Int) {
    var rest = index
    for source in sources {
      if rest < source.count { return (source, rest) }
      rest -= source.count
    }
    preconditionFailure("no such sample")
  }
}
