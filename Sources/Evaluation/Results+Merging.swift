public import Diagnostics

extension Results {
  /// A results' file that was read.
  public struct Part: Sendable {
    /// The file, as the user named it.
    public let path: String
    /// What it holds.
    public let results: Results

    /// Creates a part.
    public init(path: String, results: Results) {
      self.path = path
      self.results = results
    }

    /// The part of the evaluation that it is.
    fileprivate var shard: Shard { results.header.shard }
  }

  /// Puts the shards of one evaluation together: what it would have found in one run.
  ///
  /// - Throws: `results-differ`, `shard-count`, `shard-twice`, `results-incomplete` or
  ///   `shard-missing`.
  public static func merging(_ parts: [Part]) throws(Diagnostic) -> Results {
    guard let first = parts.first else { preconditionFailure("something must be merged") }
    var files = [Part?](repeating: nil, count: first.shard.count)
    for part in parts {
      guard part.shard.count == first.shard.count else { throw .otherCount(part, first) }
      // The number of the shard aside, all headers are one.
      let wanted = first.results.header.of(part.shard)
      do throws(Diagnostic) {
        try part.results.header.require(wanted, of: "and in \(escaped(first.path))")
      } catch {
        throw error.inFile(part.path)
      }
      let place = part.shard.number - 1
      if let other = files[place] { throw .twice(part.shard, part.path, other.path) }
      files[place] = part
    }
    for part in parts where !part.results.isComplete { throw .incomplete(part) }
    let whole = files.compactMap(\.self)
    guard whole.count == files.count else { throw .missing(files) }
    var merged = Results(of: first.results.header.of(.whole))
    for sample in 0..<merged.expectedCount {
      merged.append(whole[sample % whole.count].results.samples[sample / whole.count])
    }
    return merged
  }
}

extension Diagnostic {
  fileprivate static func otherCount(_ part: Results.Part, _ first: Results.Part) -> Diagnostic {
    .error(
      "shard-count",
      "shards that are put together are as many as they were cut, and this is \(part.shard), and "
        + "\(escaped(first.path)) is \(first.shard)",
      at: Location(file: part.path))
  }

  fileprivate static func twice(_ shard: Shard, _ path: String, _ other: String) -> Diagnostic {
    .error(
      "shard-twice", "each shard comes once, and \(shard) is in \(escaped(other)), too",
      at: Location(file: path), notes: ["leave one of them out"])
  }

  fileprivate static func incomplete(_ part: Results.Part) -> Diagnostic {
    let (results, shard) = (part.results, part.shard)
    // A file may say that there are billions.
    let missing = results.expectedCount - results.samples.count
    let names = (0..<min(missing, 10)).map {
      "\(shard.sample(at: results.samples.count + $0))"
    }.joined(separator: ", ")
    return .error(
      "results-incomplete",
      "shard \(shard) has \(results.expectedCount) samples, and \(missing) of them are missing: "
        + names + (missing > 10 ? ", ..." : ""),
      at: Location(file: part.path),
      notes: ["go on with: snnc eval MODEL --data DATA --shard \(shard) --resume --results FILE"])
  }

  fileprivate static func missing(_ files: [Results.Part?]) -> Diagnostic {
    let numbers = files.indices.filter { files[$0] == nil }.map { "\($0 + 1)/\(files.count)" }
    let names = numbers.prefix(10).joined(separator: ", ") + (numbers.count > 10 ? ", ..." : "")
    return .error(
      "shard-missing",
      "all \(files.count) shards are needed, and \(numbers.count) of them are missing: \(names)",
      notes: ["run them with: snnc eval MODEL --data DATA --shard I/N --results FILE"])
  }
}
