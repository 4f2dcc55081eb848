import Checkpoint
public import Diagnostics

/// Which family a checkpoint is of, on which data it was trained, and what settled both.
struct FamilyChoice {
  /// The family.
  let family: any Family

  /// What it says of the tensors.
  let recognition: Recognition

  /// The data that the model was trained on.
  let dataset: Dataset

  /// What settled them, in words: a flag, the tensors, the checkpoint's args, the file's name.
  let source: String

  /// Another family that the file's name names; `nil` where it names none, or this one.
  let otherName: String?

  /// Chooses the family of `tensors`.
  ///
  /// - Throws: `unknown-family` (exit status 64), `wrong-family`, `unrecognized`, `wrong-variant`;
  ///   `ambiguous-family` or `ambiguous-variant` where the tensors fit several and nothing else
  ///   settles it.
  init(
    _ tensors: TensorShapes, fileName: String, _ options: ModelImport.Options, _ settings: Settings
  ) throws(Diagnostic) {
    let asked = options.family ?? Self.family(ofPreset: options.preset)
    let (family, recognition, source) =
      if let asked {
        try Self.choose(asked, tensors, isFlag: options.family != nil)
      } else {
        try Self.choose(among: tensors, fileName)
      }
    self.family = family
    self.recognition = recognition
    let named = Self.family(namedIn: fileName, Families.all.map(\.name))
    otherName = named == family.name ? nil : named
    let (dataset, reason) = try Self.dataset(family, recognition, fileName, options, settings)
    self.dataset = dataset
    self.source = reason.map { "\(source), the variant by \($0)" } ?? source
  }

  /// The family that a flag names.
  private static func choose(
    _ name: String, _ tensors: TensorShapes, isFlag: Bool
  ) throws(Diagnostic) -> (any Family, Recognition, String) {
    guard let family = Families.all.first(where: { $0.name == name }) else {
      throw .unknownFamily(name)
    }
    guard tensors.hold(family.landmarks), let recognition = family.recognize(tensors) else {
      throw .wrongFamily(family, tensors)
    }
    return (family, recognition, isFlag ? "flag --arch" : "flag --preset")
  }

  /// The family that the tensors fit, or of several the one that the file's name settles on.
  private static func choose(
    among tensors: TensorShapes, _ fileName: String
  ) throws(Diagnostic) -> (any Family, Recognition, String) {
    var candidates: [(any Family, Recognition)] = []
    for family in Families.all where tensors.hold(family.landmarks) {
      if let recognition = family.recognize(tensors) { candidates.append((family, recognition)) }
    }
    guard let first = candidates.first else {
      throw .unrecognized(Families.likeness(of: tensors))
    }
    guard candidates.count > 1 else { return (first.0, first.1, "the tensors") }
    let names = candidates.map(\.0.name)
    guard let name = family(namedIn: fileName, names),
      let named = candidates.first(where: { $0.0.name == name })
    else { throw .ambiguousFamily(names, first.1) }
    return (named.0, named.1, "the file's name")
  }

  /// The family that has the preset `name`.
  private static func family(ofPreset name: String?) -> String? {
    Families.all.first { $0.presets.contains { $0.name == name } }?.name
  }

  /// The family of `candidates` that the file's name settles on: it holds the words of that one.
  ///
  /// `spikingformer-cml` has all words of `spikingformer`, so the one with most words wins.
  private static func family(namedIn fileName: String, _ candidates: [String]) -> String? {
    let words = Set(
      fileName.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
    let matching = candidates.filter {
      words.isSuperset(of: $0.split(separator: "-").map(String.init))
    }
    return matching.max { $0.count < $1.count }
  }
}

// MARK: - The dataset

extension FamilyChoice {
  /// The data that the model was trained on, and what settled it where the tensors do not.
  private static func dataset(
    _ family: any Family, _ recognition: Recognition, _ fileName: String,
    _ options: ModelImport.Options, _ settings: Settings
  ) throws(Diagnostic) -> (Dataset, String?) {
    if let name = options.variant {
      guard let dataset = Dataset(namedIn: name), recognition.datasets.contains(dataset) else {
        throw .wrongVariant(name, recognition.datasets)
      }
      return (dataset, "flag --variant")
    }
    if let preset = family.presets.first(where: { $0.name == options.preset }) {
      // Whether it fits is checked where the preset is taken.
      return (preset.dataset, nil)
    }
    let groups = recognition.likely
    guard groups.count > 1 else { return (groups[0][0], nil) }
    for (found, source) in evidence(family, recognition, fileName, settings) {
      if let group = groups.first(where: { !found.isDisjoint(with: $0) }),
        let dataset = group.first(where: found.contains)
      {
        return (dataset, source)
      }
    }
    throw .ambiguousVariant(family, recognition)
  }

