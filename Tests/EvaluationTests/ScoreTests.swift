import Evaluation
import IRTestSupport
import Testing

/// What results come to.
@Suite struct ScoreTests {
  @Test("the best outputs are the first of a stable sort", arguments: [1, 4, 5, 6, 30])
  func best(_ outputs: Int) {
    var random = SeededRandom(UInt64(outputs))
    for _ in 0..<100 {
      // Few values, so that many are equal.
      let logits = (0..<outputs).map { _ in Float(Int.random(in: -3...3, using: &random)) }
      let sorted = logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
      let best = SampleResult.best(of: logits)
      #expect(best.map(\.output) == Array(sorted.prefix(5)))
      #expect(best.map(\.logit) == sorted.prefix(5).map { logits[$0] })
    }
  }

  @Test("scores are what plain counting gives", arguments: [2, 5, 6, 10])
  func counting(_ outputs: Int) {
    let results = Made.results(of: Made.header(samples: 200, outputs: outputs))
    var (right, among, scored, spikes) = (0, 0, 0, 0)
    for sample in results.samples {
      guard case .scored(let best, let fired) = sample.outcome else { continue }
      scored += 1
      spikes += fired
      if best[0].output == sample.label { right += 1 }
      if best.map(\.output).contains(sample.label) { among += 1 }
    }
    let score = Score(of: results)
    #expect(score.top1 == Proportion(right, of: scored))
    #expect(score.top5 == (outputs > 5 ? Proportion(among, of: scored) : nil))
    #expect(score.broken == 200 - scored && score.broken > 0)
    #expect(score.firingRate == Double(spikes) / (1000 * Double(scored)))
  }

  @Test("nothing is divided by where no sample is scored")
  func nothing() {
    let score = Score(of: Results(of: Made.header(samples: 3)))
    #expect(score.top1 == Proportion(0, of: 0))
    #expect(score.firingRate == nil)
  }

  @Test("the summary, of all samples and of a shard that is not done")
  func summary() {
    let header = Made.header(samples: 4)
    var whole = Results(of: header)
    for index in 0..<4 {
      // The label is the highest, the second, not among the five highest; the last cannot be read.
      let best = [0, 1, 9, 8, 7].map { SampleResult.Ranked(output: $0, logit: -Float($0)) }
      whole.append(
        SampleResult(
          index: index, name: "\(index)", label: index,
          outcome: index < 3 ? .scored(best: best, spikes: 100 * index) : .broken("cut short")))
    }
    #expect(
      whole.summary.map { "\($0.what): \($0.value)" } == [
        "module: xxh64:0123456789abcdef", "data: xxh64:00000000000000da",
        "classes: as the labels say", "input: an array, as it is", "samples: 4",
        "top-1: 1 of 3 right (33.33 %), 95 % interval 6.15 to 79.23 %",
        "top-5: 2 of 3 right (66.67 %), 95 % interval 20.77 to 93.85 %",
        "firing rate: 10.00 %", "broken: 1, left out of the scores",
      ])
    let shard = Shard(number: 2, count: 3)
    let part = Made.results(of: Made.header(samples: 14, shard: shard), count: 2)
    #expect(part.summary.contains { $0.what == "samples" && $0.value == "2 of 5, shard 2/3 of 14" })
  }
}
