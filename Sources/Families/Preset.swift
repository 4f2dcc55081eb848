/// A published size of a family, with what its checkpoints do not record.
public struct Preset: Sendable {
  /// The name, as `--preset` takes it.
  public let name: String
  /// The data that it was trained on.
  public let dataset: Dataset
  /// The width of the last block, or of the first layer where there are no blocks of one width.
  public let width: Int
  /// The number of blocks.
  public let depth: Int
  /// The number of attention heads; `nil` where there is no attention.
  public let heads: Int?
  /// The number of time steps.
  public let timeSteps: Int
  /// The height and width of the input.
  public let imageSize: Int
  /// How shortcuts join spikes, where there are several ways: no shapes show it.
  public let connect: String?
  /// The published number of parameters, in millions; `nil` where none was published.
  public let parameters: Double?
  /// Settings that were published in several ways, so that equal shapes alone do not settle them.
  public let unsettled: Set<Settings.Key>

  /// Creates a preset.
  package init(
    _ name: String, _ dataset: Dataset, width: Int, depth: Int, heads: Int?, timeSteps: Int,
    imageSize: Int? = nil, parameters: Double? = nil, connect: String? = nil,
    unsettled: Set<Settings.Key> = []
  ) {
    self.name = name
    self.dataset = dataset
    self.width = width
    self.depth = depth
    self.heads = heads
    self.timeSteps = timeSteps
    self.imageSize = imageSize ?? dataset.imageSize
    self.parameters = parameters
    self.connect = connect
    self.unsettled = unsettled
  }

  /// What this preset holds for `key`; `nil` where it holds nothing.
  subscript(key: Settings.Key) -> Double? {
    switch key {
    case .heads: heads.map(Double.init)
    case .timeSteps: Double(timeSteps)
    case .imageSize: Double(imageSize)
    case .tau, .attentionScale, .connect, .pooling: nil
    }
  }
}
