public import Checkpoint
import Diagnostics

/// The hyper-parameters that a checkpoint's tensors do not hold, and where each came from.
///
/// Flags beat the checkpoint's `args`, which beat a preset, which beats a default of the code.
public struct Settings: Sendable {
  /// A hyper-parameter.
  public enum Key: String, CaseIterable, Sendable {
    case heads = "heads"
    case timeSteps = "time steps"
    case imageSize = "image size"
    case tau = "tau"
    case attentionScale = "attention scale"

    /// The flag of `snnc import` that sets it.
    public var flag: String {
      switch self {
      case .heads: "--heads"
      case .timeSteps: "--time-steps"
      case .imageSize: "--image-size"
      case .tau: "--tau"
      case .attentionScale: "--attention-scale"
      }
    }

    /// The names under which training scripts keep it in their `args`.
    fileprivate var hints: [String] {
      switch self {
      case .heads: ["num_heads"]
      case .timeSteps: ["time_steps", "time_step", "T"]
      case .imageSize: ["img_size"]
      case .tau, .attentionScale: []
      }
    }
  }

  /// A value that was settled, and by what.
  public struct Decision: Sendable {
    /// The hyper-parameter.
    public let key: Key
    /// Its value, as text.
    public let value: String
    /// Where it came from, in words.
    public let source: String
  }

  /// The largest number that a setting may be.
  private static let maximum = 1 << 20

  /// What the flags say.
  public let flags: [Key: Double]

  /// What the checkpoint's `args` say.
  public let hints: [String: Hint]

  /// The preset that was asked for or that fits the shapes.
  public internal(set) var preset: Preset?

  /// Whether the preset was asked for, and so settles everything it holds.
  public internal(set) var isPresetChosen = false

  /// What has been settled, in order.
  public private(set) var decisions: [Decision] = []

  /// Creates settings from flags and hints.
  public init(flags: [Key: Double], hints: [String: Hint]) {
    self.flags = flags
    self.hints = hints
  }

  /// Settles a whole number of at least 1.
  ///
  /// - Parameters:
  ///   - fallback: the code's default; `nil` where there is none that could be relied on.
  ///   - advice: what to say where nothing settles it.
  /// - Throws: `unsettled` where nothing settles it, or `bad-setting`.
  mutating func integer(
    _ key: Key, fallback: Int?, advice: String
  ) throws(Diagnostic) -> Int {
    let number = try real(key, fallback: fallback.map(Double.init), advice: advice)
    guard let value = Int(exactly: number), (1...Self.maximum).contains(value) else {
      throw .badSetting(key, number, isFlag: flags[key] != nil)
    }
    return value
  }

  /// Settles a real number, rounded to binary32 as PyTorch's arithmetic takes it.
  ///
  /// - Throws: `unsettled` where nothing settles it.
  mutating func real(
    _ key: Key, fallback: Double?, advice: String = ""
  ) throws(Diagnostic) -> Double {
    let (value, source) = try settle(key, fallback, advice)
    let text = Int(exactly: value).map(String.init) ?? "\(value)"
    decisions.append(Decision(key: key, value: text, source: source))
    return Double(Float(value))
  }

  /// Returns the value of the first that knows it: flag, args, preset, default.
  private func settle(
    _ key: Key, _ fallback: Double?, _ advice: String
  ) throws(Diagnostic) -> (Double, String) {
    if let value = flags[key] { return (value, "flag \(key.flag)") }
    for name in key.hints {
      guard let value = hints[name]?.number else { continue }
      return (value, "checkpoint args '\(name)'")
    }
    if let preset, let value = preset[key], isPresetChosen || !preset.unsettled.contains(key) {
      return (value, "preset \(preset.name)")
    }
    guard let fallback else { throw .unsettled(key, advice) }
    return (fallback, "default of the authors' code")
  }
}

extension Hint {
  /// The number that this is, or that all of a list are, as in `img_size=(224, 224)`.
  fileprivate var number: Double? {
    switch self {
    case .integer(let value): return Double(value)
    case .real(let value): return value
    case .list(let values):
      let numbers = Set(values.map(\.number))
      return numbers.count == 1 ? numbers.first ?? nil : nil
    case .text, .boolean, .none: return nil
    }
  }
}

extension Preset {
  /// What this preset holds for `key`; `nil` where it holds nothing.
  fileprivate subscript(key: Settings.Key) -> Double? {
    switch key {
    case .heads: Double(heads)
    case .timeSteps: Double(timeSteps)
    case .imageSize: Double(imageSize)
    case .tau, .attentionScale: nil
    }
  }
}

extension Diagnostic {
  fileprivate static func unsettled(_ key: Settings.Key, _ advice: String) -> Diagnostic {
    .error(
      "unsettled", "the number of \(key.rawValue) is not in the checkpoint, and must be given",
      notes: ["pass \(key.flag) N: \(advice)"])
  }

  fileprivate static func badSetting(
    _ key: Settings.Key, _ value: Double, isFlag: Bool
  ) -> Diagnostic {
    let text = Int(exactly: value).map(String.init) ?? "\(value)"
    return .error(
      "bad-setting",
      "the \(key.rawValue) must be a whole number from 1 to 1048576, not \(text)",
      notes: [isFlag ? "it came from the flag \(key.flag)" : "pass \(key.flag) N"],
      status: isFlag ? .usage : .badData)
  }
}
