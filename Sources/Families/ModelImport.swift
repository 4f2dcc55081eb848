public import Checkpoint
public import Diagnostics
public import SpikeIR

/// A checkpoint turned into a module, and what was decided on the way.
public struct ModelImport: Sendable {
  /// What the command line says about an import.
  public struct Options: Sendable {
    /// The family, as `--arch` names it; `nil` where none is given.
    public var family: String?
    /// The variant, as `--variant` names it; `nil` where none is given.
    public var variant: String?
    /// The preset, as `--preset` names it; `nil` where none is given.
    public var preset: String?
    /// The hyper-parameters that are given.
    public var flags: [Settings.Key: Hint]

    /// Creates options.
    public init(
      family: String? = nil, variant: String? = nil, preset: String? = nil,
      flags: [Settings.Key: Hint] = [:]
    ) {
      self.family = family
      self.variant = variant
      self.preset = preset
      self.flags = flags
    }
  }

  /// A count of tensors and of the parameters in them; statistics of batch norms are no parameters.
  public struct ParameterCount: Sendable {
    /// How many tensors.
    public var tensors = 0
    /// How many learned numbers.
    public var parameters = 0
  }

  /// The largest extent of a tensor; products of two stay far from overflow.
  fileprivate static let maximumExtent = 1 << 24

  /// The module, as the authors' code computes it.
  public let module: Module

  /// The family.
  public let family: String

  /// Why it was recognised.
  public let recognition: Recognition

  /// The variant: the data that the model was trained on.
  public let dataset: Dataset

  /// What settled family and variant: a flag, the tensors, the file's name.
  public let familySource: String

  /// What the user should know of models of this kind.
  public let notes: [String]

  /// What the user may have meant otherwise.
  public let warnings: [Diagnostic]

  /// The hyper-parameters and where each came from.
  public let decisions: [Settings.Decision]

  /// What the network uses.
  public let used: ParameterCount

  /// What is in the checkpoint and not in the network.
  public let unused: ParameterCount

  /// The names of the unused tensors, in the file's order.
  public let unusedNames: [String]

  /// Imports `checkpoint`, which was read from a file of the base name `name`.
  ///
  /// - Throws: what keeps the family, a hyper-parameter or a tensor from being known.
  public init(
    _ checkpoint: Checkpoint, named name: String, _ options: Options
  ) throws(Diagnostic) {
    for tensor in checkpoint.stateDict.tensors
    where !tensor.shape.allSatisfy((1...Self.maximumExtent).contains) {
      throw .tensorExtent(tensor)
    }
    let tensors = TensorShapes(
      checkpoint.stateDict.tensors.map { ($0.name.description, $0.shape) })
    var settings = Settings(
      flags: options.flags, hints: checkpoint.hints, hintsName: checkpoint.hintsName,
      fileName: name)
    let choice = try FamilyChoice(tensors, options, settings)
    try settings.choosePreset(options.preset, for: choice)
    self = try Self.build(choice.family, choice, checkpoint, tensors, name, &settings)
  }

  /// Imports with a family of a known type.
  private static func build<F: Family>(
    _ family: F, _ choice: FamilyChoice, _ checkpoint: Checkpoint, _ tensors: TensorShapes,
    _ name: String, _ settings: inout Settings
  ) throws(Diagnostic) -> ModelImport {
    let configuration = try family.configure(tensors, for: choice.dataset, &settings)
    let recorder = TensorRecorder()
    do throws(Diagnostic) {
      _ = try family.build(configuration, named: name, from: recorder)
    } catch {
      // What cannot be built is best explained by the tensors that were asked for until then.
      _ = try check(
        recorder.requests, against: tensors, for: family.name, isUnused: { _ in true })
      throw error
    }
    let unusedNames = try check(
      recorder.requests, against: tensors, for: family.name, isUnused: family.isUnused)
    let module = try family.build(
      configuration, named: name, from: StateDictSource(checkpoint.stateDict))
    return ModelImport(
      module: module.describing(family.name, choice.dataset, settings, checkpoint),
      family: family.name, recognition: choice.recognition, dataset: choice.dataset,
      familySource: choice.source, notes: family.notes(on: configuration),
      warnings: warnings(choice, settings, module),
      decisions: settings.decisions,
      used: count(recorder.requests),
      unused: count(unusedNames.map { ($0, tensors[$0] ?? []) }), unusedNames: unusedNames)
  }

