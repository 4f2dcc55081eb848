public import Diagnostics
public import SpikeIR

/// How pictures are prepared for a module, and where each value is known from.
///
/// The module's metadata, which an import takes from the checkpoint's `args`, beats what the family's
/// authors do for the module's variant.
public struct PictureSettings: Sendable {
  /// The values, `mean` and `std` having one for each channel.
  public let values: PicturePreset

  /// The number of channels: 1 for grey, 3 for colours.
  public let channels: Int

  /// The height and width of the input.
  public let size: Int

  /// The values and their sources, in words, for the user.
  public let decisions: [(name: String, value: String, source: String)]

  /// The smallest part of a picture that may be kept, which bounds the work of resizing it.
  private static let leastCrop = 0.1

  /// Decides for `module`.
  ///
  /// - Throws: `no-picture-input` where the module's input is no square picture;
  ///   `picture-settings` where a value is not known, or is none.
  public init(for module: Module) throws(Diagnostic) {
    let extents = module.input.shape.extents
    guard !module.input.isTimed, extents.count == 3, [1, 3].contains(extents[0]),
      extents[1] == extents[2]
    else { throw .noPictureInput(module) }
    (channels, size) = (extents[0], extents[1])
    let count = extents[0]
    let list = count == 1 ? "one number" : "\(count) numbers, or one"
    var values = Values(of: module, size: extents[1])
    // Statistics of another number of channels, as of digits trained like CIFAR-10, are none.
    let fits = values.preset?.mean.count == count
    self.values = PicturePreset(
      mean: try values.value("mean", fits ? values.preset?.mean : nil, list) {
        Values.numbers($0, count)
      },
      std: try values.value("std", fits ? values.preset?.std : nil, "\(list), above 0") {
        Values.numbers($0, count).flatMap { $0.allSatisfy { Float($0) > 0 } ? $0 : nil }
      },
      cropFraction: try values.value(
        "crop_pct", values.preset?.cropFraction, "from \(Self.leastCrop) to 1"
      ) { Double($0).flatMap { (Self.leastCrop...1).contains($0) ? $0 : nil } },
      interpolation: try values.value(
        "interpolation", values.preset?.interpolation,
        PicturePreset.Interpolation.allCases.map(\.rawValue).joined(separator: " or ")
      ) { PicturePreset.Interpolation(rawValue: $0) })
    decisions = values.decisions
  }
}

/// What is known of a module: its metadata, and what the authors of its family do.
private struct Values {
  private let module: Module

  /// What the family's authors do for the module's variant; `nil` where neither is known.
  let preset: PicturePreset?

  /// What was decided, in order.
  private(set) var decisions: [(name: String, value: String, source: String)] = []

  init(of module: Module, size: Int) {
    self.module = module
    let family = Families.all.first { $0.name == module.metadata("family") }
    preset = module.metadata("variant").flatMap(Dataset.init(rawValue:)).flatMap {
      family?.pictures(of: $0, imageSize: size)
    }
  }

  /// The value of the metadata's `key`, else of the preset.
  mutating func value<Value>(
    _ key: String, _ preset: Value?, _ rule: String, _ parse: (String) -> Value?
  ) throws(Diagnostic) -> Value {
    // Of an argument that was not given, training scripts keep None or nothing.
    if let text = module.metadata(key), !["none", ""].contains(text) {
      guard let value = parse(text) else { throw .badSetting(key, text, rule) }
      decisions.append((key, "\(value)", "the module's metadata"))
      return value
    }
    guard let preset else { throw .noSetting(key) }
    let name = "\(module.metadata("family") ?? ""), \(module.metadata("variant") ?? "")"
    decisions.append((key, "\(preset)", "the authors' code of \(name)"))
    return preset
  }

  /// The `count` numbers of `[1, 2.5]`; of one number, that many of it.
  static func numbers(_ text: String, _ count: Int) -> [Double]? {
    var list = text[...]
    if list.first == "[" && list.last == "]" { list = list.dropFirst().dropLast() }
    let items = list.split(separator: ",", omittingEmptySubsequences: false)
    let values = items.compactMap { item in Double(item.drop { $0 == " " }) }
    guard values.count == items.count, values.allSatisfy(\.isFinite) else { return nil }
    if values.count == 1 { return [Double](repeating: values[0], count: count) }
    return values.count == count ? values : nil
  }
}

extension Diagnostic {
  fileprivate static func noPictureInput(_ module: Module) -> Diagnostic {
    let (input, steps) = (module.input, module.timeSteps)
    let extents = (input.isTimed ? [steps] : []) + input.shape.extents
    return .error(
      "no-picture-input",
      "a picture is for a module that takes [1 or 3, N, N], and this one takes \(extents)",
      notes: [
        input.isTimed ? "its input is frames of events" : "give an array, FILE.npy"
      ])
  }

  fileprivate static func noSetting(_ key: String) -> Diagnostic {
    .error(
      "picture-settings", "how pictures are prepared is not known of this module: no '\(key)'",
      notes: [
        "its metadata may say it, as in: meta \"\(key)\" = \"\(example(of: key))\"",
        "or prepare the pictures yourself, and give an array, FILE.npy",
      ])
  }

  fileprivate static func badSetting(_ key: String, _ text: String, _ rule: String) -> Diagnostic {
    .error(
      "picture-settings",
      "the module's metadata '\(key)' must be \(rule), and is '\(escaped(text))'")
  }

  private static func example(of key: String) -> String {
    switch key {
    case "crop_pct": "0.875"
    case "interpolation": "bicubic"
    default: "[0.5, 0.5, 0.5]"
    }
  }
}
