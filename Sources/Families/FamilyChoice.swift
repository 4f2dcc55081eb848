import Diagnostics

/// Which family a checkpoint is of, and what settled it.
struct FamilyChoice {
  /// The family.
  let family: any Family

  /// The variant and why.
  private(set) var recognition: Recognition

  /// A flag, the tensors or the file's name, in words.
  private(set) var source: String

  /// Chooses the family of `tensors`.
  ///
  /// - Throws: `unknown-family` (exit status 64), `wrong-family`, `unrecognized`, `wrong-variant`,
  ///   or `ambiguous-family` where several families have these keys and shapes and neither a flag
  ///   nor the file's name settles it.
  init(
    _ tensors: TensorShapes, fileName: String, _ options: ModelImport.Options
  ) throws(Diagnostic) {
    if let name = options.family ?? Self.family(ofPreset: options.preset) {
      guard let family = Families.all.first(where: { $0.name == name }) else {
        throw .unknownFamily(name)
      }
      guard let recognition = family.recognize(tensors) else {
        throw .wrongFamily(family, tensors)
      }
      try self.init(
        family, recognition, options,
        source: options.family == nil ? "flag --preset" : "flag --arch")
      return
    }
    for family in Families.all {
      guard let recognition = family.recognize(tensors) else { continue }
      guard !recognition.rivals.isEmpty else {
        try self.init(family, recognition, options, source: "the tensors")
        return
      }
      let candidates = [family.name] + recognition.rivals
      guard Self.candidate(namedIn: fileName, candidates) == family.name else {
        throw .ambiguous(candidates, recognition)
      }
      try self.init(family, recognition, options, source: "the file's name")
      return
    }
    throw .unrecognized(Families.likeness(of: tensors))
  }

  /// A choice whose variant a flag may still change.
  private init(
    _ family: any Family, _ recognition: Recognition, _ options: ModelImport.Options,
    source: String
  ) throws(Diagnostic) {
    self.family = family
    self.recognition = recognition
    self.source = source
    guard let variant = options.variant else { return }
    guard recognition.variants.contains(variant) else {
      throw .wrongVariant(variant, recognition.variants)
    }
    self.recognition.variant = variant
    self.source = "\(source), the variant by flag --variant"
  }

  /// The family that has the preset `name`.
  private static func family(ofPreset name: String?) -> String? {
    Families.all.first { $0.presets.contains { $0.name == name } }?.name
  }

  /// The candidate that the file's name settles on: it holds the words of that one alone.
  ///
  /// `spikingformer-cml` has all words of `spikingformer`, so the one with most words wins.
  private static func candidate(namedIn fileName: String, _ candidates: [String]) -> String? {
    let words = Set(
      fileName.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
    let matching = candidates.filter {
      words.isSuperset(of: $0.split(separator: "-").map(String.init))
    }
    return matching.max { $0.count < $1.count }
  }
}

extension Settings {
  /// Takes the preset that is asked for, or the one whose shapes these tensors have.
  ///
  /// - Throws: `unknown-preset` (exit status 64) or `wrong-preset`.
  mutating func choosePreset(
    _ name: String?, for choice: FamilyChoice
  ) throws(Diagnostic) {
    guard let name else {
      preset = choice.family.presets.first { $0.fits(choice.recognition) }
      return
    }
    let presets = choice.family.presets
    guard let asked = presets.first(where: { $0.name == name }) else {
      throw .unknownPreset(name, presets.map(\.name))
    }
    guard asked.fits(choice.recognition) else { throw .wrongPreset(asked, choice.recognition) }
    preset = asked
    isPresetChosen = true
  }
}

extension Preset {
  /// Whether it is of the variant, the width and the depth that were recognised.
  fileprivate func fits(_ recognition: Recognition) -> Bool {
    variant == recognition.variant && width == recognition.width && depth == recognition.depth
  }
}

extension Diagnostic {
  fileprivate static func unknownFamily(_ name: String) -> Diagnostic {
    .error(
      "unknown-family", "there is no family '\(escaped(name))'",
      notes: ["the families are: \(Families.all.map(\.name).joined(separator: ", "))"],
      status: .usage)
  }

  fileprivate static func wrongFamily(_ family: any Family, _ tensors: TensorShapes) -> Diagnostic {
    let missing = family.landmarks.filter { $0.allSatisfy { tensors[$0] == nil } }
    var notes = missing.map { "missing: \($0.joined(separator: " or "))" }
    if let likeness = Families.likeness(of: tensors), !likeness.contains(family.name) {
      notes.append("they look like \(likeness)")
    }
    return .error(
      "wrong-family", "the tensors are not those of \(family.name)",
      notes: notes + ["snnc inspect lists them"])
  }

  fileprivate static func wrongVariant(_ name: String, _ variants: [String]) -> Diagnostic {
    .error(
      "wrong-variant",
      "the tensors are not those of the variant '\(escaped(name))'",
      notes: ["they can be of: \(variants.joined(separator: ", "))"])
  }

  fileprivate static func unrecognized(_ likeness: String?) -> Diagnostic {
    guard let likeness else {
      return .error(
        "unrecognized", "the tensors are of no family that snnc imports",
        notes: ["snnc inspect lists them"])
    }
    let isOurs = Families.all.contains { likeness.hasPrefix($0.name) }
    return .error(
      "unrecognized",
      isOurs
        ? "the tensors look like \(likeness), but some that tell its size are missing or misshapen"
        : "the tensors look like \(likeness), which snnc does not import yet",
      notes: ["snnc inspect lists them"])
  }

  fileprivate static func ambiguous(
    _ candidates: [String], _ recognition: Recognition
  ) -> Diagnostic {
    .error(
      "ambiguous-family",
      "the tensors fit \(candidates.joined(separator: " and ")), and nothing in the file tells "
        + "them apart",
      notes: ["recognised by: \(recognition.reason)"]
        + candidates.map { candidate in
          Families.all.contains { $0.name == candidate }
            ? "pass --arch \(candidate) if that is what was trained"
            : "\(candidate) is not imported yet"
        })
  }

  fileprivate static func unknownPreset(_ name: String, _ presets: [String]) -> Diagnostic {
    .error(
      "unknown-preset", "there is no preset '\(escaped(name))'",
      notes: ["the presets are: \(presets.joined(separator: ", "))"], status: .usage)
  }

  fileprivate static func wrongPreset(
    _ preset: Preset, _ found: Recognition
  ) -> Diagnostic {
    .error(
      "wrong-preset",
      "the preset \(preset.name) is \(preset.variant) \(preset.depth)-\(preset.width), and the "
        + "checkpoint is \(found.variant) \(found.depth)-\(found.width)")
  }
}
