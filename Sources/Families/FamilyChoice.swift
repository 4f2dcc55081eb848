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

  /// What the file's name or the args say against this choice.
  let objections: [Diagnostic]

  /// A family with what it says of the tensors.
  private typealias Candidate = (family: any Family, recognition: Recognition)

  /// Chooses the family of `tensors`.
  ///
  /// - Throws: `unknown-family` or `unknown-preset` (exit status 64), `wrong-family`,
  ///   `unrecognized`, `wrong-variant`, `wrong-preset`; `ambiguous-family` or `ambiguous-variant`
  ///   where the tensors fit several and nothing else settles it.
  init(
    _ tensors: TensorShapes, _ options: ModelImport.Options, _ settings: Settings
  ) throws(Diagnostic) {
    let owner = try Self.owner(ofPreset: options.preset)
    let chosen: Candidate
    let familySource: String
    if let name = options.family {
      (chosen, familySource) = (try Self.named(name, tensors), "flag --arch")
    } else if let owner {
      (chosen, familySource) = (try Self.candidate(owner, tensors), "flag --preset")
    } else {
      (chosen, familySource) = try Self.choose(among: tensors, options, settings)
    }
    (family, recognition) = chosen
    if let owner, owner.name != chosen.family.name, let preset = options.preset {
      throw .foreignPreset(preset, owner.name, chosen.family.name)
    }
    let (dataset, reason) = try Self.dataset(family, recognition, options, settings)
    self.dataset = dataset
    source = reason.map { "\(familySource), the variant by \($0)" } ?? familySource
    objections = Self.objections(to: chosen, options, settings)
  }

  /// The family of a name, if the tensors are its own.
  private static func named(
    _ name: String, _ tensors: TensorShapes
  ) throws(Diagnostic) -> Candidate {
    guard let family = Families.all.first(where: { $0.name == name }) else {
      throw .unknownFamily(name)
    }
    return try candidate(family, tensors)
  }

  /// `family`, if the tensors are its own.
  private static func candidate(
    _ family: any Family, _ tensors: TensorShapes
  ) throws(Diagnostic) -> Candidate {
    guard tensors.hold(family.landmarks), let recognition = family.recognize(tensors) else {
      throw .wrongFamily(family, tensors)
    }
    return (family, recognition)
  }

  /// The family that the tensors fit; of several the ones that can be of the data that is named,
  /// and of these the one that the file's name settles on.
  private static func choose(
    among tensors: TensorShapes, _ options: ModelImport.Options, _ settings: Settings
  ) throws(Diagnostic) -> (Candidate, String) {
    var candidates: [Candidate] = []
    for family in Families.all where tensors.hold(family.landmarks) {
      if let recognition = family.recognize(tensors) { candidates.append((family, recognition)) }
    }
    guard let first = candidates.first else { throw .unrecognized(tensors) }
    guard candidates.count > 1 else { return (first, "the tensors") }
    let names = candidates.map(\.family.name)
    let named = settings.fileName.family(among: names)
    if let (dataset, source) = namedDataset(options, settings) {
      let fitting = candidates.filter { $0.recognition.datasets.contains(dataset) }
      if fitting.count == 1, named == nil || named == fitting[0].family.name {
        return (fitting[0], "the tensors and \(source)")
      }
      // Where the name means a family that cannot be of the data, nothing is sure.
      candidates = fitting.isEmpty ? candidates : fitting
    }
    guard let chosen = candidates.first(where: { $0.family.name == named }) else {
      throw .ambiguousFamily(names, first.recognition)
    }
    return (chosen, "the file's name")
  }

  /// The family that has the preset `name`; `nil` where none is asked for.
  private static func owner(ofPreset name: String?) throws(Diagnostic) -> (any Family)? {
    try name.map { (name) throws(Diagnostic) in try Families.preset(named: name).family }
  }

  /// What the file's name or the args say against a choice that flags have not settled.
  private static func objections(
    to chosen: Candidate, _ options: ModelImport.Options, _ settings: Settings
  ) -> [Diagnostic] {
    var objections: [Diagnostic] = []
    let family = chosen.family.name
    if let other = settings.fileName.family(among: Families.all.map(\.name)), other != family {
      objections.append(.otherName(other, family))
    }
    if options.variant == nil, let (dataset, source) = namedDataset(options, settings),
      !chosen.recognition.likely.joined().contains(dataset)
    {
      objections.append(.otherDataset(dataset, source, family, chosen.recognition))
    }
    return objections
  }
}

extension Diagnostic {
  /// The error of a name that no family has.
  public static func unknownFamily(_ name: String) -> Diagnostic {
    .error(
      "unknown-family", "there is no family '\(escaped(name))'",
      notes: ["the families are: \(Families.all.map(\.name).joined(separator: ", "))"],
      status: .usage)
  }

  fileprivate static func wrongFamily(_ family: any Family, _ tensors: TensorShapes) -> Diagnostic {
    var notes = family.landmarks.filter { !tensors.hold([$0]) }
      .map { "missing: \($0.joined(separator: " or "))" }
    if notes.isEmpty {
      notes.append("the names are, but not the shapes of some that tell them apart")
    }
    let likeness = Families.likeness(of: tensors).filter { $0 != family.name }
    if !likeness.isEmpty { notes.append("they look like \(likeness.joined(separator: " or "))") }
    return .error(
      "wrong-family", "the tensors are not those of \(family.name)",
      notes: notes + ["snnc inspect lists them"])
  }

  fileprivate static func unrecognized(_ tensors: TensorShapes) -> Diagnostic {
    let notes = [
      "snnc inspect lists them", "snnc help import says how to give a network of your own",
    ]
    guard let (name, missing) = Families.nearest(tensors) else {
      return .error(
        "unrecognized", "the tensors are of no family that snnc imports", notes: notes)
    }
    return .error(
      "unrecognized",
      "the tensors look like \(name), but some that tell its size are missing or misshapen",
      notes: missing.map { "missing: \($0)" } + notes)
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

  fileprivate static func foreignPreset(
    _ preset: String, _ owner: String, _ family: String
  ) -> Diagnostic {
    .error(
      "foreign-preset", "the preset \(preset) is of the family \(owner), not of \(family)",
      notes: ["snnc families \(family) lists its presets"], status: .usage)
  }

  fileprivate static func otherName(_ name: String, _ family: String) -> Diagnostic {
    .warning(
      "other-name", "the file's name says \(name), and this is imported as \(family)",
      notes: ["names of tensors can mislead: compare the result with the authors' code"])
  }

  fileprivate static func otherDataset(
    _ dataset: Dataset, _ source: String, _ family: String, _ recognition: Recognition
  ) -> Diagnostic {
    let likely = recognition.likely.joined().map(\.rawValue).joined(separator: " or ")
    return .warning(
      "other-variant",
      "\(source) says \(dataset.rawValue), and the tensors are those of \(family) for \(likely)",
      notes: ["compare the result with the authors' code"])
  }
}
