import Evaluation
import IRTestSupport

/// Results of an evaluation that never was.
enum Made {
  /// A header of `samples` samples of a module with `outputs` outputs.
  static func header(
    samples: Int, outputs: Int = 10, data: String = "xxh64:00000000000000da", shard: Shard = .whole
  ) -> ResultsHeader {
    ResultsHeader(
      module: "xxh64:0123456789abcdef", outputs: outputs, neurons: 1000, data: data,
      samples: samples, classes: "as the labels say", input: "an array, as it is", shard: shard)
  }

  /// The result of a sample: random outputs, and some samples that cannot be read.
  static func result(_ index: Int, outputs: Int = 10) -> SampleResult {
    var random = SeededRandom(UInt64(index))
    let logits = (0..<outputs).map { _ in Float.random(in: -9...9, using: &random) }
    let outcome: SampleResult.Outcome =
      index % 7 == 3
      ? .broken("byte 12: the picture \"\\x0A\" is cut short [made-up]")
      : .scored(
        best: SampleResult.best(of: logits), spikes: Int.random(in: 0...1000, using: &random))
    return SampleResult(
      index: index, name: "n0\(index % 3)/é\(index).JPEG",
      label: Int.random(in: 0..<outputs, using: &random), outcome: outcome)
  }

  /// The results of a shard, all of them or the first `count`.
  static func results(of header: ResultsHeader, count: Int = .max) -> Results {
    var results = Results(of: header)
    for index in header.shard.samples(of: header.samples).prefix(count) {
      results.append(result(index, outputs: header.outputs))
    }
    return results
  }
}
