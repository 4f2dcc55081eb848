public import Diagnostics
public import SpikeIR

/// A family of models: how to know its checkpoints, and how to build its modules.
///
/// To add a family: write one file with a type that conforms to this protocol, and add it to
/// `Families.all`. What the weights cannot say stands in its presets and defaults.
public protocol Family: Sendable {
  /// What the checkpoint's shapes and the settings make of a model.
  associatedtype Configuration: Sendable

  /// The name, as `--arch` takes it.
  var name: String { get }

  /// One sentence on the family, with the source of its definition.
  var summary: String { get }

  /// What an import has to be told where neither the checkpoint's args nor a preset say it.
  var needs: String { get }

  /// The published sizes.
  var presets: [Preset] { get }

  /// The tensors by which a checkpoint of this family is known; of each list, one must be there.
  var landmarks: [[String]] { get }

  /// What these tensors are, of which `landmarks` are there; `nil` where a size cannot be told.
  func recognize(_ tensors: TensorShapes) -> Recognition?

  /// The height and width that the authors train on.
  func imageSize(for dataset: Dataset) -> Int

  /// What a setting of this family alone says of the dataset, and where it stands.
  func evidence(in settings: Settings) -> (datasets: Set<Dataset>, source: String)?

  /// How the authors prepare pictures of a dataset for a network of that image size when they test
  /// it; `nil` for frames of events.
  func pictures(of dataset: Dataset, imageSize: Int) -> PicturePreset?

  /// The tensors of a published size that `recognize` and `configure` look at.
  func shapes(of preset: Preset) -> TensorShapes

  /// Whether a tensor of that name may stand in a checkpoint without being used by the network.
  func isUnused(_ name: String) -> Bool

  /// Decides what the model is, from the tensors' shapes and the settings.
  func configure(
    _ tensors: TensorShapes, for dataset: Dataset, _ settings: inout Settings
  ) throws(Diagnostic) -> Configuration

  /// Builds the module, asking `source` for each tensor that the network uses.
  func build(
    _ configuration: Configuration, named name: String, from source: any TensorSource
  ) throws(Diagnostic) -> Module

  /// What the user should know of models of this kind.
  func notes(on configuration: Configuration) -> [String]
}

extension Family {
  /// The size that most of the authors train on.
  public func imageSize(for dataset: Dataset) -> Int { dataset.imageSize }

  /// No setting says anything.
  public func evidence(in settings: Settings) -> (datasets: Set<Dataset>, source: String)? { nil }

  /// What most of the authors do.
  public func pictures(of dataset: Dataset, imageSize: Int) -> PicturePreset? {
    .usual(for: dataset)
  }

  /// Every tensor is used.
  public func isUnused(_ name: String) -> Bool { false }

  /// Nothing.
  public func notes(on configuration: Configuration) -> [String] { [] }

  /// The network of a published size from shapes alone: the tensors that it asks for, and its
  /// module, whose weights have no numbers.
  ///
  /// - Throws: what `configure` and `build` throw, where a preset does not fit its family.
  public func outline(
    of preset: Preset
  ) throws(Diagnostic) -> (tensors: [(name: String, shape: [Int])], module: Module) {
    let shapes = shapes(of: preset)
    var settings = Settings(choosing: preset)
    let configuration = try configure(shapes, for: preset.dataset, &settings)
    let recorder = TensorRecorder()
    let module = try build(configuration, named: preset.name, from: recorder)
    return (recorder.requests, module)
  }

  /// The datasets that models of this family were published for.
  public var datasets: [Dataset] {
    Dataset.allCases.filter { dataset in presets.contains { $0.dataset == dataset } }
  }
}