  /// What speaks against the choice, what a flag says in vain, and what is no more than a guess.
  private static func warnings(
    _ choice: FamilyChoice, _ settings: Settings, _ module: Module
  ) -> [Diagnostic] {
    let settled = Set(settings.decisions.map(\.key))
    let idle = Settings.Key.allCases.filter { settings.flags[$0] != nil && !settled.contains($0) }
    let channels = module.input.shape[0]
    return choice.objections
      + (choice.dataset.channels == channels ? [] : [.otherChannels(channels, choice.dataset)])
      + idle.map { .idleFlag($0, choice.family.name) } + settings.guesses.map { .guess($0) }
  }

  /// Creates an import from its parts.
  private init(
    module: Module, family: String, recognition: Recognition, dataset: Dataset,
    familySource: String, notes: [String], warnings: [Diagnostic], decisions: [Settings.Decision],
    used: ParameterCount,
    unused: ParameterCount, unusedNames: [String]
  ) {
    self.module = module
    self.family = family
    self.recognition = recognition
    self.dataset = dataset
    self.familySource = familySource
    self.notes = notes
    self.warnings = warnings
    self.decisions = decisions
    self.used = used
    self.unused = unused
    self.unusedNames = unusedNames
  }

  /// Checks that what a network asks for is there, in its shape, and that nothing is left over.
  ///
  /// Names are in printable ASCII, as `TensorShapes` has them.
  ///
  /// - Returns: the names of tensors that the network is known not to use.
  static func check(
    _ requests: [(name: String, shape: [Int])], against tensors: TensorShapes,
    for network: String, isUnused: (String) -> Bool
  ) throws(Diagnostic) -> [String] {
    var problems: [String] = []
    for (name, shape) in requests {
      guard let found = tensors[name] else {
        problems.append("missing: \(name) \(shape)")
        continue
      }
      if found != shape { problems.append("shape: \(name) is \(found), not \(shape)") }
    }
    let requested = Set(requests.map(\.name))
    var unused: [String] = []
    for name in tensors.names where !requested.contains(name) {
      unused.append(name)
      if !name.hasSuffix(".num_batches_tracked") && !isUnused(name) {
        problems.append("left over: \(name) \(tensors[name] ?? [])")
      }
    }
    guard problems.isEmpty else { throw .misfit(network, problems, tensors) }
    return unused
  }

  /// Counts tensors and the parameters in them.
  public static func count(_ tensors: [(name: String, shape: [Int])]) -> ParameterCount {
    var count = ParameterCount(tensors: tensors.count)
    let statistics = [".running_mean", ".running_var", ".num_batches_tracked"]
    for (name, shape) in tensors where !statistics.contains(where: name.hasSuffix) {
      count.parameters += shape.reduce(1, *)
    }
    return count
  }
}

extension Diagnostic {
  fileprivate static func tensorExtent(_ tensor: Tensor) -> Diagnostic {
    .error(
      "tensor-extent",
      "every extent of a tensor must be 1 to \(ModelImport.maximumExtent), and its shape is "
        + "\(tensor.shape)",
      at: tensor.name.location)
  }

  fileprivate static func otherChannels(_ channels: Int, _ dataset: Dataset) -> Diagnostic {
    .warning(
      "other-channels",
      "samples of \(dataset.rawValue) have \(dataset.channels) channels, and this network's input "
        + "has \(channels)",
      notes: ["pass --variant if it was trained on other data"])
  }

  fileprivate static func guess(_ decision: Settings.Decision) -> Diagnostic {
    .warning(
      "guess",
      "the \(decision.key.rawValue) are taken to be \(decision.value), and no published model has "
        + "this size",
      notes: ["pass \(decision.key.flag) N with the number that the model was trained with"])
  }

  fileprivate static func idleFlag(_ key: Settings.Key, _ family: String) -> Diagnostic {
    .warning("idle-flag", "the flag \(key.flag) settles nothing of \(family)")
  }

  /// The error of tensors that do not fit the network; the first ones are listed.
  fileprivate static func misfit(
    _ network: String, _ problems: [String], _ tensors: TensorShapes
  ) -> Diagnostic {
    let limit = 8
    var notes = Array(problems.prefix(limit))
    if problems.count > limit { notes.append("and \(problems.count - limit) more") }
    let likeness = Families.likeness(of: tensors)
    if !likeness.isEmpty, !likeness.contains(network) {
      notes.append("the tensors look like \(likeness.joined(separator: " or "))")
    }
    return problems.count == 1
      ? .error(
        "misfit", "a tensor does not fit \(network): \(problems[0])",
        notes: Array(notes.dropFirst())
      )
      : .error("misfit", "\(problems.count) tensors do not fit \(network)", notes: notes)
  }
}
