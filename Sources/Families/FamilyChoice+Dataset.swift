import Checkpoint
import Diagnostics

extension FamilyChoice {
  /// The data that the model was trained on, and what settled it where the tensors do not.
  static func dataset(
    _ family: any Family, _ recognition: Recognition, _ options: ModelImport.Options,
    _ settings: Settings
  ) throws(Diagnostic) -> (Dataset, String?) {
    if let name = options.variant {
      guard let dataset = Dataset(named: name), recognition.datasets.contains(dataset) else {
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
    for (found, source) in evidence(family, recognition, settings) {
      if let group = groups.first(where: { !found.isDisjoint(with: $0) }),
        let dataset = group.first(where: found.contains)
      {
        return (dataset, source)
      }
    }
    throw .ambiguousVariant(family, recognition)
  }

  /// The dataset that a flag, the args or the file's name names, and which of them.
  static func namedDataset(
    _ options: ModelImport.Options, _ settings: Settings
  ) -> (dataset: Dataset, source: String)? {
    if let dataset = options.variant.flatMap(Dataset.init(named:)) {
      return (dataset, "flag --variant")
    }
    if case .text(let name)? = settings.hints["dataset"], let dataset = Dataset(namedIn: name) {
      return (dataset, "checkpoint \(settings.hintsName) 'dataset'")
    }
    return Dataset(namedIn: settings.fileName.text).map { ($0, "the file's name") }
  }

  /// What speaks for some datasets of several groups, the surest first, with its name.
  private static func evidence(
    _ family: any Family, _ recognition: Recognition, _ settings: Settings
  ) -> [(Set<Dataset>, String)] {
    var evidence: [(Set<Dataset>, String)] = []
    let named = namedDataset(ModelImport.Options(), settings)
    // The args know; a file's name comes after what the flags say of sizes.
    if let named, settings.hints["dataset"] != nil {
      evidence.append(([named.dataset], named.source))
    }
    if let (datasets, source) = family.evidence(in: settings) {
      evidence.append((datasets, source))
    }
    if let size = settings.knownImageSize {
      // CIFAR's images have one size; ImageNet's are cut to any.
      let candidates = recognition.likely.joined()
      let exact = candidates.filter { family.imageSize(for: $0) == size }
      evidence.append((Set(exact.isEmpty ? [.imagenet] : exact), "the image size \(size)"))
    }
    if let named { evidence.append(([named.dataset], named.source)) }
    if let preset = family.presets.first(where: { $0.isAlone(in: recognition) }) {
      evidence.append(([preset.dataset], "the size of \(preset.name)"))
    }
    return evidence
  }
}

extension Settings {
  /// Takes the preset that is asked for, or the one whose shapes these tensors have.
  ///
  /// - Throws: `wrong-preset`.
  mutating func choosePreset(_ name: String?, for choice: FamilyChoice) throws(Diagnostic) {
    let presets = choice.family.presets
    guard let asked = presets.first(where: { $0.name == name }) else {
      preset = presets.first { $0.fits(choice.recognition) && $0.dataset == choice.dataset }
      return
    }
    guard asked.fits(choice.recognition), asked.dataset == choice.dataset else {
      throw .wrongPreset(asked, choice)
    }
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
  fileprivate static func wrongVariant(_ name: String, _ datasets: [Dataset]) -> Diagnostic {
    .error(
      "wrong-variant",
      "the tensors are not those of the variant '\(escaped(name))'",
      notes: ["they can be of: \(datasets.map(\.rawValue).joined(separator: ", "))"])
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

  fileprivate static func wrongPreset(_ preset: Preset, _ choice: FamilyChoice) -> Diagnostic {
    .error(
      "wrong-preset",
      "the preset \(preset.name) is \(preset.dataset.rawValue), depth \(preset.depth), width "
        + "\(preset.width), and the checkpoint is \(choice.dataset.rawValue), depth "
        + "\(choice.recognition.depth), width \(choice.recognition.width)")
  }
}
