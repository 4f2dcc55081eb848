import Diagnostics
import Evaluation
import Testing

/// How samples are dealt to shards.
@Suite struct ShardTests {
  @Test("all shards together have every sample once, in parts that differ by one at most")
  func partition() {
    for total in 0..<40 {
      for count in 1..<12 {
        let shards = (1...count).map { Shard(number: $0, count: count) }
        let parts = shards.map { Array($0.samples(of: total)) }
        #expect(parts.flatMap(\.self).sorted() == Array(0..<total))
        #expect(parts.map(\.count) == shards.map { $0.size(of: total) })
        #expect((parts.map(\.count).max() ?? 0) - (parts.map(\.count).min() ?? 0) <= 1)
        for (shard, part) in zip(shards, parts) {
          #expect((-2..<total).filter(shard.contains) == part)
        }
      }
    }
  }

  @Test("neighbours are of different shards")
  func neighbours() {
    #expect(Array(Shard(number: 2, count: 4).samples(of: 11)) == [1, 5, 9])
  }

  @Test(
    "I/N is read",
    arguments: [("1/1", 1, 1), ("2/4", 2, 4), ("1000000/1000000", 1_000_000, 1_000_000)])
  func parsing(_ text: String, _ number: Int, _ count: Int) throws {
    let shard = try Shard(parsing: text)
    #expect((shard.number, shard.count) == (number, count))
    #expect(shard.description == text)
  }

  @Test(
    "anything else is refused",
    arguments: [
      "", "1", "/", "1/", "/4", "0/4", "5/4", "-1/4", "+1/4", "1/0", "1/2/3", "1 /4", "a/b",
      "1/1000001", "1/99999999999999999999", "١/٤",
    ])
  func refusals(_ text: String) {
    let error = #expect(throws: Diagnostic.self) { try Shard(parsing: text) }
    #expect(error?.id == "bad-shard")
    #expect(error?.status == .usage)
  }
}
