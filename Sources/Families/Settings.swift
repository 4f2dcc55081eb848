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
    guard let value = Int(exactly: number), value >= 1, value <= 1 << 20 else {
      throw .badSetting(key, number, "a whole number of at least 1")
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
      switch hints[name] {
      case .integer(let value): return (Double(value), "checkpoint args '\(name)'")
      case .real(let value): return (value, "checkpoint args '\(name)'")
      default: continue
      }
    }
    if let preset, let value = preset[key], isPresetChosen || !preset.unsettled.contains(key) {
      return (value, "preset \(preset.name)")
    }
    guard let fallback else { throw .unsettled(key, advice) }
    return (fallback, "default of the authors' code")
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
    _ key: Settings.Key, _ value: Double, _ rule: String
  ) -> Diagnostic {
    .error("bad-setting", "the \(key.rawValue) must be \(rule), not \(value)")
  }
}