  /// What speaks for some datasets of several groups, the surest first, with its name.
  private static func evidence(
    _ family: any Family, _ recognition: Recognition, _ fileName: String, _ settings: Settings
  ) -> [(Set<Dataset>, String)] {
    var evidence: [(Set<Dataset>, String)] = []
    if case .text(let name)? = settings.hints["dataset"], let dataset = Dataset(namedIn: name) {
      evidence.append(([dataset], "checkpoint \(settings.hintsName) 'dataset'"))
    }
    if let size = settings.knownImageSize {
      // CIFAR's images have one size; ImageNet's are cut to any.
      let candidates = recognition.likely.joined()
      let exact = candidates.filter { family.imageSize(for: $0) == size }
      evidence.append((Set(exact.isEmpty ? [.imagenet] : exact), "the image size \(size)"))
    }
    if let dataset = Dataset(namedIn: fileName) {
      evidence.append(([dataset], "the file's name"))
    }
    if let preset = family.presets.first(where: { $0.isAlone(in: recognition) }) {
      evidence.append(([preset.dataset], "the size of \(preset.name)"))
    }
    return evidence
  }
}

extension Settings {
  /// Takes the preset that is asked for, or the one whose shapes these tensors have.
  ///
  /// - Throws: `unknown-preset` (exit status 64) or `wrong-preset`.
  mutating func choosePreset(
    _ name: String?, for choice: FamilyChoice
  ) throws(Diagnostic) {
    let presets = choice.family.presets
    guard let name else {
      preset = presets.first { $0.fits(choice.recognition) && $0.dataset == choice.dataset }
      return
    }
    guard let asked = presets.first(where: { $0.name == name }) else {
      throw .unknownPreset(name, presets.map(\.name))
    }
    guard asked.fits(choice.recognition) else { throw .wrongPreset(asked, choice.recognition) }
    preset = asked
    isPresetChosen = true
  }
}

extension Preset {
  /// Whether it is of a dataset, the width and the depth that were recognised.
  fileprivate func fits(_ recognition: Recognition) -> Bool {
    recognition.datasets.contains(dataset) && width == recognition.width
      && depth == recognition.depth
  }

  /// Whether it fits as the likeliest of its group: by the number of classes, too.
  fileprivate func isAlone(in recognition: Recognition) -> Bool {
    fits(recognition) && recognition.likely.contains { $0.first == dataset }
  }
}

extension Diagnostic {
  /// The error of a name that no family has.
  public static func unknownFamily(_ name: String) -> Diagnostic {
    .error(
      "unknown-family", "there is no family '\(escaped(name))'",
      notes: [
        "the families are: \(Families.all.map(\.name).joined(separator: ", "))",
        "the text of your own architecture is a file that ends in .snnir",
      ],
      status: .usage)
  }

  fileprivate static func wrongFamily(_ family: any Family, _ tensors: TensorShapes) -> Diagnostic {
    let missing = family.landmarks.filter { $0.allSatisfy { tensors[$0] == nil } }
    var notes = missing.map { "missing: \($0.joined(separator: " or "))" }
    if missing.isEmpty { notes.append("some that tell its size are missing or misshapen") }
    if let likeness = Families.likeness(of: tensors), likeness != family.name {
      notes.append("they look like \(likeness)")
    }
    return .error(
      "wrong-family", "the tensors are not those of \(family.name)",
      notes: notes + ["snnc inspect lists them"])
  }

  fileprivate static func wrongVariant(_ name: String, _ datasets: [Dataset]) -> Diagnostic {
    .error(
      "wrong-variant",
      "the tensors are not those of the variant '\(escaped(name))'",
      notes: ["they can be of: \(datasets.map(\.rawValue).joined(separator: ", "))"])
  }

  fileprivate static func unrecognized(_ likeness: String?) -> Diagnostic {
    .error(
      "unrecognized",
      likeness.map {
        "the tensors look like \($0), but some that tell its size are missing or misshapen"
      } ?? "the tensors are of no family that snnc imports",
      notes: ["snnc inspect lists them"])
  }

  fileprivate static func ambiguousFamily(
    _ candidates: [String], _ recognition: Recognition
  ) -> Diagnostic {
    .error(
      "ambiguous-family",
      "the tensors fit \(candidates.joined(separator: " and ")), and nothing in the file tells "
        + "them apart",
      notes: ["recognised by: \(recognition.reason)"]
        + candidates.map { "pass --arch \($0) if that is what was trained" })
  }

  fileprivate static func ambiguousVariant(
    _ family: any Family, _ recognition: Recognition
  ) -> Diagnostic {
    let names = recognition.likely.joined().map(\.rawValue)
    return .error(
      "ambiguous-variant",
      "the tensors fit the variants \(names.joined(separator: ", ")) of \(family.name), which are "
        + "computed differently, and nothing in the file tells them apart",
      notes: ["recognised by: \(recognition.reason)"]
        + recognition.likely.map { group in
          "pass --variant \(group[0].rawValue), or --image-size "
            + "\(family.imageSize(for: group[0])), if that is what it was trained on"
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
    let datasets = found.datasets.map(\.rawValue).joined(separator: " or ")
    return .error(
      "wrong-preset",
      "the preset \(preset.name) is \(preset.dataset.rawValue), depth \(preset.depth), width "
        + "\(preset.width), and the checkpoint is \(datasets), depth \(found.depth), width "
        + "\(found.width)")
  }
}
