public import Checkpoint
import Diagnostics

/// The hyper-parameters that a checkpoint's tensors do not hold, and where each came from.
///
/// Flags beat the checkpoint's `args`, which beat a preset, which beats the file's name, which beats
/// a default of the code.
public struct Settings: Sendable {
  /// A hyper-parameter.
  public enum Key: String, CaseIterable, Sendable {
    case heads = "heads"
    case timeSteps = "time steps"
    case imageSize = "image size"
    case tau = "tau"
    case attentionScale = "attention scale"
    case connect = "connect function"
    case pooling = "pooling stages"

    /// The flag of `snnc import` that sets it.
    public var flag: String {
      switch self {
      case .heads: "--heads"
      case .timeSteps: "--time-steps"
      case .imageSize: "--image-size"
      case .tau: "--tau"
      case .attentionScale: "--attention-scale"
      case .connect: "--connect"
      case .pooling: "--pooling-stat"
      }
    }

    /// The names under which training scripts keep it in their `args`.
    fileprivate var hints: [String] {
      switch self {
      case .heads: ["num_heads"]
      case .timeSteps: ["time_steps", "time_step", "T"]
      case .imageSize: ["img_size", "input_size"]
      case .connect: ["connect_f"]
      case .pooling: ["pooling_stat"]
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
  fileprivate static let maximum = 1 << 20

  /// What the flags say.
  public let flags: [Key: Hint]

  /// What the checkpoint's `args` say.
  public let hints: [String: Hint]

  /// The checkpoint's file name.
  let fileName: FileName

  /// Where the hints stand in the checkpoint.
  let hintsName: String

  /// The preset that was asked for or that fits the shapes.
  public internal(set) var preset: Preset?

  /// Whether the preset was asked for, and so settles what else was published in several ways.
  public internal(set) var isPresetChosen = false

  /// What has been settled, in order.
  public private(set) var decisions: [Decision] = []

  /// Creates settings from flags, hints, where those stand, and the name of the checkpoint's file.
  public init(
    flags: [Key: Hint], hints: [String: Hint], hintsName: String = "args", fileName: String = ""
  ) {
    self.flags = flags
    self.hints = hints
    self.hintsName = hintsName
    self.fileName = FileName(fileName)
  }

  /// Creates the settings of a published model.
  init(choosing preset: Preset) {
    self.init(flags: [:], hints: [:])
    self.preset = preset
    isPresetChosen = true
  }

  /// The image size that a flag or the checkpoint's `args` say; `nil` where neither does.
  var knownImageSize: Int? {
    known(.imageSize).flatMap { $0.value.number }.flatMap { Int(exactly: $0) }
  }

  /// Settles a whole number of at least 1.
  ///
  /// - Parameters:
  ///   - fallback: the code's default; `nil` where there is none that could be relied on.
  ///   - advice: what to say where nothing settles it; of no use with a fallback.
  /// - Throws: `unsettled` where nothing settles it, or `bad-setting`.
  mutating func integer(
    _ key: Key, fallback: Int?, advice: String = ""
  ) throws(Diagnostic) -> Int {
    let number = try real(key, fallback: fallback.map(Double.init), advice: advice)
    guard let value = Int(exactly: number), (1...Self.maximum).contains(value) else {
      throw .badNumber(key, number, isFlag: flags[key] != nil)
    }
    return value
  }

  /// Settles a whole number that the authors' code writes down, whatever the script's arguments
  /// say: a flag alone changes it.
  ///
  /// - Throws: `bad-setting`.
  mutating func integer(_ key: Key, constant: Int) throws(Diagnostic) -> Int {
    guard flags[key] == nil else { return try integer(key, fallback: nil) }
    decisions.append(
      Decision(key: key, value: "\(constant)", source: "constant of the authors' code"))
    return constant
  }

  /// Settles the neurons' time constant, in steps.
  ///
  /// - Throws: `bad-setting` where it is below 1 or no number.
  mutating func tau(fallback: Double) throws(Diagnostic) -> Double {
    let tau = try real(.tau, fallback: fallback)
    guard tau.isFinite, tau >= 1 else {
      throw .bad(.tau, "a number of at least 1", "\(tau)", isFlag: flags[.tau] != nil)
    }
    return tau
  }

  /// Settles what attention's sums are multiplied by.
  ///
  /// - Throws: `bad-setting` where it is no number.
  mutating func attentionScale(fallback: Double) throws(Diagnostic) -> Double {
    let scale = try real(.attentionScale, fallback: fallback)
    guard scale.isFinite else {
      throw .bad(
        .attentionScale, "a finite number", "\(scale)", isFlag: flags[.attentionScale] != nil)
    }
    return scale
  }

  /// Settles a real number, rounded to binary32 as PyTorch's arithmetic takes it.
  ///
  /// - Throws: `unsettled` where nothing settles it, or `bad-setting` where a hint is no number.
  private mutating func real(
    _ key: Key, fallback: Double?, advice: String = ""
  ) throws(Diagnostic) -> Double {
    let settled: (value: Double, source: String)
    if let (hint, source) = known(key) {
      guard let number = hint.number else {
        throw .bad(key, "a number", hint.description, isFlag: flags[key] != nil)
      }
      settled = (number, source)
    } else if let preset, let number = preset[key],
      isPresetChosen || !preset.unsettled.contains(key)
    {
      settled = (number, "preset \(preset.name)")
    } else if let fallback {
      settled = (fallback, Self.codesDefault)
    } else {
      throw .unsettled(key, advice)
    }
    let text = Int(exactly: settled.value).map(String.init) ?? "\(settled.value)"
    decisions.append(Decision(key: key, value: text, source: settled.source))
    return Double(Float(settled.value))
  }

  /// Settles one of several words.
  ///
  /// - Parameters:
  ///   - choices: the words; they are told apart without regard to case.
  ///   - isInName: whether the file's name may say it.
  ///   - fallback: the code's default; `nil` where there is none that could be relied on.
  ///   - advice: what to say where nothing settles it; of no use with a fallback.
  /// - Throws: `unsettled` where nothing settles it, or `bad-setting`.
  mutating func word(
    _ key: Key, of choices: [String], isInName: Bool = false, fallback: String? = nil,
    advice: String = ""
  ) throws(Diagnostic) -> String {
    let settled: (value: String, source: String)
    if let (hint, source) = known(key) {
      settled = (hint.text, source)
    } else if key == .connect, isPresetChosen, let preset, let value = preset.connect {
      settled = (value, "preset \(preset.name)")
    } else if isInName, let named = fileName.choice(of: choices) {
      settled = (named, "the file's name")
    } else if let fallback {
      settled = (fallback, Self.codesDefault)
    } else {
      throw .unsettled(key, advice)
    }
    guard let choice = choices.first(where: { $0.lowercased() == settled.value.lowercased() })
    else { throw .badWord(key, settled.value, choices, isFlag: flags[key] != nil) }
    decisions.append(Decision(key: key, value: choice, source: settled.source))
    return choice
  }

  /// What a flag or the checkpoint's `args` say, and which of them.
  func known(_ key: Key) -> (value: Hint, source: String)? {
    if let value = flags[key] { return (value, "flag \(key.flag)") }
    for name in key.hints {
      guard let value = hints[name], value.number != nil || value.isText else { continue }
      return (value, "checkpoint \(hintsName) '\(name)'")
    }
    return nil
  }

  private static let codesDefault = "default of the authors' code"

  /// The settings that are no more than a guess: the code's default for a size that nobody
  /// published, though other sizes were published with other values.
  var guesses: [Decision] {
    guard preset == nil else { return [] }
    return decisions.filter { $0.key == .heads && $0.source == Self.codesDefault }
  }
}

extension Diagnostic {
  fileprivate static func unsettled(_ key: Settings.Key, _ advice: String) -> Diagnostic {
    .error(
      "unsettled", "the setting '\(key.rawValue)' is not in the checkpoint, and must be given",
      notes: ["pass \(key.flag): \(advice)"])
  }

  fileprivate static func badNumber(
    _ key: Settings.Key, _ value: Double, isFlag: Bool
  ) -> Diagnostic {
    let text = Int(exactly: value).map(String.init) ?? "\(value)"
    return .bad(key, "a whole number from 1 to \(Settings.maximum)", text, isFlag: isFlag)
  }

  fileprivate static func badWord(
    _ key: Settings.Key, _ value: String, _ choices: [String], isFlag: Bool
  ) -> Diagnostic {
    .bad(key, choices.joined(separator: ", "), "'\(escaped(value))'", isFlag: isFlag)
  }

  fileprivate static func bad(
    _ key: Settings.Key, _ wanted: String, _ found: String, isFlag: Bool
  ) -> Diagnostic {
    .error(
      "bad-setting", "the \(key.rawValue) must be \(wanted), not \(found)",
      notes: [isFlag ? "it came from the flag \(key.flag)" : "pass \(key.flag)"],
      status: isFlag ? .usage : .badData)
  }
}
