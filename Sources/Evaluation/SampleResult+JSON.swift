import Diagnostics
import JSON
import Reports

/// A sample's line of a results' file.
extension SampleResult {
  /// The members of the line.
  var json: JSONValue {
    let common = [
      JSONMember("index", .integer(index)), JSONMember("name", .string(name)),
      JSONMember("label", .integer(label)),
    ]
    switch outcome {
    case .broken(let reason): return .object(common + [JSONMember("error", .string(reason))])
    case .scored(let best, let spikes):
      let pairs = best.map { JSONValue.array([.integer($0.output), .real(Double($0.logit))]) }
      return .object(
        common + [JSONMember("best", .array(pairs)), JSONMember("spikes", .integer(spikes))])
    }
  }

  /// The line, with its end.
  public var line: String { json.line + "\n" }

  /// Reads a line of an evaluation of `header`.
  ///
  /// - Throws: `bad-results` where the line is none that such an evaluation writes.
  init(_ json: JSONValue, of header: ResultsHeader) throws(Diagnostic) {
    guard let index = json["index"]?.integer, let name = json["name"]?.string,
      let label = json["label"]?.integer, (0..<header.outputs).contains(label)
    else { throw .badLine("an index, a name and a label from 0 to \(header.outputs - 1)") }
    if let reason = json["error"]?.string {
      self.init(index: index, name: name, label: label, outcome: .broken(reason))
    } else {
      guard let best = json["best"]?.array, let spikes = json["spikes"]?.integer,
        (0...header.neurons).contains(spikes)
      else {
        throw .badLine("the best outputs and up to \(header.neurons) spikes, or an error")
      }
      self.init(
        index: index, name: name, label: label,
        outcome: .scored(best: try Self.ranked(best, of: header), spikes: spikes))
    }
    // Whatever else stands there, or stands there otherwise, this program has not written.
    guard self.json == json else { throw .badLine("no other members than it writes") }
  }

  /// Reads the best outputs: as many as there must be, in their order.
  private static func ranked(
    _ values: [JSONValue], of header: ResultsHeader
  ) throws(Diagnostic) -> [Ranked] {
    let ranked = values.compactMap { value -> Ranked? in
      guard let pair = value.array, pair.count == 2, let output = pair[0].integer,
        (0..<header.outputs).contains(output), let logit = pair[1].real
      else { return nil }
      return Ranked(output: output, logit: Float(logit))
    }
    guard ranked.count == values.count, ranked.count == min(bestCount, header.outputs),
      Set(ranked.map(\.output)).count == ranked.count,
      zip(ranked, ranked.dropFirst()).allSatisfy({ $0.logit >= $1.logit })
    else { throw .badLine("the \(min(bestCount, header.outputs)) best outputs, the highest first") }
    return ranked
  }
}

extension Diagnostic {
  fileprivate static func badLine(_ needed: String) -> Diagnostic {
    .error("bad-results", "a line of results must have \(needed), and this one has not")
  }
}
