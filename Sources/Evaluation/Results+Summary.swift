public import JSON

/// What is told of an evaluation. It depends on the results alone, so that merged shards and one
/// run tell the same.
extension Results {
  /// Rows of a table: what, and how it is.
  public var summary: [(what: String, value: String)] {
    let score = Score(of: self)
    var rows = [
      ("module", header.module), ("data", header.data), ("classes", header.classes),
      ("input", header.input), ("samples", progress), ("top-1", Self.text(score.top1)),
    ]
    if let top5 = score.top5 { rows.append(("top-5", Self.text(top5))) }
    if let rate = score.firingRate {
      rows.append(("firing rate", "\(Proportion.percent(rate)) %"))
    }
    if score.broken > 0 { rows.append(("broken", "\(score.broken), left out of the scores")) }
    return rows.map { (what: $0.0, value: $0.1) }
  }

  /// The same as JSON.
  public var json: JSONValue {
    let score = Score(of: self)
    return .object([
      JSONMember("format", .string("snnc-score")), JSONMember("version", .integer(1)),
      JSONMember("module", .string(header.module)), JSONMember("data", .string(header.data)),
      JSONMember("classes", .string(header.classes)), JSONMember("input", .string(header.input)),
      JSONMember("shard", .string(header.shard.description)),
      JSONMember("samples", .integer(expectedCount)), JSONMember("done", .integer(samples.count)),
      JSONMember("broken", .integer(score.broken)), JSONMember("top1", Self.json(score.top1)),
      JSONMember("top5", score.top5.map(Self.json) ?? .null),
      JSONMember("firingRate", score.firingRate.map(JSONValue.real) ?? .null),
    ])
  }

  /// How many samples are done, of how many, and of which shard.
  private var progress: String {
    let part = header.shard == .whole ? "" : ", shard \(header.shard) of \(header.samples)"
    return (isComplete ? "\(expectedCount)" : "\(samples.count) of \(expectedCount)") + part
  }

  private static func text(_ part: Proportion) -> String {
    guard let interval = part.interval else { return part.description }
    let (low, high) = (interval.lowerBound, interval.upperBound)
    return "\(part), 95 % interval \(Proportion.percent(low)) to \(Proportion.percent(high)) %"
  }

  private static func json(_ part: Proportion) -> JSONValue {
    .object([
      JSONMember("right", .integer(part.count)), JSONMember("of", .integer(part.total)),
      JSONMember("rate", part.rate.map(JSONValue.real) ?? .null),
      JSONMember(
        "interval",
        part.interval.map { .array([.real($0.lowerBound), .real($0.upperBound)]) } ?? .null),
    ])
  }
}
