/// What became of one sample.
public struct SampleResult: Hashable, Sendable {
  /// An output with its value.
  public struct Ranked: Hashable, Sendable {
    /// The number of the output.
    public let output: Int
    /// Its value.
    public let logit: Float

    /// Creates one.
    public init(output: Int, logit: Float) {
      self.output = output
      self.logit = logit
    }
  }

  /// What the model made of it.
  public enum Outcome: Hashable, Sendable {
    /// The highest outputs, the highest first, and the spikes of all layers and steps.
    case scored(best: [Ranked], spikes: Int)
    /// It could not be read, for the reason that is given.
    case broken(String)
  }

  /// How many of the highest outputs are kept.
  public static let bestCount = 5

  /// The number of the sample among all that are evaluated, from 0.
  public let index: Int

  /// The name, such as the path within the folder of the data.
  public let name: String

  /// The right answer.
  public let label: Int

  /// What became of it.
  public let outcome: Outcome

  /// Creates a result.
  public init(index: Int, name: String, label: Int, outcome: Outcome) {
    self.index = index
    self.name = name
    self.label = label
    self.outcome = outcome
  }

  /// The highest of finite `outputs`, the highest first; of equals the one that comes first.
  public static func best(of outputs: [Float]) -> [Ranked] {
    var best: [Ranked] = []
    for (output, logit) in outputs.enumerated() {
      let place = best.firstIndex { $0.logit < logit } ?? best.count
      guard place < bestCount else { continue }
      best.insert(Ranked(output: output, logit: logit), at: place)
      if best.count > bestCount { best.removeLast() }
    }
    return best
  }

  /// The place of the label among the highest outputs, from 0; `nil` where it is not there.
  public var rank: Int? {
    guard case .scored(let best, _) = outcome else { return nil }
    return best.firstIndex { $0.output == label }
  }
}
