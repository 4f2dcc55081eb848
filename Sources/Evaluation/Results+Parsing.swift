public import Diagnostics
import JSON

/// Reading a results' file: a line of JSON for the header, then one for each sample.
extension Results {
  /// The limits for a line: a path has at most 4096 bytes, each of which takes up to six.
  private static let limits = JSONLimits(bytes: 1 << 16, depth: 4, values: 64)

  /// Reads the whole lines of a file.
  ///
  /// A last line without an end was being written when the program was ended; it counts as not
  /// there.
  ///
  /// - Returns: the results and the bytes that they take; `nil` where the header has no end.
  /// - Throws: `bad-results` or `results-sample`, at the line; what is wrong with its JSON.
  public static func parse(
    _ text: Span<UInt8>
  ) throws(Diagnostic) -> (results: Results, byteCount: Int)? {
    var results: Results?
    var (start, number) = (0, 1)
    while let end = Self.end(of: text, from: start) {
      do throws(Diagnostic) {
        let json = try JSONValue(parsing: text.extracting(start..<end), limits: limits)
        if results == nil {
          results = Results(of: try ResultsHeader(json))
        } else {
          try results?.read(json)
        }
      } catch {
        throw error.onLine(number)
      }
      (start, number) = (end + 1, number + 1)
    }
    return results.map { ($0, start) }
  }

  /// Where the line that begins at `start` has its end; `nil` where it has none.
  private static func end(of text: Span<UInt8>, from start: Int) -> Int? {
    var end = start
    while end < text.count {
      if text[end] == UInt8(ascii: "\n") { return end }
      end += 1
    }
    return nil
  }

  /// Adds a line's result.
  private mutating func read(_ json: JSONValue) throws(Diagnostic) {
    let result = try SampleResult(json, of: header)
    guard !isComplete, result.index == next else {
      let isOurs = header.shard.contains(result.index) && result.index < header.samples
      guard isOurs else { throw .foreign(result.index, header) }
      throw result.index < next ? .double(result.index) : .missing(next, before: result.index)
    }
    append(result)
  }
}

extension Diagnostic {
  /// This diagnostic at a line of a file of many JSON texts.
  fileprivate func onLine(_ number: Int) -> Diagnostic {
    var copy = self
    var column = 1
    if case .text(_, let found) = location.place { column = found }
    copy.location.place = .text(line: number, column: column)
    return copy
  }

  fileprivate static func foreign(_ sample: Int, _ header: ResultsHeader) -> Diagnostic {
    .error(
      "results-sample",
      "the results are those of shard \(header.shard) of \(header.samples) samples, and sample "
        + "\(sample) is none of them")
  }

  fileprivate static func double(_ sample: Int) -> Diagnostic {
    .error("results-sample", "each sample comes once, and sample \(sample) comes twice")
  }

  fileprivate static func missing(_ sample: Int, before other: Int) -> Diagnostic {
    .error("results-sample", "sample \(sample) is missing before sample \(other)")
  }
}
