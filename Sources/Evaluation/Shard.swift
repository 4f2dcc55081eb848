public import Diagnostics

/// One of N parts of an evaluation, which together have every sample once: `I/N`.
///
/// Sample k is of shard k modulo N, counted from 1. Neighbours so go to different shards, and
/// where the samples stand class by class, every shard has of every class.
public struct Shard: Hashable, Sendable, CustomStringConvertible {
  /// The most parts that there can be.
  public static let largestCount = 1_000_000

  /// The shard that is everything.
  public static let whole = Shard(number: 1, count: 1)

  /// Which part this is, from 1.
  public let number: Int

  /// The number of parts.
  public let count: Int

  /// Creates part `number` of `count`.
  ///
  /// - Precondition: `number` is in `1...count`, and `count` is at most `largestCount`.
  public init(number: Int, count: Int) {
    precondition(1...Self.largestCount ~= count && 1...count ~= number, "a shard is I of N")
    self.number = number
    self.count = count
  }

  /// Reads `I/N`.
  ///
  /// - Throws: `bad-shard` (exit status 64).
  public init(parsing text: String) throws(Diagnostic) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.allSatisfy(\.isASCIIDigit) ? Int($0) : nil }
    guard parts.count == 2, numbers.count == 2, 1...Self.largestCount ~= numbers[1],
      1...numbers[1] ~= numbers[0]
    else { throw .badShard(text) }
    self.init(number: numbers[0], count: numbers[1])
  }

  /// `I/N`.
  public var description: String { "\(number)/\(count)" }

  /// The samples of this shard, of `total` in all, ascending.
  public func samples(of total: Int) -> StrideTo<Int> {
    stride(from: number - 1, to: total, by: count)
  }

  /// The number of samples of this shard, of `total` in all.
  public func size(of total: Int) -> Int {
    total < number ? 0 : (total - number) / count + 1
  }

  /// Whether `sample` is of this shard.
  public func contains(_ sample: Int) -> Bool {
    sample >= 0 && sample % count == number - 1
  }

  /// The sample that stands at `position` among those of this shard.
  func sample(at position: Int) -> Int { number - 1 + position * count }
}

extension Character {
  /// Whether this is one of 0 to 9.
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) && isASCII }
}

extension Diagnostic {
  fileprivate static func badShard(_ text: String) -> Diagnostic {
    .error(
      "bad-shard",
      "a shard is I/N with I from 1 to N and N up to \(Shard.largestCount), not '\(escaped(text))'",
      notes: ["the second of four parts is: --shard 2/4"], status: .usage)
  }
}
