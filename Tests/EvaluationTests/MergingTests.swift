import Diagnostics
import Evaluation
import Testing

/// Shards that are put together.
@Suite struct MergingTests {
  /// The complete shards of an evaluation.
  static func shards(_ count: Int, samples: Int = 40) -> [Results.Part] {
    (1...count).map {
      let header = Made.header(samples: samples, shard: Shard(number: $0, count: count))
      return .init(path: "\($0).jsonl", results: Made.results(of: header))
    }
  }

  @Test(
    "are one run, in whatever order they come",
    arguments: [(1, 40), (2, 40), (3, 40), (7, 40), (50, 40), (3, 0)])
  func one(_ count: Int, _ samples: Int) throws {
    let whole = Made.results(of: Made.header(samples: samples))
    let parts = Self.shards(count, samples: samples)
    for order in [parts, parts.reversed(), Array(parts.dropFirst() + parts.prefix(1))] {
      let merged = try Results.merging(order)
      #expect(merged == whole)
      #expect(merged.text == whole.text)
      #expect(merged.summary.map(\.value) == whole.summary.map(\.value))
    }
  }

  @Test func aShardThatIsTwice() {
    let parts = Self.shards(3)
    let error = #expect(throws: Diagnostic.self) {
      try Results.merging(parts + [.init(path: "copy.jsonl", results: parts[1].results)])
    }
    #expect(error?.id == "shard-twice")
    #expect(error?.location.file == "copy.jsonl")
    #expect(error?.message == "each shard comes once, and 2/3 is in 2.jsonl, too")
  }

  @Test func shardsThatAreMissing() {
    let parts = Self.shards(4)
    let error = #expect(throws: Diagnostic.self) { try Results.merging([parts[1], parts[2]]) }
    #expect(error?.id == "shard-missing")
    #expect(error?.message == "all 4 shards are needed, and 2 of them are missing: 1/4, 4/4")
  }

  @Test func samplesThatAreMissing() {
    var parts = Self.shards(4)
    parts[2] = .init(
      path: "3.jsonl", results: Made.results(of: parts[2].results.header, count: 7))
    let error = #expect(throws: Diagnostic.self) { try Results.merging(parts) }
    #expect(error?.id == "results-incomplete")
    #expect(error?.location.file == "3.jsonl")
    #expect(
      error?.message == "shard 3/4 has 10 samples, and 3 of them are missing: 30, 34, 38")
  }

  @Test func shardsOfSomethingElse() {
    let parts = Self.shards(3)
    let other = Made.header(
      samples: 40, data: "xxh64:00000000000000db", shard: Shard(number: 3, count: 3))
    for (header, words) in [
      (other, [#"data here is "xxh64:00000000000000db""#, #"1.jsonl "xxh64:00000000000000da""#]),
      (Made.header(samples: 41, shard: Shard(number: 3, count: 3)), ["samples here is 41"]),
    ] {
      let odd = Results.Part(path: "odd.jsonl", results: Made.results(of: header))
      let error = #expect(throws: Diagnostic.self) {
        try Results.merging([parts[0], parts[1], odd])
      }
      #expect(error?.id == "results-differ")
      #expect(error?.location.file == "odd.jsonl")
      for word in words {
        #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
      }
    }
  }

  @Test func shardsOfAnotherCut() {
    let error = #expect(throws: Diagnostic.self) {
      try Results.merging([Self.shards(3)[0], Self.shards(4)[1]])
    }
    #expect(error?.id == "shard-count")
    #expect(error?.message.hasSuffix("this is 2/4, and 1.jsonl is 1/3") == true)
  }

  /// A header may say anything; the samples that are missing are counted and not listed.
  @Test func aHeaderOfBillionsIsIncomplete() {
    let header = Made.header(samples: 1 << 32)
    let error = #expect(throws: Diagnostic.self) {
      try Results.merging([Results.Part(path: "huge.jsonl", results: Results(of: header))])
    }
    #expect(error?.id == "results-incomplete")
    #expect(error?.message.contains("4294967296 of them are missing: 0, 1, 2, 3") == true)
  }
}
